package net

import (
	"net/netip"
	"strconv"
)

// IP is an address in its 16-byte form; IPv4 addresses are the mapped ones (::ffff:a.b.c.d). It is a plain
// array so that it can be a map key and compared without looking at anything outside.
type IP [16]byte

// IPv4 makes the address a.b.c.d.
func IPv4(a, b, c, d byte) IP {
	return IP{10: 0xff, 11: 0xff, 12: a, 13: b, 14: c, 15: d}
}

var (
	anyIPv4  = IPv4(0, 0, 0, 0)
	anyIPv6  = IP{}
	loopIPv4 = IPv4(127, 0, 0, 1)
	loopIPv6 = IP{15: 1}
)

// ParseIP reads an address in the usual notation, without a zone.
func ParseIP(s string) (IP, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return IP{}, false
	}
	return a.As16(), true
}

// Is4 reports whether ip is an IPv4 address.
func (ip IP) Is4() bool {
	return ip[10] == 0xff && ip[11] == 0xff && ip[0]|ip[1]|ip[2]|ip[3]|ip[4]|ip[5]|ip[6]|ip[7]|ip[8]|ip[9] == 0
}

// Unspecified reports whether ip stands for every address of a host: 0.0.0.0 or ::.
func (ip IP) Unspecified() bool { return ip == anyIPv4 || ip == anyIPv6 }

// Loopback reports whether ip is ::1 or in 127.0.0.0/8.
func (ip IP) Loopback() bool { return ip == loopIPv6 || ip.Is4() && ip[12] == 127 }

// String returns the usual notation.
func (ip IP) String() string { return netip.AddrFrom16(ip).Unmap().String() }

// Addr is one end of a connection: address and port.
type Addr struct {
	IP   IP
	Port uint16
}

// String returns address:port, with brackets around IPv6 addresses.
func (a Addr) String() string {
	port := strconv.Itoa(int(a.Port))
	if a.IP.Is4() {
		return a.IP.String() + ":" + port
	}
	return "[" + a.IP.String() + "]:" + port
}

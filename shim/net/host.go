package net

import (
	"cmp"
	"slices"
	"syscall"
)

// Host is the network stack of one machine.
type Host struct {
	net      *Network
	number   int
	name     string
	ip       IP // the zero IP: none
	up       bool
	conns    map[flow]*TCP
	waiting  waiting
	broken   map[*TCP]bool // connections that are no more, with a descriptor
	tcp, udp ports
	nextPort uint16
}

// flow identifies a connection on its host.
type flow struct{ local, remote Addr }

// Name returns the host's name.
func (h *Host) Name() string { return h.name }

// IP returns the host's address; it is the zero IP for an isolated host.
func (h *Host) IP() IP { return h.ip }

// Up reports whether the host answers.
func (h *Host) Up() bool { return h.up }

// Crash stops the host without a word to anybody: its sockets are gone, packets to it are lost.
func (h *Host) Crash() {
	h.up = false
	for _, t := range h.connections() {
		t.die()
		if t.peer != nil {
			t.peer.doubt()
		}
	}
	for _, list := range h.tcp {
		for _, e := range list {
			t := e.(*TCP)
			t.state, t.isBound, t.children, t.queue = dead, false, nil, nil
		}
	}
	h.conns, h.waiting, h.broken, h.tcp, h.udp = map[flow]*TCP{}, waiting{}, map[*TCP]bool{}, ports{}, ports{}
}

// Boot brings a crashed host back, with no sockets.
func (h *Host) Boot() { h.up = true }

// connections returns the host's connections in the order of their creation.
func (h *Host) connections() []*TCP {
	all := make([]*TCP, 0, len(h.conns))
	for _, t := range h.conns {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *TCP) int { return cmp.Compare(a.id, b.id) })
	return all
}

// owns reports whether a socket of this host may have the address.
func (h *Host) owns(ip IP) bool {
	return ip.Unspecified() || ip.Loopback() || ip == h.ip && h.ip != IP{}
}

// route finds the machine behind an address, and the address packets to it come from.
func (h *Host) route(to IP) (*Host, IP, syscall.Errno) {
	switch {
	case to == loopIPv6:
		return h, loopIPv6, 0
	case to.Loopback():
		return h, loopIPv4, 0
	case h.ip == IP{}:
		return nil, IP{}, syscall.ENETUNREACH
	case to == h.ip:
		return h, h.ip, 0
	}
	if dst := h.net.byIP[to]; dst != nil {
		return dst, h.ip, 0
	}
	// The machine has one interface and no default route: neighbours that do not exist stay silent when asked
	// for their hardware address, everything further away is unreachable at once.
	if to.Is4() && to[12] == h.ip[12] {
		return nil, h.ip, syscall.EHOSTUNREACH
	}
	return nil, IP{}, syscall.ENETUNREACH
}

// endpoint is a socket that occupies a port.
type endpoint interface {
	bound() Addr
	options() *Options
	exclusive() bool // refuses to share its port even with SO_REUSEADDR
}

// ports holds the sockets bound to each port of one protocol.
type ports map[uint16][]endpoint

func (p ports) remove(e endpoint) {
	port := e.bound().Port
	list := slices.DeleteFunc(p[port], func(o endpoint) bool { return o == e })
	if len(list) == 0 {
		delete(p, port)
	} else {
		p[port] = list
	}
}

// conflict reports whether a socket with these options may not use addr.
func (p ports) conflict(addr Addr, o *Options, self endpoint) bool {
	for _, e := range p[addr.Port] {
		if e == self || !overlap(addr.IP, o.V6Only, e.bound().IP, e.options().V6Only) {
			continue
		}
		if o.ReusePort && e.options().ReusePort {
			continue
		}
		if o.ReuseAddr && e.options().ReuseAddr && !e.exclusive() {
			continue
		}
		return true
	}
	return false
}

// overlap reports whether one packet could be meant for both addresses.
func overlap(a IP, aV6Only bool, b IP, bV6Only bool) bool {
	return covers(a, aV6Only, b) || covers(b, bV6Only, a)
}

// covers reports whether a socket bound to ip receives packets for the address to.
func covers(ip IP, v6only bool, to IP) bool {
	switch ip {
	case to:
		return true
	case anyIPv4:
		return to.Is4()
	case anyIPv6:
		return !v6only || !to.Is4()
	}
	return false
}

// firstEphemeral and ephemerals are Linux's net.ipv4.ip_local_port_range.
const firstEphemeral, ephemerals = 32768, 28232

// ephemeral finds a port nobody uses. The ports are handed out in turn from a seeded start.
func (h *Host) ephemeral(free func(port uint16) bool) (uint16, syscall.Errno) {
	if h.nextPort == 0 {
		h.nextPort = uint16(firstEphemeral + h.net.env.Draw("first ephemeral port of "+h.name, ephemerals))
	}
	for i := 0; i < ephemerals; i++ {
		port := h.nextPort
		h.nextPort++
		if h.nextPort == firstEphemeral+ephemerals {
			h.nextPort = firstEphemeral
		}
		if free(port) {
			return port, 0
		}
	}
	return 0, syscall.EADDRINUSE
}

// lookup finds the socket that receives packets for addr: one bound to exactly that address before one bound
// to all. Several with SO_REUSEPORT share the load by chance.
func (p ports) lookup(env Env, addr Addr, accepts func(endpoint) bool) endpoint {
	var found []endpoint
	exact := false
	for _, e := range p[addr.Port] {
		b := e.bound().IP
		if !covers(b, e.options().V6Only, addr.IP) || !accepts(e) {
			continue
		}
		if b == addr.IP && !exact {
			found, exact = found[:0], true
		}
		if exact == (b == addr.IP) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return found[0]
	}
	return found[env.Draw("reuseport", uint64(len(found)))]
}

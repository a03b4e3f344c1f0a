package shim

import (
	"encoding/binary"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

// netlinkSocket answers the two questions about the machine's interfaces that package net asks, which there
// are, and which addresses they have, and that of servers that look for an address to announce: which routes there
// are. There are two interfaces, lo and eth0, and the route to the network of eth0; none leads further.
type netlinkSocket struct {
	unsupported
	process *process
	answers [][]byte
}

func newNetlinkSocket(p *process) *netlinkSocket { return &netlinkSocket{process: p} }

// link is a network interface.
type link struct {
	index    int32
	name     string
	kind     uint16
	flags    uint32
	mtu      uint32
	hardware []byte
	addrs    []linkAddr
}

type linkAddr struct {
	family byte
	prefix byte
	bytes  []byte
}

func (p *process) links() []link {
	const ether, loopback = 1, 772 // ARPHRD_*
	const up = syscall.IFF_UP | syscall.IFF_RUNNING
	links := []link{{
		index: 1, name: "lo", kind: loopback, flags: up | syscall.IFF_LOOPBACK, mtu: 65536, hardware: make([]byte, 6),
		addrs: []linkAddr{
			{syscall.AF_INET, 8, []byte{127, 0, 0, 1}},
			{syscall.AF_INET6, 128, []byte{15: 1}},
		},
	}}
	if ip := p.node.host.IP(); ip != (net.IP{}) {
		links = append(links, link{
			index: 2, name: "eth0", kind: ether, mtu: 1500, hardware: append([]byte{2, 0}, ip[12:]...),
			flags: up | syscall.IFF_BROADCAST | syscall.IFF_MULTICAST,
			addrs: []linkAddr{{syscall.AF_INET, 8, ip[12:]}},
		})
	}
	return links
}

func (s *netlinkSocket) bind(*process, []byte) syscall.Errno { return 0 }
func (s *netlinkSocket) poll(func(mode byte)) bool           { return true }
func (s *netlinkSocket) readable() bool                      { return len(s.answers) > 0 }
func (s *netlinkSocket) writable() bool                      { return true }
func (s *netlinkSocket) release()                            {}

// name is a sockaddr_nl with the process's number.
func (s *netlinkSocket) name() []byte {
	b := make([]byte, syscall.SizeofSockaddrNetlink)
	binary.NativeEndian.PutUint16(b, syscall.AF_NETLINK)
	binary.NativeEndian.PutUint32(b[4:], uint32(s.process.pid))
	return b
}

func (s *netlinkSocket) Read(_ *openFile, b []byte) (int, syscall.Errno) {
	n, _, _, errno := s.receive(b, false)
	return n, errno
}

func (s *netlinkSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) {
	return s.send(s.process, b, nil)
}

func (s *netlinkSocket) receive(b []byte, peek bool) (n, full int, from []byte, errno syscall.Errno) {
	if len(s.answers) == 0 {
		return 0, 0, nil, syscall.EAGAIN
	}
	answer := s.answers[0]
	if !peek {
		s.answers = s.answers[1:]
	}
	kernel := make([]byte, syscall.SizeofSockaddrNetlink)
	binary.NativeEndian.PutUint16(kernel, syscall.AF_NETLINK)
	return copy(b, answer), len(answer), kernel, 0
}

// send takes one request; the answers are ready at once.
func (s *netlinkSocket) send(p *process, b, _ []byte) (int, syscall.Errno) {
	if len(b) < syscall.NLMSG_HDRLEN {
		return 0, syscall.EINVAL
	}
	kind := binary.NativeEndian.Uint16(b[4:])
	r := reply{sequence: binary.NativeEndian.Uint32(b[8:]), pid: uint32(s.process.pid)}
	switch kind {
	case syscall.RTM_GETLINK:
		for _, l := range p.links() {
			r.link(l)
		}
	case syscall.RTM_GETADDR:
		for _, l := range p.links() {
			for _, a := range l.addrs {
				r.address(l, a)
			}
		}
	case syscall.RTM_GETROUTE:
		for _, l := range p.links() {
			if l.flags&syscall.IFF_LOOPBACK == 0 {
				r.route(l, l.addrs[0])
			}
		}
	default:
		p.node.world.report("netlink request " + decimal(uintptr(kind)))
		r.message(syscall.NLMSG_ERROR, append(failure(syscall.EOPNOTSUPP), b[:syscall.NLMSG_HDRLEN]...))
		s.answers = append(s.answers, r.bytes)
		return len(b), 0
	}
	if len(r.bytes) > 0 {
		s.answers = append(s.answers, r.bytes)
	}
	end := reply{sequence: r.sequence, pid: r.pid}
	end.message(syscall.NLMSG_DONE, make([]byte, 4))
	s.answers = append(s.answers, end.bytes)
	return len(b), 0
}

func failure(errno syscall.Errno) []byte {
	return binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
}

// reply is a sequence of netlink messages.
type reply struct {
	sequence, pid uint32
	bytes         []byte
}

func (r *reply) message(kind uint16, body []byte) {
	e := binary.NativeEndian
	r.bytes = e.AppendUint32(r.bytes, uint32(syscall.NLMSG_HDRLEN+len(body)))
	r.bytes = e.AppendUint16(r.bytes, kind)
	r.bytes = e.AppendUint16(r.bytes, syscall.NLM_F_MULTI)
	r.bytes = e.AppendUint32(r.bytes, r.sequence)
	r.bytes = e.AppendUint32(r.bytes, r.pid)
	r.bytes = pad(append(r.bytes, body...))
}

func (r *reply) link(l link) {
	e := binary.NativeEndian
	body := []byte{syscall.AF_UNSPEC, 0}
	body = e.AppendUint16(body, l.kind)
	body = e.AppendUint32(body, uint32(l.index))
	body = e.AppendUint32(body, l.flags)
	body = e.AppendUint32(body, 0)
	body = attribute(body, syscall.IFLA_ADDRESS, l.hardware)
	body = attribute(body, syscall.IFLA_IFNAME, append([]byte(l.name), 0))
	body = attribute(body, syscall.IFLA_MTU, e.AppendUint32(nil, l.mtu))
	r.message(syscall.RTM_NEWLINK, body)
}

func (r *reply) address(l link, a linkAddr) {
	body := []byte{a.family, a.prefix, 0, 0}
	body = binary.NativeEndian.AppendUint32(body, uint32(l.index))
	body = attribute(body, syscall.IFA_ADDRESS, a.bytes)
	if a.family == syscall.AF_INET {
		body = attribute(body, syscall.IFA_LOCAL, a.bytes)
		body = attribute(body, syscall.IFA_LABEL, append([]byte(l.name), 0))
	}
	r.message(syscall.RTM_NEWADDR, body)
}

// route is the route to the network of an interface.
func (r *reply) route(l link, a linkAddr) {
	e := binary.NativeEndian
	body := []byte{a.family, a.prefix, 0, 0, syscall.RT_TABLE_MAIN, syscall.RTPROT_KERNEL, syscall.RT_SCOPE_LINK, syscall.RTN_UNICAST}
	body = e.AppendUint32(body, 0)
	body = attribute(body, syscall.RTA_DST, []byte{a.bytes[0], 0, 0, 0}) // all networks here are 10.0.0.0/8
	body = attribute(body, syscall.RTA_OIF, e.AppendUint32(nil, uint32(l.index)))
	body = attribute(body, syscall.RTA_PREFSRC, a.bytes)
	r.message(syscall.RTM_NEWROUTE, body)
}

func attribute(b []byte, kind uint16, value []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(4+len(value)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	return pad(append(b, value...))
}

// pad aligns to four bytes.
func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

package shim

import (
	"strconv"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

const socketFlags = syscall.SOCK_NONBLOCK | syscall.SOCK_CLOEXEC

const mptcp = 262 // IPPROTO_MPTCP

func sysSocket(p *process, a args) (uintptr, syscall.Errno) {
	s, errno := p.newSocket(int(a[0]), int(a[1])&^socketFlags, int(a[2]))
	if errno != 0 {
		return 0, errno
	}
	return p.installSocket(s, a[1])
}

// newSocket makes a socket. A kind that is not modelled is reported.
func (p *process) newSocket(family, kind, proto int) (socket, syscall.Errno) {
	stream, datagram := kind == syscall.SOCK_STREAM, kind == syscall.SOCK_DGRAM
	switch family {
	case syscall.AF_INET, syscall.AF_INET6:
		switch {
		case stream && (proto == 0 || proto == syscall.IPPROTO_TCP):
			return newTCPSocket(p.node.host.NewTCP(), family), 0
		case datagram && (proto == 0 || proto == syscall.IPPROTO_UDP):
			return newUDPSocket(p.node.host.NewUDP(), family), 0
		case stream && proto == mptcp:
			return nil, syscall.EPROTONOSUPPORT // package net then takes TCP
		case stream || datagram:
			p.node.world.report("socket protocol " + strconv.Itoa(proto))
			return nil, syscall.EPROTONOSUPPORT
		}
	case syscall.AF_UNIX:
		if unixKind(kind) {
			return newUnixSocket(p.node, net.NewUnix(kind)), 0
		}
	case syscall.AF_NETLINK:
		if proto == syscall.NETLINK_ROUTE {
			return newNetlinkSocket(p), 0
		}
		p.node.world.report("netlink protocol " + strconv.Itoa(proto))
		return nil, syscall.EPROTONOSUPPORT
	default:
		p.node.world.report("socket family " + familyName(family))
		return nil, syscall.EAFNOSUPPORT
	}
	p.node.world.report("socket type " + strconv.Itoa(kind))
	return nil, syscall.ESOCKTNOSUPPORT
}

func (p *process) installSocket(s socket, flags uintptr) (uintptr, syscall.Errno) {
	f := &openFile{object: s, flags: syscall.O_RDWR | int(flags)&syscall.SOCK_NONBLOCK, path: "socket:"}
	return p.install(f, flags&syscall.SOCK_CLOEXEC != 0)
}

func familyName(family int) string {
	if family == syscall.AF_PACKET {
		return "AF_PACKET"
	}
	return strconv.Itoa(family)
}

func sysBind(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	addr, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	return 0, s.bind(p, addr)
}

func sysListen(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	return 0, s.listen(int(int32(a[1])))
}

func sysAccept4(p *process, a args) (uintptr, syscall.Errno) {
	f, s, errno := p.socket(a[0])
	switch {
	case errno != 0:
		return 0, errno
	case a[3]&^socketFlags != 0:
		return 0, syscall.EINVAL
	case p.full():
		return 0, syscall.EMFILE // before a connection is taken out of the queue for nothing
	}
	var conn socket
	_, errno = f.repeat("accept", func() (_ int, errno syscall.Errno) {
		conn, errno = s.accept()
		return 0, errno
	})
	if errno != 0 {
		return 0, errno
	}
	remote, _ := conn.peer()
	fd, errno := p.installSocket(conn, a[3])
	if errno != 0 {
		return 0, errno
	}
	return fd, putAddress(remote, a[1], a[2])
}

func sysAccept(p *process, a args) (uintptr, syscall.Errno) {
	return sysAccept4(p, args{a[0], a[1], a[2]})
}

func sysConnect(p *process, a args) (uintptr, syscall.Errno) {
	f, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	addr, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	for errno = s.connect(p, addr); errno == syscall.EAGAIN && !f.nonblocking(); errno = s.connect(p, addr) {
		f.await("connect") // until the backlog of a unix socket has room
	}
	if errno != syscall.EINPROGRESS || f.nonblocking() {
		return 0, errno
	}
	for !s.writable() && !s.readable() {
		f.await("connect")
	}
	return 0, s.takeError()
}

func sysGetsockname(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	return 0, putAddress(s.name(), a[1], a[2])
}

func sysGetpeername(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	addr, errno := s.peer()
	if errno != 0 {
		return 0, errno
	}
	return 0, putAddress(addr, a[1], a[2])
}

func sysShutdown(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	switch {
	case errno != 0:
		return 0, errno
	case a[1] > syscall.SHUT_RDWR:
		return 0, syscall.EINVAL
	}
	return 0, s.shutdown(a[1] != syscall.SHUT_WR, a[1] != syscall.SHUT_RD)
}

// send is sendto and sendmsg.
func (p *process) send(fd uintptr, b, to []byte, flags uintptr) (uintptr, syscall.Errno) {
	f, s, errno := p.socket(fd)
	if errno != 0 {
		return 0, errno
	}
	if len(to) == 0 {
		to = nil
	}
	total := 0
	for {
		n, errno := s.send(p, b[total:], to)
		total += n
		switch {
		case errno == syscall.EAGAIN && !f.nonblocking() && flags&syscall.MSG_DONTWAIT == 0:
			f.await("send")
		case errno != 0 && total == 0:
			return 0, errno
		case errno != 0 || total == len(b) || f.nonblocking():
			return uintptr(total), 0
		}
	}
}

// received is what recvfrom and recvmsg got.
type received struct {
	n    uintptr
	from []byte
	cut  bool // a message was longer than the room for it
}

func (p *process) receive(fd uintptr, b []byte, flags uintptr) (r received, errno syscall.Errno) {
	f, s, errno := p.socket(fd)
	if errno != 0 {
		return r, errno
	}
	op := func() (int, syscall.Errno) {
		n, full, from, errno := s.receive(b, flags&syscall.MSG_PEEK != 0)
		r.cut, r.from = full > n, from
		if flags&syscall.MSG_TRUNC != 0 {
			n = full
		}
		return n, errno
	}
	if flags&syscall.MSG_DONTWAIT != 0 {
		n, errno := op()
		r.n = uintptr(n)
		return r, errno
	}
	r.n, errno = f.repeat("receive", op)
	return r, errno
}

func sysSendto(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	to, errno := memory(a[4], a[5])
	if errno != 0 {
		return 0, errno
	}
	return p.send(a[0], b, to, a[3])
}

func sysRecvfrom(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	r, errno := p.receive(a[0], b, a[3])
	if errno != 0 {
		return 0, errno
	}
	return r.n, putAddress(r.from, a[4], a[5])
}

func sysSendmsg(p *process, a args) (uintptr, syscall.Errno) {
	h := at[syscall.Msghdr](a[1])
	if h == nil {
		return 0, syscall.EFAULT
	}
	vs, errno := vectors(number(h.Iov), uintptr(h.Iovlen))
	if errno != 0 {
		return 0, errno
	}
	to, errno := memory(number(h.Name), uintptr(h.Namelen))
	if errno != 0 {
		return 0, errno
	}
	if h.Controllen == 0 {
		return p.send(a[0], gather(vs), to, a[2])
	}
	control, errno := memory(number(h.Control), uintptr(h.Controllen))
	if errno != 0 {
		return 0, errno
	}
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	source, errno := p.sourceIn(control)
	if errno != 0 {
		return 0, errno
	}
	if u, ok := s.(*udpSocket); ok {
		u.source = source
		defer func() { u.source = net.IP{} }()
	}
	return p.send(a[0], gather(vs), to, a[2])
}

func sysRecvmsg(p *process, a args) (uintptr, syscall.Errno) {
	h := at[syscall.Msghdr](a[1])
	if h == nil {
		return 0, syscall.EFAULT
	}
	vs, errno := vectors(number(h.Iov), uintptr(h.Iovlen))
	if errno != 0 {
		return 0, errno
	}
	b := gather(vs) // of the right length; what is in it does not matter
	r, errno := p.receive(a[0], b, a[2])
	if errno != 0 {
		return 0, errno
	}
	if len(vs) > 1 {
		for _, v := range vs {
			b = b[copy(v, b):]
		}
	}
	h.Flags = 0
	if r.cut {
		h.Flags = syscall.MSG_TRUNC
	}
	_, s, _ := p.socket(a[0])
	if u, ok := s.(*udpSocket); ok {
		putControl(h, u.receivedControl())
	} else {
		h.Controllen = 0
	}
	if h.Name != nil {
		room, _ := memory(number(h.Name), uintptr(h.Namelen))
		copy(room, r.from)
		h.Namelen = uint32(len(r.from))
	}
	return r.n, 0
}

// gather joins buffers into one; a single one is taken as it is.
func gather(vs [][]byte) []byte {
	if len(vs) == 1 {
		return vs[0]
	}
	var all []byte
	for _, v := range vs {
		all = append(all, v...)
	}
	return all
}

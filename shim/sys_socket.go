package shim

import (
	"strconv"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

const socketFlags = syscall.SOCK_NONBLOCK | syscall.SOCK_CLOEXEC

func sysSocket(p *process, a args) (uintptr, syscall.Errno) {
	family, kind, proto := int(a[0]), int(a[1])&^socketFlags, int(a[2])
	if family != syscall.AF_INET && family != syscall.AF_INET6 {
		p.node.world.report("socket family " + familyName(family))
		return 0, syscall.EAFNOSUPPORT
	}
	var o object
	switch {
	case kind == syscall.SOCK_STREAM && (proto == 0 || proto == syscall.IPPROTO_TCP):
		o = newTCPSocket(p.node.host.NewTCP(), family)
	case kind == syscall.SOCK_DGRAM && (proto == 0 || proto == syscall.IPPROTO_UDP):
		o = newUDPSocket(p.node.host.NewUDP(), family)
	case kind == syscall.SOCK_STREAM || kind == syscall.SOCK_DGRAM:
		p.node.world.report("socket protocol " + strconv.Itoa(proto))
		return 0, syscall.EPROTONOSUPPORT
	default:
		p.node.world.report("socket type " + strconv.Itoa(kind))
		return 0, syscall.ESOCKTNOSUPPORT
	}
	return p.installSocket(o, a[1])
}

func (p *process) installSocket(o object, flags uintptr) (uintptr, syscall.Errno) {
	f := &openFile{object: o, flags: syscall.O_RDWR | int(flags)&syscall.SOCK_NONBLOCK, path: "socket:"}
	return p.install(f, flags&syscall.SOCK_CLOEXEC != 0)
}

func familyName(family int) string {
	switch family {
	case syscall.AF_UNIX:
		return "AF_UNIX"
	case syscall.AF_NETLINK:
		return "AF_NETLINK"
	case syscall.AF_PACKET:
		return "AF_PACKET"
	}
	return strconv.Itoa(family)
}

func sysBind(p *process, a args) (uintptr, syscall.Errno) {
	_, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	addr, errno := e.target(a[1], a[2])
	switch {
	case errno == syscall.ENETUNREACH:
		return 0, syscall.EINVAL
	case errno != 0:
		return 0, errno
	}
	return 0, e.Bind(addr)
}

func sysListen(p *process, a args) (uintptr, syscall.Errno) {
	f, _, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	if s, ok := f.object.(*tcpSocket); ok {
		return 0, s.sock.Listen(int(int32(a[1])))
	}
	return 0, syscall.EOPNOTSUPP
}

func sysAccept4(p *process, a args) (uintptr, syscall.Errno) {
	f, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	l, ok := f.object.(*tcpSocket)
	switch {
	case !ok:
		return 0, syscall.EOPNOTSUPP
	case a[3]&^socketFlags != 0:
		return 0, syscall.EINVAL
	}
	var conn *net.TCP
	_, errno = f.repeat("accept", func() (_ int, errno syscall.Errno) {
		conn, errno = l.sock.Accept()
		return 0, errno
	})
	if errno != 0 {
		return 0, errno
	}
	remote, _ := conn.RemoteAddr()
	fd, errno := p.installSocket(newTCPSocket(conn, e.family), a[3])
	if errno != 0 {
		return 0, errno
	}
	return fd, putAddress(e.report(remote), a[1], a[2])
}

func sysAccept(p *process, a args) (uintptr, syscall.Errno) {
	return sysAccept4(p, args{a[0], a[1], a[2]})
}

func sysConnect(p *process, a args) (uintptr, syscall.Errno) {
	f, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	u, isUDP := f.object.(*udpSocket)
	if family := at[uint16](a[1]); isUDP && family != nil && a[2] >= 2 && *family == syscall.AF_UNSPEC {
		u.sock.Disconnect()
		return 0, 0
	}
	addr, errno := e.target(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	errno = e.Connect(addr)
	if errno != syscall.EINPROGRESS || f.nonblocking() {
		return 0, errno
	}
	for !e.Writable() && !e.Readable() {
		f.await("connect")
	}
	return 0, e.TakeError()
}

func sysGetsockname(p *process, a args) (uintptr, syscall.Errno) {
	_, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	return 0, putAddress(e.report(e.LocalAddr()), a[1], a[2])
}

func sysGetpeername(p *process, a args) (uintptr, syscall.Errno) {
	_, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	addr, errno := e.RemoteAddr()
	if errno != 0 {
		return 0, errno
	}
	return 0, putAddress(e.report(addr), a[1], a[2])
}

func sysShutdown(p *process, a args) (uintptr, syscall.Errno) {
	_, e, errno := p.socket(a[0])
	switch {
	case errno != 0:
		return 0, errno
	case a[1] > syscall.SHUT_RDWR:
		return 0, syscall.EINVAL
	}
	return 0, e.Shutdown(a[1] != syscall.SHUT_WR, a[1] != syscall.SHUT_RD)
}

// message is one datagram or piece of a stream with where it goes to or comes from.
type message struct {
	data          []byte
	name, nameLen uintptr
	flags         uintptr
}

// send is sendto and sendmsg.
func (p *process) send(fd uintptr, m message) (uintptr, syscall.Errno) {
	f, e, errno := p.socket(fd)
	if errno != 0 {
		return 0, errno
	}
	wait := !f.nonblocking() && m.flags&syscall.MSG_DONTWAIT == 0
	switch s := f.object.(type) {
	case *tcpSocket:
		if wait {
			return p.write(f, m.data)
		}
		n, errno := s.sock.Write(m.data)
		return uintptr(n), errno
	case *udpSocket:
		var to *net.Addr
		if m.name != 0 && m.nameLen > 0 {
			addr, errno := e.target(m.name, m.nameLen)
			if errno != 0 {
				return 0, errno
			}
			to = &addr
		}
		n, errno := s.sock.Send(m.data, to)
		return uintptr(n), errno
	}
	return 0, syscall.ENOTSOCK
}

// receive is recvfrom and recvmsg. cut is set when a datagram did not fit.
func (p *process) receive(fd uintptr, m message) (n uintptr, from []byte, cut bool, errno syscall.Errno) {
	f, e, errno := p.socket(fd)
	if errno != 0 {
		return 0, nil, false, errno
	}
	peek := m.flags&syscall.MSG_PEEK != 0
	op := func() (int, syscall.Errno) {
		switch s := f.object.(type) {
		case *tcpSocket:
			return s.sock.Read(m.data, peek)
		case *udpSocket:
			n, full, addr, errno := s.sock.Receive(m.data, peek)
			cut = full > n
			if errno == 0 {
				from = e.report(addr)
			}
			if m.flags&syscall.MSG_TRUNC != 0 {
				n = full
			}
			return n, errno
		}
		return 0, syscall.ENOTSOCK
	}
	if m.flags&syscall.MSG_DONTWAIT != 0 {
		got, errno := op()
		return uintptr(got), from, cut, errno
	}
	n, errno = f.repeat("receive", op)
	return n, from, cut, errno
}

func sysSendto(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	return p.send(a[0], message{data: b, flags: a[3], name: a[4], nameLen: a[5]})
}

func sysRecvfrom(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	n, from, _, errno := p.receive(a[0], message{data: b, flags: a[3]})
	if errno != 0 {
		return 0, errno
	}
	return n, putAddress(from, a[4], a[5])
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
	var all []byte
	for _, b := range vs {
		all = append(all, b...)
	}
	return p.send(a[0], message{data: all, flags: a[2], name: number(h.Name), nameLen: uintptr(h.Namelen)})
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
	b := scatter{vs}.buffer()
	n, from, cut, errno := p.receive(a[0], message{data: b, flags: a[2]})
	if errno != 0 {
		return 0, errno
	}
	scatter{vs}.put(b[:min(int(n), len(b))])
	h.Flags, h.Controllen = 0, 0
	if cut {
		h.Flags = syscall.MSG_TRUNC
	}
	if h.Name != nil {
		room, _ := memory(number(h.Name), uintptr(h.Namelen))
		copy(room, from)
		h.Namelen = uint32(len(from))
	}
	return n, 0
}

// scatter receives into several buffers as if they were one.
type scatter struct{ parts [][]byte }

func (s scatter) buffer() []byte {
	if len(s.parts) == 1 {
		return s.parts[0]
	}
	total := 0
	for _, p := range s.parts {
		total += len(p)
	}
	return make([]byte, total)
}

func (s scatter) put(b []byte) {
	if len(s.parts) == 1 {
		return
	}
	for _, p := range s.parts {
		b = b[copy(p, b):]
	}
}

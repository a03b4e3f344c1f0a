package shim

import (
	"encoding/binary"
	"fmt"
	"strings"
	"syscall"
	"unsafe"

	"github.com/simgen-dev/simgen/shim/net"
)

var local = net.IPv4(127, 0, 0, 1)

// retry repeats a system call on a non-blocking descriptor until it says something else than EAGAIN. On the
// simulated machine waiting is a system call, too.
func (p *program) retry(nr uintptr, params ...any) (int, syscall.Errno) {
	for range 1000 {
		r, errno := p.do(nr, params...)
		if errno != syscall.EAGAIN {
			return r, errno
		}
		p.pause()
	}
	p.fail("%s: nothing but EAGAIN", calls[nr].name)
	return 0, 0
}

// pause gives packets time to arrive.
func (p *program) pause() {
	ts := make([]byte, 16)
	binary.NativeEndian.PutUint64(ts[8:], 2_000_000)
	p.do(syscall.SYS_NANOSLEEP, ts, 0)
}

func (p *program) bind(s int, a net.Addr, family int) syscall.Errno {
	addr := encodeAddress(a, family)
	_, errno := p.do(syscall.SYS_BIND, s, addr, len(addr))
	return errno
}

func (p *program) connect(s int, a net.Addr, family int) syscall.Errno {
	addr := encodeAddress(a, family)
	_, errno := p.do(syscall.SYS_CONNECT, s, addr, len(addr))
	return errno
}

// localPort is the port a socket is bound to.
func (p *program) localPort(s int) uint16 {
	p.Helper()
	addr := make([]byte, 28)
	n := uint32(28)
	p.must(syscall.SYS_GETSOCKNAME, s, addr, &n)
	return binary.BigEndian.Uint16(addr[2:])
}

func (p *program) getOption(s, level, number int) int32 {
	p.Helper()
	b, n := make([]byte, 4), uint32(4)
	p.must(syscall.SYS_GETSOCKOPT, s, level, number, b, &n)
	return int32(binary.NativeEndian.Uint32(b))
}

func (p *program) setOption(s, level, number int, value int32) {
	p.Helper()
	p.must(syscall.SYS_SETSOCKOPT, s, level, number, &value, 4)
}

func contractConnecting(p *program, dir string) {
	const nonblocking = syscall.SOCK_STREAM | syscall.SOCK_NONBLOCK
	socket := func() int { return p.must(syscall.SYS_SOCKET, syscall.AF_INET, nonblocking, 0) }
	l := socket()
	p.equal("bind", p.bind(l, net.Addr{IP: local}, syscall.AF_INET), syscall.Errno(0))
	p.equal("bind again", p.bind(l, net.Addr{IP: local}, syscall.AF_INET), syscall.EINVAL)
	p.fails(syscall.EINVAL, syscall.SYS_ACCEPT4, l, 0, 0, 0)
	p.must(syscall.SYS_LISTEN, l, 5)
	p.must(syscall.SYS_LISTEN, l, 6)
	p.fails(syscall.EAGAIN, syscall.SYS_ACCEPT4, l, 0, 0, 0)
	p.fails(syscall.ENOTCONN, syscall.SYS_READ, l, make([]byte, 1), 1)
	to := net.Addr{IP: local, Port: p.localPort(l)}
	p.equal("type", p.getOption(l, syscall.SOL_SOCKET, syscall.SO_TYPE), int32(syscall.SOCK_STREAM))
	p.equal("listens", p.getOption(l, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN), int32(1))
	p.equal("domain", p.getOption(l, syscall.SOL_SOCKET, soDomain), int32(syscall.AF_INET))
	p.equal("same port", p.bind(socket(), to, syscall.AF_INET), syscall.EADDRINUSE)
	p.equal("foreign address", p.bind(socket(), net.Addr{IP: net.IPv4(192, 0, 2, 1)}, syscall.AF_INET), syscall.EADDRNOTAVAIL)
	p.equal("foreign family", p.bind(socket(), net.Addr{}, syscall.AF_INET6), syscall.EAFNOSUPPORT)

	c := socket()
	p.fails(syscall.ENOTCONN, syscall.SYS_READ, c, make([]byte, 1), 1)
	p.fails(syscall.EPIPE, syscall.SYS_SENDTO, c, []byte("x"), 1, syscall.MSG_NOSIGNAL, 0, 0)
	p.fails(syscall.ENOTCONN, syscall.SYS_SHUTDOWN, socket(), syscall.SHUT_WR)
	if errno := p.connect(c, to, syscall.AF_INET); errno != syscall.EINPROGRESS && errno != 0 {
		p.fail("connect: %v", errno)
	}
	s, errno := p.retry(syscall.SYS_ACCEPT4, l, 0, 0, syscall.SOCK_NONBLOCK)
	p.equal("accept", errno, syscall.Errno(0))
	p.pause()
	p.equal("outcome", p.getOption(c, syscall.SOL_SOCKET, syscall.SO_ERROR), int32(0))
	if errno := p.connect(c, to, syscall.AF_INET); errno != 0 && errno != syscall.EISCONN {
		p.fail("connect after connect: %v", errno)
	}
	p.equal("connect once more", p.connect(c, to, syscall.AF_INET), syscall.EISCONN)
	p.equal("ports", p.localPort(s), to.Port)

	p.write(c, "hello")
	b := make([]byte, 10)
	n, _ := p.retry(syscall.SYS_RECVFROM, s, b, 10, syscall.MSG_PEEK, 0, 0)
	p.equal("peeked", string(b[:n]), "hello")
	p.equal("read", p.read(s, 3), "hel")
	p.equal("rest", p.read(s, 10), "lo")
	p.fails(syscall.EAGAIN, syscall.SYS_READ, s, b, 1)

	linger := make([]byte, 8)
	linger[0] = 1
	p.must(syscall.SYS_SETSOCKOPT, c, syscall.SOL_SOCKET, syscall.SO_LINGER, linger, 8)
	p.close(c)
	_, errno = p.retry(syscall.SYS_READ, s, b, 1)
	p.equal("reset", errno, syscall.ECONNRESET)
	p.equal("error is gone", p.getOption(s, syscall.SOL_SOCKET, syscall.SO_ERROR), int32(0))
	p.fails(syscall.EPIPE, syscall.SYS_SENDTO, s, []byte("x"), 1, syscall.MSG_NOSIGNAL, 0, 0)
	p.close(s)

	p.close(l)
	c = socket()
	if errno := p.connect(c, to, syscall.AF_INET); errno == syscall.EINPROGRESS {
		p.pause()
		p.equal("refused", p.getOption(c, syscall.SOL_SOCKET, syscall.SO_ERROR), int32(syscall.ECONNREFUSED))
	} else {
		p.equal("refused", errno, syscall.ECONNREFUSED)
	}
	p.close(c)
}

// The options that set timers, and what they make of what they are given.
func contractTCPOptions(p *program, dir string) {
	s := p.socket()
	const tcp = syscall.IPPROTO_TCP
	for _, c := range []struct {
		number, before int
		set, after     int32
	}{
		{syscall.TCP_SYNCNT, 6, 2, 2},
		{syscall.TCP_LINGER2, 60, 10, 10},
		{syscall.TCP_LINGER2, 10, 1000, 120},
		{syscall.TCP_LINGER2, 120, -5, -1},
		{syscall.TCP_LINGER2, -1, 0, 60},
		{tcpUserTimeout, 0, 1500, 1500},
		{syscall.TCP_KEEPIDLE, 7200, 10, 10},
		{syscall.TCP_KEEPINTVL, 75, 11, 11},
		{syscall.TCP_KEEPCNT, 9, 3, 3},
	} {
		what := fmt.Sprintf("option %d", c.number)
		p.equal(what, p.getOption(s, tcp, c.number), int32(c.before))
		p.setOption(s, tcp, c.number, c.set)
		p.equal(what+" after it is set", p.getOption(s, tcp, c.number), c.after)
	}
	for number, value := range map[int]int32{
		syscall.TCP_SYNCNT: 128, tcpUserTimeout: -1, syscall.TCP_KEEPIDLE: 0, syscall.TCP_KEEPINTVL: 32768, syscall.TCP_KEEPCNT: 128,
	} {
		p.fails(syscall.EINVAL, syscall.SYS_SETSOCKOPT, s, tcp, number, &value, 4)
	}
	p.close(s)
}

// TCP_INFO, as far as two machines can agree: the state, and the queue of a listener.
func contractTCPInfo(p *program, dir string) {
	const (
		established = 1
		finWait2    = 5
		closed      = 7
		closeWait   = 8
		listen      = 10
	)
	socket := func() int {
		return p.must(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	}
	info := func(s int) (i syscall.TCPInfo) {
		n := uint32(unsafe.Sizeof(i))
		p.must(syscall.SYS_GETSOCKOPT, s, syscall.IPPROTO_TCP, syscall.TCP_INFO, unsafe.Slice((*byte)(unsafe.Pointer(&i)), n), &n)
		p.equal("size", n, uint32(unsafe.Sizeof(i)))
		return i
	}
	state := func(what string, s, want int) {
		for i := 0; i < 100 && int(info(s).State) != want; i++ {
			p.pause() // an acknowledgement may be late
		}
		p.equal(what, int(info(s).State), want)
	}

	l := socket()
	state("a new socket", l, closed)
	p.equal("bind", p.bind(l, net.Addr{IP: local}, syscall.AF_INET), syscall.Errno(0))
	p.must(syscall.SYS_LISTEN, l, 5)
	state("a listener", l, listen)
	p.equal("backlog", info(l).Sacked, uint32(5))
	c := socket()
	p.connect(c, net.Addr{IP: local, Port: p.localPort(l)}, syscall.AF_INET)
	p.pause()
	p.equal("waits for accept", info(l).Unacked, uint32(1))
	s, _ := p.retry(syscall.SYS_ACCEPT4, l, 0, 0, syscall.SOCK_NONBLOCK)
	p.equal("accepted", info(l).Unacked, uint32(0))
	state("client", c, established)
	state("server", s, established)

	p.write(c, "hello")
	i := info(c)
	for n := 0; n < 100 && i.Unacked > 0; n++ {
		p.pause()
		i = info(c)
	}
	p.equal("unacknowledged", i.Unacked, uint32(0))
	p.equal("the round trip is known", i.Rtt > 0 && i.Rttvar > 0 && i.Rto >= i.Rtt, true)
	p.equal("one byte", func() uint32 {
		n := uint32(1)
		p.must(syscall.SYS_GETSOCKOPT, c, syscall.IPPROTO_TCP, syscall.TCP_INFO, make([]byte, 1), &n)
		return n
	}(), uint32(1))

	p.equal("read", p.read(s, 10), "hello")
	p.must(syscall.SYS_SHUTDOWN, c, syscall.SHUT_WR)
	state("has finished", c, finWait2)
	state("the other end has finished", s, closeWait)
	p.must(syscall.SYS_SHUTDOWN, s, syscall.SHUT_WR)
	state("both have finished", s, closed)
	state("both have finished", c, closed)
	for _, fd := range []int{l, c, s} {
		p.close(fd)
	}
	u := p.must(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	n := uint32(4)
	p.fails(syscall.EOPNOTSUPP, syscall.SYS_GETSOCKOPT, u, syscall.IPPROTO_TCP, syscall.TCP_INFO, make([]byte, 4), &n)
	p.close(u)
}

func contractDualStack(p *program, dir string) {
	l := p.must(syscall.SYS_SOCKET, syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	if errno := p.bind(l, net.Addr{IP: net.IP{15: 1}}, syscall.AF_INET6); errno == syscall.EADDRNOTAVAIL {
		return // a host without IPv6
	}
	p.close(l)
	l = p.must(syscall.SYS_SOCKET, syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	p.setOption(l, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0)
	p.equal("bind", p.bind(l, net.Addr{}, syscall.AF_INET6), syscall.Errno(0))
	p.must(syscall.SYS_LISTEN, l, 5)
	port := p.localPort(l)

	c, errno := p.dial(local, port)
	p.equal("IPv4 to a dual-stack socket", errno, syscall.Errno(0))
	addr, n := make([]byte, 28), uint32(28)
	s := p.must(syscall.SYS_ACCEPT4, l, addr, &n, 0)
	p.equal("mapped peer address", string(addr[8:24]), string(local[:]))
	p.equal("address length", n, uint32(28))
	p.equal("peer port", binary.BigEndian.Uint16(addr[2:]), p.localPort(c))
	p.close(c)
	p.close(s)

	c = p.must(syscall.SYS_SOCKET, syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	p.equal("IPv6", p.connect(c, net.Addr{IP: net.IP{15: 1}, Port: port}, syscall.AF_INET6), syscall.Errno(0))
	p.close(p.accept(l))
	p.close(c)
	c = p.must(syscall.SYS_SOCKET, syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	p.equal("mapped IPv4", p.connect(c, net.Addr{IP: local, Port: port}, syscall.AF_INET6), syscall.Errno(0))
	p.close(p.accept(l))
	p.close(c)

	only := p.must(syscall.SYS_SOCKET, syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	p.setOption(only, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 1)
	p.equal("mapped address on an IPv6-only socket", p.bind(only, net.Addr{IP: local}, syscall.AF_INET6), syscall.EINVAL)
	p.equal("the same port", p.bind(only, net.Addr{Port: port}, syscall.AF_INET6), syscall.EADDRINUSE)
	p.close(only)
	p.close(l)
}

func contractReuse(p *program, dir string) {
	bound := func(reuse bool, a net.Addr) (int, syscall.Errno) {
		s := p.socket()
		if reuse {
			p.setOption(s, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
		}
		return s, p.bind(s, a, syscall.AF_INET)
	}
	l, errno := bound(true, net.Addr{IP: local})
	p.equal("bind", errno, syscall.Errno(0))
	a := net.Addr{IP: local, Port: p.localPort(l)}
	second, errno := bound(true, a)
	p.equal("two bound sockets", errno, syscall.Errno(0))
	_, errno = bound(false, a)
	p.equal("without the option", errno, syscall.EADDRINUSE)
	p.must(syscall.SYS_LISTEN, l, 5)
	p.fails(syscall.EADDRINUSE, syscall.SYS_LISTEN, second, 5)
	_, errno = bound(true, a)
	p.equal("bind to a listener's port", errno, syscall.EADDRINUSE)
	_, errno = bound(true, net.Addr{IP: net.IPv4(0, 0, 0, 0), Port: a.Port})
	p.equal("bind to all addresses", errno, syscall.EADDRINUSE)

	// A port is free again when the listener is closed, although connections live on.
	c, errno := p.dial(local, a.Port)
	p.equal("connect", errno, syscall.Errno(0))
	s := p.accept(l)
	p.close(l)
	p.close(second)
	l, errno = bound(true, a)
	p.equal("bind again", errno, syscall.Errno(0))
	p.must(syscall.SYS_LISTEN, l, 5)
	for _, fd := range []int{c, s, l} {
		p.close(fd)
	}
}

func contractDatagrams(p *program, dir string) {
	const kind = syscall.SOCK_DGRAM | syscall.SOCK_NONBLOCK
	a := p.must(syscall.SYS_SOCKET, syscall.AF_INET, kind, 0)
	b := p.must(syscall.SYS_SOCKET, syscall.AF_INET, kind, 0)
	p.equal("bind", p.bind(a, net.Addr{IP: local}, syscall.AF_INET), syscall.Errno(0))
	to := encodeAddress(net.Addr{IP: local, Port: p.localPort(a)}, syscall.AF_INET)
	p.fails(syscall.EDESTADDRREQ, syscall.SYS_WRITE, b, []byte("x"), 1)
	p.fails(syscall.ENOTCONN, syscall.SYS_GETPEERNAME, b, make([]byte, 16), new(uint32))
	p.must(syscall.SYS_SENDTO, b, []byte("one"), 3, 0, to, len(to))
	buf, from, n := make([]byte, 10), make([]byte, 16), uint32(16)
	r, errno := p.retry(syscall.SYS_RECVFROM, a, buf, 10, 0, from, &n)
	p.equal("receive", errno, syscall.Errno(0))
	p.equal("message", string(buf[:r]), "one")
	p.equal("from", binary.BigEndian.Uint16(from[2:]), p.localPort(b))
	p.must(syscall.SYS_SENDTO, b, []byte("longer than the room"), 20, 0, to, len(to))
	r, _ = p.retry(syscall.SYS_RECVFROM, a, buf, 6, 0, 0, 0)
	p.equal("cut off", string(buf[:r]), "longer")
	p.fails(syscall.EAGAIN, syscall.SYS_RECVFROM, a, buf, 10, 0, 0, 0)
	p.fails(syscall.EMSGSIZE, syscall.SYS_SENDTO, b, make([]byte, 70000), 70000, 0, to, len(to))

	p.equal("connect", p.connect(b, net.Addr{IP: local, Port: p.localPort(a)}, syscall.AF_INET), syscall.Errno(0))
	p.write(b, "two")
	r, _ = p.retry(syscall.SYS_READ, a, buf, 10)
	p.equal("message", string(buf[:r]), "two")
	p.close(a)
	p.write(b, "into the void")
	_, errno = p.retry(syscall.SYS_READ, b, buf, 10)
	p.equal("nobody there", errno, syscall.ECONNREFUSED)
	p.close(b)
}

func contractSockets(p *program, dir string) {
	l := p.socket()
	addr := encodeAddress(net.Addr{IP: local}, syscall.AF_INET)
	p.must(syscall.SYS_BIND, l, addr, len(addr))
	p.must(syscall.SYS_LISTEN, l, 10)
	n := new(uint32)
	*n = uint32(len(addr))
	p.must(syscall.SYS_GETSOCKNAME, l, addr, n)
	port := uint16(addr[2])<<8 | uint16(addr[3])
	p.fails(syscall.ENOTCONN, syscall.SYS_GETPEERNAME, l, addr, n)

	timeout := []byte("0123456789abcdef")
	*n = uint32(len(timeout))
	p.must(syscall.SYS_GETSOCKOPT, l, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, timeout, n)
	p.equal("receive timeout", string(timeout[:*n]), strings.Repeat("\x00", 16))
	*n = uint32(len(addr))

	c, errno := p.dial(local, port)
	p.equal("connect", errno, syscall.Errno(0))
	s := p.accept(l)
	p.fails(syscall.EISCONN, syscall.SYS_CONNECT, c, addr, len(addr))
	p.write(c, "ping")
	p.equal("received", p.read(s, 10), "ping")
	p.must(syscall.SYS_SHUTDOWN, c, syscall.SHUT_WR)
	p.fails(syscall.EPIPE, syscall.SYS_SENDTO, c, []byte("x"), 1, syscall.MSG_NOSIGNAL, 0, 0)
	p.equal("end", p.read(s, 10), "")
	p.write(s, "pong")
	p.equal("half closed", p.read(c, 10), "pong")
	p.close(s)
	p.equal("end", p.read(c, 10), "")
	p.close(c)

	// Closing with unread data resets the connection.
	c, _ = p.dial(local, port)
	s = p.accept(l)
	p.write(s, "unread")
	p.equal("first byte", p.read(c, 1), "u")
	p.close(c)
	p.fails(syscall.ECONNRESET, syscall.SYS_READ, s, make([]byte, 1), 1)
	p.equal("after the error", p.read(s, 1), "")
	p.close(s)

	p.close(l)
	_, errno = p.dial(local, port)
	p.equal("connect to a closed port", errno, syscall.ECONNREFUSED)
	f := p.open(dir+"/f", syscall.O_CREAT|syscall.O_WRONLY)
	p.fails(syscall.ENOTSOCK, syscall.SYS_LISTEN, f, 1)
	p.close(f)
}

func contractUnix(p *program, dir string) {
	addr := encodeUnix(dir + "/s")
	socket := func(kind int) int { return p.must(syscall.SYS_SOCKET, syscall.AF_UNIX, kind, 0) }
	l := socket(syscall.SOCK_STREAM)
	p.must(syscall.SYS_BIND, l, addr, len(addr))
	p.fails(syscall.EADDRINUSE, syscall.SYS_BIND, socket(syscall.SOCK_STREAM), addr, len(addr))
	p.equal("kind", p.stat(dir+"/s").Mode&syscall.S_IFMT, uint32(syscall.S_IFSOCK))
	c := socket(syscall.SOCK_STREAM)
	p.fails(syscall.ECONNREFUSED, syscall.SYS_CONNECT, c, addr, len(addr))
	p.must(syscall.SYS_LISTEN, l, 5)
	p.must(syscall.SYS_CONNECT, c, addr, len(addr))
	s := p.accept(l)
	p.write(c, "ping")
	p.write(c, "pong")
	p.equal("stream", p.read(s, 6), "pingpo")
	p.must(syscall.SYS_SHUTDOWN, c, syscall.SHUT_WR)
	p.equal("rest", p.readAll(s), "ng")
	p.fails(syscall.EPIPE, syscall.SYS_SENDTO, c, []byte("x"), 1, syscall.MSG_NOSIGNAL, 0, 0)
	p.write(s, "unread")
	p.close(c)
	p.fails(syscall.ECONNRESET, syscall.SYS_READ, s, make([]byte, 1), 1)
	p.close(s)
	p.close(l)
	p.fails(syscall.ECONNREFUSED, syscall.SYS_CONNECT, socket(syscall.SOCK_STREAM), addr, len(addr))

	pair := new([2]int32)
	p.must(syscall.SYS_SOCKETPAIR, syscall.AF_UNIX, syscall.SOCK_DGRAM|syscall.SOCK_NONBLOCK, 0, pair)
	a, b := int(pair[0]), int(pair[1])
	p.write(a, "one")
	p.write(a, "three")
	p.equal("message", p.read(b, 10), "one")
	p.equal("cut message", p.read(b, 2), "th")
	p.fails(syscall.EAGAIN, syscall.SYS_READ, b, make([]byte, 1), 1)
}

// contractPacketInfo: a server learns at which address it was asked, and answers from there.
func contractPacketInfo(p *program, dir string) {
	for _, family := range []int{syscall.AF_INET, syscall.AF_INET6} {
		server := p.must(syscall.SYS_SOCKET, family, syscall.SOCK_DGRAM, 0)
		client := p.must(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_DGRAM, 0)
		p.setOption(server, syscall.IPPROTO_IP, syscall.IP_PKTINFO, 1)
		infos := "IP_PKTINFO 01000000 7f000001 7f000001"
		if family == syscall.AF_INET6 {
			p.setOption(server, syscall.IPPROTO_IPV6, syscall.IPV6_RECVPKTINFO, 1)
			infos = "IPV6_PKTINFO 00000000 00000000 0000ffff 7f000001 01000000 " + infos
		}
		any := net.Addr{}
		if family == syscall.AF_INET {
			any.IP = net.IPv4(0, 0, 0, 0)
		}
		addr := encodeAddress(any, family)
		p.must(syscall.SYS_BIND, server, addr, len(addr))
		to := encodeAddress(net.Addr{IP: local, Port: p.localPort(server)}, syscall.AF_INET)
		p.must(syscall.SYS_SENDTO, client, []byte("question"), 8, 0, to, len(to))

		var data, control, from [100]byte
		part := syscall.Iovec{Base: &data[0], Len: 100}
		h := &syscall.Msghdr{Iov: &part, Iovlen: 1, Control: &control[0], Controllen: 100, Name: &from[0], Namelen: 100}
		p.equal("received", string(data[:p.must(syscall.SYS_RECVMSG, server, h, 0)]), "question")
		got := ""
		all, _ := syscall.ParseSocketControlMessage(control[:h.Controllen])
		for _, m := range all {
			name := map[int32]string{syscall.IP_PKTINFO: "IP_PKTINFO", syscall.IPV6_PKTINFO: "IPV6_PKTINFO"}[m.Header.Type]
			got += " " + name
			for len(m.Data) >= 4 {
				got += fmt.Sprintf(" %x", m.Data[:4])
				m.Data = m.Data[4:]
			}
		}
		p.equal("control data", strings.TrimSpace(got), infos)
		p.equal("its size", int(h.Controllen), map[int]int{syscall.AF_INET: 32, syscall.AF_INET6: 72}[family])

		// The answer comes from where the question went, and from no address of somebody else's.
		part.SetLen(3)
		copy(data[:], "yes")
		h.Namelen = uint32(len(addr))
		p.must(syscall.SYS_SENDMSG, server, h, 0)
		n := uint32(len(to))
		p.must(syscall.SYS_RECVFROM, client, data[:], 100, 0, from[:], &n)
		p.equal("answer", string(data[:3]), "yes")
		p.equal("comes from", from[:n], to)

		// Without room for it, the control data is cut.
		p.must(syscall.SYS_SENDTO, client, []byte("question"), 8, 0, to, len(to))
		h.Controllen = 0
		part.SetLen(100)
		p.must(syscall.SYS_RECVMSG, server, h, 0)
		p.equal("cut", h.Flags, int32(syscall.MSG_CTRUNC))
		p.close(server)
		p.close(client)
	}
}

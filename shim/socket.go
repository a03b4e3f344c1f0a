package shim

import (
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

// socket is what a TCP and a UDP socket have in common.
type socket interface {
	Bind(net.Addr) syscall.Errno
	Connect(net.Addr) syscall.Errno
	LocalAddr() net.Addr
	RemoteAddr() (net.Addr, syscall.Errno)
	TakeError() syscall.Errno
	Shutdown(read, write bool) syscall.Errno
	Options() *net.Options
	SetNotify(func(mode byte))
	Readable() bool
	Writable() bool
	Close()
}

// endpoint is the system call layer's part of a socket.
type endpoint struct {
	socket
	family  int
	kind    int               // SOCK_STREAM or SOCK_DGRAM
	ignored map[[2]int]uint32 // options that were set and change nothing here
}

func (e *endpoint) poll(notify func(mode byte)) bool { e.SetNotify(notify); return true }
func (e *endpoint) readable() bool                   { return e.Readable() }
func (e *endpoint) writable() bool                   { return e.Writable() }
func (e *endpoint) stat(*process) fileStat           { return socketStat() }
func (e *endpoint) release()                         { e.Close() }

// tcpSocket is an open TCP socket.
type tcpSocket struct {
	endpoint
	sock *net.TCP
}

func newTCPSocket(s *net.TCP, family int) *tcpSocket {
	return &tcpSocket{endpoint{socket: s, family: family, kind: syscall.SOCK_STREAM}, s}
}

func (s *tcpSocket) Read(_ *openFile, b []byte) (int, syscall.Errno)  { return s.sock.Read(b, false) }
func (s *tcpSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) { return s.sock.Write(b) }

// udpSocket is an open UDP socket.
type udpSocket struct {
	endpoint
	sock *net.UDP
}

func newUDPSocket(s *net.UDP, family int) *udpSocket {
	return &udpSocket{endpoint{socket: s, family: family, kind: syscall.SOCK_DGRAM}, s}
}

func (s *udpSocket) Read(_ *openFile, b []byte) (int, syscall.Errno) {
	n, _, _, errno := s.sock.Receive(b, false)
	return n, errno
}

func (s *udpSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) { return s.sock.Send(b, nil) }

// common returns the endpoint of an open file that is a socket.
func common(f *openFile) *endpoint {
	switch s := f.object.(type) {
	case *tcpSocket:
		return &s.endpoint
	case *udpSocket:
		return &s.endpoint
	}
	return nil
}

func (p *process) socket(fd uintptr) (*openFile, *endpoint, syscall.Errno) {
	f, errno := p.file(fd)
	if errno != 0 {
		return nil, nil, errno
	}
	if e := common(f); e != nil {
		return f, e, 0
	}
	return nil, nil, syscall.ENOTSOCK
}

// target reads an address a socket is to be bound to or to send to. A socket for IPv6 only cannot talk to IPv4.
func (e *endpoint) target(a, n uintptr) (net.Addr, syscall.Errno) {
	addr, errno := address(a, n, e.family)
	if errno == 0 && e.family == syscall.AF_INET6 && e.Options().V6Only && addr.IP.Is4() {
		return addr, syscall.ENETUNREACH
	}
	return addr, errno
}

// report is an address as this socket shows it: an IPv6 socket shows IPv4 addresses in their mapped form, and
// having none as ::.
func (e *endpoint) report(a net.Addr) []byte { return encodeAddress(a, e.family) }

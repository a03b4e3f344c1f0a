package shim

import (
	"encoding/binary"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

// transport is what the network's TCP and UDP sockets have in common.
type transport interface {
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

// inetSocket is the system call layer's part of a TCP or UDP socket.
type inetSocket struct {
	unsupported
	transport
	family  int
	kind    int               // SOCK_STREAM or SOCK_DGRAM
	ignored map[option]uint32 // options that were set and change nothing here

	packetInfo, packetInfo6 bool // IP_PKTINFO, IPV6_RECVPKTINFO
}

func (s *inetSocket) poll(notify func(mode byte)) bool        { s.SetNotify(notify); return true }
func (s *inetSocket) readable() bool                          { return s.Readable() }
func (s *inetSocket) writable() bool                          { return s.Writable() }
func (s *inetSocket) release()                                { s.Close() }
func (s *inetSocket) takeError() syscall.Errno                { return s.TakeError() }
func (s *inetSocket) shutdown(read, write bool) syscall.Errno { return s.Shutdown(read, write) }
func (s *inetSocket) name() []byte                            { return encodeAddress(s.LocalAddr(), s.family) }

func (s *inetSocket) peer() ([]byte, syscall.Errno) {
	a, errno := s.RemoteAddr()
	return encodeAddress(a, s.family), errno
}

// address reads an address the socket is to be bound to or to send to.
func (s *inetSocket) address(b []byte) (net.Addr, syscall.Errno) {
	if len(b) < 2 {
		return net.Addr{}, syscall.EINVAL
	}
	var a net.Addr
	switch given := int(binary.NativeEndian.Uint16(b)); {
	case given != s.family:
		return net.Addr{}, syscall.EAFNOSUPPORT
	case given == syscall.AF_INET && len(b) >= syscall.SizeofSockaddrInet4:
		a.IP = net.IPv4(b[4], b[5], b[6], b[7])
	case given == syscall.AF_INET6 && len(b) >= syscall.SizeofSockaddrInet6-4: // the scope is newer
		copy(a.IP[:], b[8:])
	default:
		return net.Addr{}, syscall.EINVAL
	}
	a.Port = binary.BigEndian.Uint16(b[2:])
	if s.family == syscall.AF_INET6 && s.Options().V6Only && a.IP.Is4() {
		return a, syscall.ENETUNREACH // a socket for IPv6 only
	}
	return a, 0
}

// encodeAddress is an address as a socket of the given family shows it: an IPv6 socket shows IPv4 addresses in
// their mapped form, and having none as ::.
func encodeAddress(addr net.Addr, family int) []byte {
	if family == syscall.AF_INET {
		b := make([]byte, syscall.SizeofSockaddrInet4)
		binary.NativeEndian.PutUint16(b, syscall.AF_INET)
		binary.BigEndian.PutUint16(b[2:], addr.Port)
		copy(b[4:8], addr.IP[12:])
		return b
	}
	b := make([]byte, syscall.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint16(b, syscall.AF_INET6)
	binary.BigEndian.PutUint16(b[2:], addr.Port)
	copy(b[8:24], addr.IP[:])
	return b
}

func (s *inetSocket) bind(_ *process, addr []byte) syscall.Errno {
	a, errno := s.address(addr)
	switch {
	case errno == syscall.ENETUNREACH:
		return syscall.EINVAL
	case errno != 0:
		return errno
	}
	return s.Bind(a)
}

func (s *inetSocket) connect(_ *process, addr []byte) syscall.Errno {
	a, errno := s.address(addr)
	if errno != 0 {
		return errno
	}
	return s.Connect(a)
}

// tcpSocket is an open TCP socket.
type tcpSocket struct {
	inetSocket
	sock *net.TCP
}

func newTCPSocket(t *net.TCP, family int) *tcpSocket {
	return &tcpSocket{inetSocket{transport: t, family: family, kind: syscall.SOCK_STREAM}, t}
}

func (s *tcpSocket) Read(_ *openFile, b []byte) (int, syscall.Errno)  { return s.sock.Read(b, false) }
func (s *tcpSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) { return s.sock.Write(b) }
func (s *tcpSocket) listen(backlog int) syscall.Errno                 { return s.sock.Listen(backlog) }
func (s *tcpSocket) unread() int                                      { return s.sock.Unread() }

func (s *tcpSocket) accept() (socket, syscall.Errno) {
	t, errno := s.sock.Accept()
	if errno != 0 {
		return nil, errno
	}
	return newTCPSocket(t, s.family), 0
}

func (s *tcpSocket) send(_ *process, b, to []byte) (int, syscall.Errno) { return s.sock.Write(b) }

func (s *tcpSocket) receive(b []byte, peek bool) (n, full int, from []byte, errno syscall.Errno) {
	n, errno = s.sock.Read(b, peek)
	return n, n, nil, errno
}

// udpSocket is an open UDP socket.
type udpSocket struct {
	inetSocket
	sock   *net.UDP
	source net.IP // of what is being sent now, if it is to come from a certain address
}

func newUDPSocket(u *net.UDP, family int) *udpSocket {
	return &udpSocket{inetSocket: inetSocket{transport: u, family: family, kind: syscall.SOCK_DGRAM}, sock: u}
}

func (s *udpSocket) Read(_ *openFile, b []byte) (int, syscall.Errno) {
	n, _, _, errno := s.sock.Receive(b, false)
	return n, errno
}

func (s *udpSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) { return s.sock.Send(b, nil) }
func (s *udpSocket) unread() int                                      { return s.sock.Unread() }

func (s *udpSocket) connect(p *process, addr []byte) syscall.Errno {
	if len(addr) >= 2 && binary.NativeEndian.Uint16(addr) == syscall.AF_UNSPEC {
		s.sock.Disconnect()
		return 0
	}
	return s.inetSocket.connect(p, addr)
}

func (s *udpSocket) send(_ *process, b, to []byte) (int, syscall.Errno) {
	if to == nil {
		return s.sock.SendFrom(b, nil, s.source)
	}
	a, errno := s.address(to)
	if errno != 0 {
		return 0, errno
	}
	return s.sock.SendFrom(b, &a, s.source)
}

func (s *udpSocket) receive(b []byte, peek bool) (n, full int, from []byte, errno syscall.Errno) {
	n, full, a, errno := s.sock.Receive(b, peek)
	if errno == 0 {
		from = encodeAddress(a, s.family)
	}
	return n, full, from, errno
}

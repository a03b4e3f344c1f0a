package shim

import (
	"encoding/binary"
	"strings"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
	"github.com/simgen-dev/simgen/shim/os"
)

// unixNames is which socket is behind a name: a file on the disk, or an abstract name.
type unixNames struct {
	files    map[*os.Inode]*unixSocket
	abstract map[string]*unixSocket
	autobind int
}

// unixSocket is an open AF_UNIX socket.
type unixSocket struct {
	unsupported
	node *Node
	sock *net.Unix
	file *os.Inode // it is bound to
}

func newUnixSocket(n *Node, u *net.Unix) *unixSocket { return &unixSocket{node: n, sock: u} }

func (s *unixSocket) poll(notify func(mode byte)) bool        { s.sock.SetNotify(notify); return true }
func (s *unixSocket) readable() bool                          { return s.sock.Readable() }
func (s *unixSocket) writable() bool                          { return s.sock.Writable() }
func (s *unixSocket) takeError() syscall.Errno                { return s.sock.TakeError() }
func (s *unixSocket) shutdown(read, write bool) syscall.Errno { return s.sock.Shutdown(read, write) }
func (s *unixSocket) listen(backlog int) syscall.Errno        { return s.sock.Listen(backlog) }
func (s *unixSocket) unread() int                             { return s.sock.Unread() }
func (s *unixSocket) name() []byte                            { return encodeUnix(s.sock.Name()) }

func (s *unixSocket) release() {
	names := &s.node.unix
	if names.files[s.file] == s {
		delete(names.files, s.file)
	}
	if names.abstract[s.sock.Name()] == s {
		delete(names.abstract, s.sock.Name())
	}
	s.sock.Close()
}

func (s *unixSocket) peer() ([]byte, syscall.Errno) {
	other, errno := s.sock.Peer()
	if errno != 0 {
		return nil, errno
	}
	return encodeUnix(other.Name()), 0
}

func (s *unixSocket) Read(_ *openFile, b []byte) (int, syscall.Errno) {
	n, _, _, errno := s.sock.Receive(b, false)
	return n, errno
}

func (s *unixSocket) Write(_ *openFile, b []byte) (int, syscall.Errno) { return s.sock.Send(b, nil) }

// encodeUnix is a name as a socket address; none is only a family.
func encodeUnix(name string) []byte {
	b := binary.NativeEndian.AppendUint16(nil, syscall.AF_UNIX)
	b = append(b, name...)
	if name != "" && name[0] != 0 {
		b = append(b, 0)
	}
	return b
}

// decodeUnix is the name in a socket address. An abstract one begins with a zero byte.
func decodeUnix(b []byte) (string, syscall.Errno) {
	if len(b) < 2 || binary.NativeEndian.Uint16(b) != syscall.AF_UNIX {
		return "", syscall.EINVAL
	}
	name := string(b[2:])
	if len(name) > 108 {
		return "", syscall.EINVAL
	}
	if name != "" && name[0] != 0 {
		name, _, _ = strings.Cut(name, "\x00")
	}
	return name, 0
}

func (s *unixSocket) bind(p *process, addr []byte) syscall.Errno {
	name, errno := decodeUnix(addr)
	names := &s.node.unix
	switch {
	case errno != 0:
		return errno
	case s.sock.Name() != "":
		return syscall.EINVAL
	case name == "": // the system chooses an abstract name
		names.autobind++
		name = "\x00" + hexadecimal(uintptr(names.autobind))[2:]
	}
	if name[0] == 0 {
		if names.abstract[name] != nil {
			return syscall.EADDRINUSE
		}
		if names.abstract == nil {
			names.abstract = map[string]*unixSocket{}
		}
		names.abstract[name] = s
		s.sock.Bind(name)
		return 0
	}
	file, errno := s.node.disk.MakeSocket(p.cwd, name, 0777&^p.umask)
	if errno != 0 {
		return errno
	}
	if names.files == nil {
		names.files = map[*os.Inode]*unixSocket{}
	}
	s.file = file
	names.files[file] = s
	s.sock.Bind(name)
	return 0
}

// find returns the socket behind an address; nil if there is a file without one.
func (s *unixSocket) find(p *process, addr []byte) (*net.Unix, syscall.Errno) {
	name, errno := decodeUnix(addr)
	if errno != 0 || name == "" {
		return nil, syscall.EINVAL
	}
	var found *unixSocket
	if name[0] == 0 {
		found = s.node.unix.abstract[name]
	} else {
		file, errno := s.node.disk.Lookup(p.cwd, name, true)
		if errno != 0 {
			return nil, errno
		}
		found = s.node.unix.files[file]
	}
	if found == nil {
		return nil, 0
	}
	return found.sock, 0
}

func (s *unixSocket) connect(p *process, addr []byte) syscall.Errno {
	if len(addr) >= 2 && binary.NativeEndian.Uint16(addr) == syscall.AF_UNSPEC {
		s.sock.Disconnect()
		return 0
	}
	to, errno := s.find(p, addr)
	if errno != 0 {
		return errno
	}
	return s.sock.Connect(to)
}

func (s *unixSocket) accept() (socket, syscall.Errno) {
	u, errno := s.sock.Accept()
	if errno != 0 {
		return nil, errno
	}
	return newUnixSocket(s.node, u), 0
}

func (s *unixSocket) send(p *process, b, to []byte) (int, syscall.Errno) {
	if to == nil || s.sock.Kind() != net.UnixDatagram {
		return s.sock.Send(b, nil)
	}
	dst, errno := s.find(p, to)
	switch {
	case errno != 0:
		return 0, errno
	case dst == nil:
		return 0, syscall.ECONNREFUSED
	}
	return s.sock.Send(b, dst)
}

func (s *unixSocket) receive(b []byte, peek bool) (n, full int, from []byte, errno syscall.Errno) {
	n, full, name, errno := s.sock.Receive(b, peek)
	if errno == 0 && s.sock.Kind() == net.UnixDatagram {
		from = encodeUnix(name)
	}
	return n, full, from, errno
}

// setOption accepts what changes nothing for a socket of this family.
func (s *unixSocket) setOption(which option, value []byte) syscall.Errno {
	switch which {
	case option{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}, option{syscall.SOL_SOCKET, syscall.SO_BROADCAST},
		option{syscall.SOL_SOCKET, syscall.SO_SNDBUF}, option{syscall.SOL_SOCKET, syscall.SO_RCVBUF},
		option{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}, option{syscall.SOL_SOCKET, syscall.SO_LINGER}:
		return 0
	}
	return syscall.ENOPROTOOPT
}

func (s *unixSocket) option(which option) ([]byte, syscall.Errno) {
	const peerCredentials = 17 // SO_PEERCRED
	number := func(n int) ([]byte, syscall.Errno) {
		return binary.NativeEndian.AppendUint32(nil, uint32(n)), 0
	}
	switch which {
	case option{syscall.SOL_SOCKET, syscall.SO_ERROR}:
		return number(int(s.sock.TakeError()))
	case option{syscall.SOL_SOCKET, syscall.SO_TYPE}:
		return number(s.sock.Kind())
	case option{syscall.SOL_SOCKET, soDomain}:
		return number(syscall.AF_UNIX)
	case option{syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN}:
		if s.sock.Listening() {
			return number(1)
		}
		return number(0)
	case option{syscall.SOL_SOCKET, syscall.SO_SNDBUF}, option{syscall.SOL_SOCKET, syscall.SO_RCVBUF}:
		return number(208 << 10)
	case option{syscall.SOL_SOCKET, peerCredentials}: // pid, uid, gid: everybody is root
		return make([]byte, 12), 0
	}
	return nil, syscall.ENOPROTOOPT
}

func sysSocketpair(p *process, a args) (uintptr, syscall.Errno) {
	fds := at[[2]int32](a[3])
	switch {
	case fds == nil:
		return 0, syscall.EFAULT
	case a[0] != syscall.AF_UNIX:
		return 0, syscall.EOPNOTSUPP
	}
	kind := int(a[1]) &^ socketFlags
	if !unixKind(kind) {
		return 0, syscall.ESOCKTNOSUPPORT
	}
	x, y := net.NewUnix(kind), net.NewUnix(kind)
	net.Pair(x, y)
	for i, u := range []*net.Unix{x, y} {
		fd, errno := p.installSocket(newUnixSocket(p.node, u), a[1])
		if errno != 0 {
			if i == 1 {
				p.close(int(fds[0]))
			}
			return 0, errno
		}
		fds[i] = int32(fd)
	}
	return 0, 0
}

func unixKind(kind int) bool {
	return kind == net.UnixStream || kind == net.UnixDatagram || kind == net.UnixPacket
}

package shim

import "syscall"

// socket is an open socket of any family. Addresses are in the form of the system calls. As everywhere,
// operations answer EAGAIN or EINPROGRESS where they would block.
type socket interface {
	object
	bind(p *process, addr []byte) syscall.Errno
	listen(backlog int) syscall.Errno
	accept() (socket, syscall.Errno)
	connect(p *process, addr []byte) syscall.Errno
	shutdown(read, write bool) syscall.Errno
	// name and peer are the addresses of the two ends.
	name() []byte
	peer() ([]byte, syscall.Errno)
	// send sends b, to an address if there is one.
	send(p *process, b, to []byte) (int, syscall.Errno)
	// receive fills b; full is the length of the message if that is longer.
	receive(b []byte, peek bool) (n, full int, from []byte, errno syscall.Errno)
	setOption(which option, value []byte) syscall.Errno
	option(which option) ([]byte, syscall.Errno)
	takeError() syscall.Errno
	unread() int
}

// option is a socket option: level and number.
type option struct{ level, number int }

func (p *process) socket(fd uintptr) (*openFile, socket, syscall.Errno) {
	f, errno := p.file(fd)
	if errno != 0 {
		return nil, nil, errno
	}
	if s, ok := f.object.(socket); ok {
		return f, s, 0
	}
	return nil, nil, syscall.ENOTSOCK
}

// unsupported answers for what a kind of socket cannot do.
type unsupported struct{}

func (unsupported) listen(int) syscall.Errno               { return syscall.EOPNOTSUPP }
func (unsupported) accept() (socket, syscall.Errno)        { return nil, syscall.EOPNOTSUPP }
func (unsupported) connect(*process, []byte) syscall.Errno { return syscall.EOPNOTSUPP }
func (unsupported) shutdown(_, _ bool) syscall.Errno       { return syscall.EOPNOTSUPP }
func (unsupported) peer() ([]byte, syscall.Errno)          { return nil, syscall.ENOTCONN }
func (unsupported) setOption(option, []byte) syscall.Errno { return 0 }
func (unsupported) option(option) ([]byte, syscall.Errno)  { return nil, syscall.ENOPROTOOPT }
func (unsupported) takeError() syscall.Errno               { return 0 }
func (unsupported) unread() int                            { return 0 }
func (unsupported) stat(*process) fileStat                 { return socketStat() }

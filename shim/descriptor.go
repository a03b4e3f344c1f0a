package shim

import (
	"slices"
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/os"
)

// maxDescriptors is RLIMIT_NOFILE, soft and hard.
const maxDescriptors = 1 << 20

// descriptor is an entry in a table. The zero descriptor is free.
type descriptor struct {
	file    *openFile
	cloexec bool
	owner   *process // who made it
}

// standardStreams is the number of descriptors for input, output and errors.
const standardStreams = 3

// descriptors is a process's table. Workloads share their variables, so the file or connection that one has opened can come
// into another's hands, as those of http.DefaultTransport do: its number must mean the same there. So they share the
// table, too, except for the standard streams, which tell who prints.
type descriptors struct {
	own    [standardStreams]descriptor
	shared *[]descriptor // from number 3 on
}

// slot returns the entry of a descriptor, nil if the table has not grown that far.
func (d *descriptors) slot(fd int) *descriptor {
	switch {
	case fd < 0:
		return nil
	case fd < standardStreams:
		return &d.own[fd]
	case fd-standardStreams < len(*d.shared):
		return &(*d.shared)[fd-standardStreams]
	}
	return nil
}

// grow makes sure that the descriptor has an entry.
func (d *descriptors) grow(fd int) *descriptor {
	if missing := fd + 1 - standardStreams - len(*d.shared); missing > 0 {
		*d.shared = slices.Grow(*d.shared, missing)[:len(*d.shared)+missing]
	}
	return d.slot(fd)
}

// len is the number above all that are in use.
func (d *descriptors) len() int { return standardStreams + len(*d.shared) }

// openFile is what Linux calls an open file description: what descriptors refer to, shared by dup.
type openFile struct {
	object  object
	flags   int // access mode, O_APPEND, O_NONBLOCK, ...
	path    string
	refs    int
	opened  int64 // when its first descriptor was made
	polls   []*rt.PollDesc
	waiters []*rt.G // goroutines in blocking system calls
}

// object is what an open file does. Operations answer EAGAIN where they would block.
type object interface {
	Read(f *openFile, b []byte) (int, syscall.Errno)
	Write(f *openFile, b []byte) (int, syscall.Errno)
	// poll makes the object tell of edges, and reports whether it has any: files on disk do not.
	poll(notify func(mode byte)) bool
	readable() bool
	writable() bool
	stat(p *process) fileStat
	// release is called when the last descriptor is gone.
	release()
}

// fileStat is what fstat reports.
type fileStat = os.Stat

func pipeStat() fileStat {
	return fileStat{Dev: 13, Ino: 1, Mode: syscall.S_IFIFO | 0600, Nlink: 1}
}

func socketStat() fileStat {
	return fileStat{Dev: 8, Ino: 1, Mode: syscall.S_IFSOCK | 0777, Nlink: 1}
}

func (f *openFile) nonblocking() bool { return f.flags&syscall.O_NONBLOCK != 0 }

func (f *openFile) mayRead() bool  { return f.flags&syscall.O_ACCMODE != syscall.O_WRONLY }
func (f *openFile) mayWrite() bool { return f.flags&syscall.O_ACCMODE != syscall.O_RDONLY }

// notify passes an edge on to everybody who waits for one.
func (f *openFile) notify(mode byte) {
	for _, pd := range f.polls {
		pd.Ready(mode)
	}
	f.wakeAll()
}

func (f *openFile) wakeAll() {
	waiters := f.waiters
	f.waiters = nil
	for _, g := range waiters {
		g.Ready()
	}
}

// await parks the calling goroutine until something about the file changes.
func (f *openFile) await(why string) {
	f.waiters = append(f.waiters, rt.Current())
	rt.Park(why)
}

// repeat does an operation until it does not say EAGAIN, or once if the descriptor is not to block.
func (f *openFile) repeat(why string, op func() (int, syscall.Errno)) (uintptr, syscall.Errno) {
	for {
		n, errno := op()
		if errno != syscall.EAGAIN || f.nonblocking() {
			return uintptr(n), errno
		}
		f.await(why)
	}
}

// install puts an open file at the lowest free number.
func (p *process) install(f *openFile, cloexec bool) (uintptr, syscall.Errno) {
	return p.installAbove(0, f, cloexec)
}

func (p *process) installAbove(least int, f *openFile, cloexec bool) (uintptr, syscall.Errno) {
	fd := least
	for d := p.files.slot(fd); d != nil && d.file != nil; d = p.files.slot(fd) {
		fd++
	}
	if fd >= p.limit {
		if f.refs == 0 {
			f.object.release()
		}
		return 0, syscall.EMFILE
	}
	p.put(fd, f, cloexec)
	return uintptr(fd), 0
}

// full reports whether the process may have no more descriptors.
func (p *process) full() bool {
	if p.files.len() < p.limit {
		return false
	}
	for fd := range p.limit {
		if p.files.slot(fd).file == nil {
			return false
		}
	}
	return true
}

func (p *process) put(fd int, f *openFile, cloexec bool) {
	f.refs++
	*p.files.grow(fd) = descriptor{f, cloexec, p}
	if f.refs == 1 {
		f.opened = rt.Now()
		f.object.poll(f.notify)
	}
}

// file returns what a descriptor refers to.
func (p *process) file(fd uintptr) (*openFile, syscall.Errno) {
	if d := p.files.slot(int(int32(fd))); d != nil && d.file != nil {
		return d.file, 0
	}
	return nil, syscall.EBADF
}

// close frees a descriptor.
func (p *process) close(fd int) syscall.Errno {
	f, errno := p.file(uintptr(fd))
	if errno != 0 {
		return errno
	}
	*p.files.slot(fd) = descriptor{}
	if d, ok := f.object.(*diskFile); ok {
		d.inode.Unlock(p, false, 0, os.RangeEnd) // closing any descriptor ends the process's own locks
	}
	if f.refs--; f.refs > 0 {
		return 0
	}
	f.polls = nil
	f.object.release()
	f.wakeAll()
	return 0
}

// PollOpen implements runtime.Kernel.
func (w *World) PollOpen(proc *rt.Process, fd int, pd *rt.PollDesc) int {
	f, errno := w.of(proc).file(uintptr(fd))
	if errno != 0 {
		return int(errno)
	}
	if !f.object.poll(f.notify) {
		return int(syscall.EPERM)
	}
	f.polls = append(f.polls, pd)
	if f.object.readable() {
		pd.Ready('r')
	}
	if f.object.writable() {
		pd.Ready('w')
	}
	return 0
}

// PollClose implements runtime.Kernel.
func (w *World) PollClose(proc *rt.Process, pd *rt.PollDesc) {
	if f, errno := w.of(proc).file(uintptr(pd.FD())); errno == 0 {
		f.polls = slices.DeleteFunc(f.polls, func(o *rt.PollDesc) bool { return o == pd })
	}
}

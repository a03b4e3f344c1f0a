package shim

import (
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/os"
)

// dup, fcntl, flock, ioctl: what can be done to a descriptor itself.

func sysDup(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	return p.install(f, false)
}

func sysDup2(p *process, a args) (uintptr, syscall.Errno) {
	if a[0] == a[1] {
		_, errno := p.file(a[0])
		return a[0], errno
	}
	return sysDup3(p, a)
}

func sysDup3(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	to := int(int32(a[1]))
	switch {
	case errno != 0:
		return 0, errno
	case a[0] == a[1] || a[2]&^syscall.O_CLOEXEC != 0:
		return 0, syscall.EINVAL
	case to < 0 || to >= p.limit:
		return 0, syscall.EBADF
	}
	p.close(to)
	p.put(to, f, a[2]&syscall.O_CLOEXEC != 0)
	return uintptr(to), 0
}

// changeable are the status flags that fcntl can set.
const changeable = syscall.O_APPEND | syscall.O_NONBLOCK | syscall.O_DIRECT | 0o1000000 // O_NOATIME

func sysFcntl(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	d := p.files.slot(int(int32(a[0])))
	switch a[1] {
	case syscall.F_DUPFD, syscall.F_DUPFD_CLOEXEC:
		if least := int(int32(a[2])); least >= 0 && least < p.limit {
			return p.installAbove(least, f, a[1] == syscall.F_DUPFD_CLOEXEC)
		}
		return 0, syscall.EINVAL
	case syscall.F_GETFD:
		if d.cloexec {
			return syscall.FD_CLOEXEC, 0
		}
		return 0, 0
	case syscall.F_SETFD:
		d.cloexec = a[2]&syscall.FD_CLOEXEC != 0
		return 0, 0
	case syscall.F_GETFL:
		return uintptr(f.flags), 0
	case syscall.F_SETFL:
		f.flags = f.flags&^changeable | int(a[2])&changeable
		return 0, 0
	case syscall.F_GETLK, syscall.F_SETLK, syscall.F_SETLKW:
		return p.rangeLock(f, p, a[1], at[syscall.Flock_t](a[2]))
	case ofdGetLock, ofdSetLock, ofdSetLockWait:
		return p.rangeLock(f, f.object, a[1]-ofdGetLock+syscall.F_GETLK, at[syscall.Flock_t](a[2]))
	case getPipeSize, setPipeSize: // it cannot be changed, but asking is allowed
		if _, ok := f.object.(*pipeEnd); ok {
			return 64 << 10, 0
		}
		return 0, syscall.EBADF
	}
	p.node.world.report("fcntl command " + decimal(a[1]))
	return 0, syscall.EINVAL
}

const (
	ofdGetLock     = 36
	ofdSetLock     = 37
	ofdSetLockWait = 38
	setPipeSize    = 1031
	getPipeSize    = 1032
)

// rangeLock is fcntl's locking of bytes, for a process or, with OFD locks, for an open file.
func (p *process) rangeLock(f *openFile, owner any, cmd uintptr, l *syscall.Flock_t) (uintptr, syscall.Errno) {
	d, ok := f.object.(*diskFile)
	switch {
	case l == nil:
		return 0, syscall.EFAULT
	case !ok:
		return 0, syscall.EBADF
	}
	from, to, errno := extent(d, l)
	if errno != 0 {
		return 0, errno
	}
	exclusive := l.Type == syscall.F_WRLCK
	switch {
	case cmd == syscall.F_GETLK:
		holder, r := d.inode.TestLock(owner, exclusive, from, to)
		describeLock(l, holder, r)
		return 0, 0
	case l.Type == syscall.F_UNLCK:
		d.inode.Unlock(owner, false, from, to)
		return 0, 0
	case exclusive && !f.mayWrite(), l.Type == syscall.F_RDLCK && !f.mayRead():
		return 0, syscall.EBADF
	}
	return p.lock(d.inode, owner, false, exclusive, from, to, cmd == syscall.F_SETLKW)
}

func extent(d *diskFile, l *syscall.Flock_t) (from, to int64, errno syscall.Errno) {
	switch from = l.Start; l.Whence {
	case 0:
	case 1:
		from += d.position
	case 2:
		from += d.inode.Size()
	default:
		return 0, 0, syscall.EINVAL
	}
	switch {
	case l.Len == 0:
		to = os.RangeEnd
	case l.Len < 0:
		from, to = from+l.Len, from
	default:
		to = from + l.Len
	}
	if from < 0 || to < from {
		errno = syscall.EINVAL
	}
	return from, to, errno
}

func describeLock(l *syscall.Flock_t, holder any, r os.Range) {
	l.Type = syscall.F_UNLCK
	if holder == nil {
		return
	}
	l.Type, l.Whence, l.Start, l.Len, l.Pid = syscall.F_RDLCK, 0, r.From, r.To-r.From, -1
	if r.Exclusive {
		l.Type = syscall.F_WRLCK
	}
	if r.To == os.RangeEnd {
		l.Len = 0
	}
	if p, ok := holder.(*process); ok {
		l.Pid = int32(p.pid)
	}
}

func sysFlock(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, ok := f.object.(*diskFile)
	if !ok {
		return 0, syscall.EINVAL
	}
	switch how := a[1] &^ syscall.LOCK_NB; how {
	case syscall.LOCK_UN:
		d.inode.Unlock(d, true, 0, os.RangeEnd)
		return 0, 0
	case syscall.LOCK_SH, syscall.LOCK_EX:
		return p.lock(d.inode, d, true, how == syscall.LOCK_EX, 0, os.RangeEnd, a[1]&syscall.LOCK_NB == 0)
	}
	return 0, syscall.EINVAL
}

// lock takes a lock, now or when it is free.
func (p *process) lock(n *os.Inode, owner any, whole, exclusive bool, from, to int64, wait bool) (uintptr, syscall.Errno) {
	for {
		conflict, _ := n.Lock(owner, whole, exclusive, from, to)
		switch {
		case conflict == nil:
			return 0, 0
		case !wait:
			return 0, syscall.EAGAIN
		}
		n.AwaitUnlock(rt.Current().Ready)
		rt.Park("file lock")
	}
}

func sysIoctl(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	const fionread, fionbio, tcgets2 = 0x541b, 0x5421, 0x802c542a
	switch a[1] {
	case fionread:
		out := at[int32](a[2])
		if out == nil {
			return 0, syscall.EFAULT
		}
		switch o := f.object.(type) {
		case *pipeEnd:
			*out = int32(o.pipe.Unread())
		case socket:
			*out = int32(o.unread())
		case *diskFile:
			*out = int32(max(0, o.inode.Size()-o.position))
		default:
			return 0, syscall.ENOTTY
		}
		return 0, 0
	case fionbio:
		on := at[int32](a[2])
		if on == nil {
			return 0, syscall.EFAULT
		}
		f.flags &^= syscall.O_NONBLOCK
		if *on != 0 {
			f.flags |= syscall.O_NONBLOCK
		}
		return 0, 0
	case syscall.TCGETS, syscall.TIOCGWINSZ, syscall.TIOCGPGRP, tcgets2:
		return 0, syscall.ENOTTY // there is no terminal anywhere
	}
	p.node.world.report("ioctl " + hexadecimal(a[1]))
	return 0, syscall.ENOTTY
}

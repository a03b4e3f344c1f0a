package shim

import (
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

// What files are, and what can be changed about them other than content and names.

// subject finds the file that dirfd, path and flags name; an empty path can mean dirfd itself.
func (p *process) subject(dirfd, a, flags uintptr) (fileStat, syscall.Errno) {
	if flags&atEmptyPath != 0 {
		if name, errno := text(a); errno != 0 || name == "" {
			f, errno := p.file(dirfd)
			if errno != 0 {
				return fileStat{}, errno
			}
			return f.object.stat(p), 0
		}
	}
	n, errno := p.lookup(dirfd, a, flags&atSymlinkNoF == 0)
	if errno != 0 {
		return fileStat{}, errno
	}
	return n.Stat(), 0
}

func sysNewfstatat(p *process, a args) (uintptr, syscall.Errno) {
	st, errno := p.subject(a[0], a[1], a[3])
	if errno != 0 {
		return 0, errno
	}
	return putStat(st, a[2])
}

func sysLstat(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysNewfstatat(p, args{uintptr(cwd), a[0], a[1], atSymlinkNoF})
}

func sysFstat(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	return putStat(f.object.stat(p), a[1])
}

func putStat(st fileStat, to uintptr) (uintptr, syscall.Errno) {
	out := at[syscall.Stat_t](to)
	if out == nil {
		return 0, syscall.EFAULT
	}
	*out = syscall.Stat_t{
		Dev: st.Dev, Ino: st.Ino, Mode: st.Mode, Uid: st.UID, Gid: st.GID, Rdev: st.Rdev,
		Size: st.Size, Blksize: 4096, Blocks: st.Blocks,
		Atim: syscall.NsecToTimespec(st.Atime),
		Mtim: syscall.NsecToTimespec(st.Mtime),
		Ctim: syscall.NsecToTimespec(st.Ctime),
	}
	setLinks(out, st.Nlink)
	return 0, 0
}

// statx is struct statx, which is the same on every architecture.
type statx struct {
	mask, blksize                       uint32
	attributes                          uint64
	nlink, uid, gid                     uint32
	mode                                uint16
	_                                   uint16
	ino, size, blocks, attributesMask   uint64
	atime, btime, ctime, mtime          statxTime
	rdevMajor, rdevMinor, major, minor_ uint32
	_                                   [14]uint64
}

type statxTime struct {
	sec  int64
	nsec uint32
	_    int32
}

func sysStatx(p *process, a args) (uintptr, syscall.Errno) {
	st, errno := p.subject(a[0], a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	out := at[statx](a[4])
	if out == nil {
		return 0, syscall.EFAULT
	}
	const basic = 0x7ff
	*out = statx{
		mask: basic, blksize: 4096, nlink: uint32(st.Nlink), uid: st.UID, gid: st.GID, mode: uint16(st.Mode),
		ino: st.Ino, size: uint64(st.Size), blocks: uint64(st.Blocks),
		atime: toStatx(st.Atime), ctime: toStatx(st.Ctime), mtime: toStatx(st.Mtime),
		rdevMajor: uint32(st.Rdev >> 8), rdevMinor: uint32(st.Rdev & 0xff),
		major: uint32(st.Dev >> 8), minor_: uint32(st.Dev & 0xff),
	}
	return 0, 0
}

func toStatx(ns int64) statxTime {
	t := syscall.NsecToTimespec(ns)
	return statxTime{sec: t.Sec, nsec: uint32(t.Nsec)}
}

func sysStatfs(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	if _, errno := p.lookup(uintptr(cwd), a[0], true); errno != 0 {
		return 0, errno
	}
	return putStatfs(a[1])
}

func sysFstatfs(p *process, a args) (uintptr, syscall.Errno) {
	if _, errno := p.file(a[0]); errno != 0 {
		return 0, errno
	}
	return putStatfs(a[1])
}

// putStatfs describes the disk as it would be if it filled: it does not.
func putStatfs(to uintptr) (uintptr, syscall.Errno) {
	out := at[syscall.Statfs_t](to)
	if out == nil {
		return 0, syscall.EFAULT
	}
	const ext4, blocks, free = 0xef53, 64 << 18, 60 << 18
	*out = syscall.Statfs_t{
		Type: ext4, Bsize: 4096, Frsize: 4096, Namelen: 255,
		Blocks: blocks, Bfree: free, Bavail: free, Files: 1 << 22, Ffree: 1<<22 - 1000,
	}
	return 0, 0
}

// inodeOf is the file behind a descriptor, for the calls that change its attributes.
func (p *process) inodeOf(fd uintptr) (*os.Inode, syscall.Errno) {
	f, errno := p.file(fd)
	if errno != 0 {
		return nil, errno
	}
	if d, ok := f.object.(*diskFile); ok {
		return d.inode, 0
	}
	return nil, syscall.EINVAL
}

func sysFchmod(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.inodeOf(a[0])
	if errno == 0 {
		n.Chmod(uint32(a[1]))
	}
	return 0, errno
}

func sysFchmodat(p *process, a args) (uintptr, syscall.Errno) {
	return chmod(p, a, true)
}

func sysFchmodat2(p *process, a args) (uintptr, syscall.Errno) {
	return chmod(p, a, a[3]&atSymlinkNoF == 0)
}

func chmod(p *process, a args, follow bool) (uintptr, syscall.Errno) {
	n, errno := p.lookup(a[0], a[1], follow)
	switch {
	case errno != 0:
		return 0, errno
	case n.IsSymlink():
		return 0, syscall.EOPNOTSUPP
	}
	n.Chmod(uint32(a[2]))
	return 0, 0
}

func sysFchown(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.inodeOf(a[0])
	if errno == 0 {
		n.Chown(int32(a[1]), int32(a[2]))
	}
	return 0, errno
}

func sysFchownat(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.lookup(a[0], a[1], a[4]&atSymlinkNoF == 0)
	if errno == 0 {
		n.Chown(int32(a[2]), int32(a[3]))
	}
	return 0, errno
}

func sysLchown(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysFchownat(p, args{uintptr(cwd), a[0], a[1], a[2], atSymlinkNoF})
}

func sysChown(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysFchownat(p, args{uintptr(cwd), a[0], a[1], a[2], 0})
}

func sysUtimensat(p *process, a args) (uintptr, syscall.Errno) {
	var n *os.Inode
	var errno syscall.Errno
	if a[1] == 0 {
		n, errno = p.inodeOf(a[0])
	} else {
		n, errno = p.lookup(a[0], a[1], a[3]&atSymlinkNoF == 0)
	}
	if errno != 0 {
		return 0, errno
	}
	now := p.wall()
	times := at[[2]syscall.Timespec](a[2])
	if times == nil {
		n.SetTimes(&now, &now)
		return 0, 0
	}
	var set [2]*int64
	for i, t := range times {
		const setNow, omit = 1<<30 - 1, 1<<30 - 2
		switch {
		case t.Nsec == omit:
		case t.Nsec == setNow:
			set[i] = &now
		case t.Nsec < 0 || t.Nsec >= 1e9:
			return 0, syscall.EINVAL
		default:
			ns := t.Nano()
			set[i] = &ns
		}
	}
	n.SetTimes(set[0], set[1])
	return 0, 0
}

func sysUmask(p *process, a args) (uintptr, syscall.Errno) {
	old := p.umask
	p.umask = uint32(a[0]) & 0777
	return uintptr(old), 0
}

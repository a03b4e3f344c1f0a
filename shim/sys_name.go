package shim

import (
	"path"
	"strconv"
	"strings"
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

// The system calls that take paths.

const (
	atCwd            = -100   // AT_FDCWD
	atSymlinkNoF     = 0x100  // AT_SYMLINK_NOFOLLOW
	atRemoveDir      = 0x200  // AT_REMOVEDIR
	atSymlinkFollow  = 0x400  // AT_SYMLINK_FOLLOW
	atEmptyPath      = 0x1000 // AT_EMPTY_PATH
	oPath            = 0x200000
	oTmpfile         = 0x400000
	creationFlags    = syscall.O_CREAT | syscall.O_EXCL | syscall.O_TRUNC | syscall.O_DIRECTORY | syscall.O_NOFOLLOW | syscall.O_CLOEXEC | syscall.O_NOCTTY
	permissionsOfAll = 07777
)

// start is the directory a path is relative to.
func (p *process) start(dirfd uintptr, path string) (*os.Inode, syscall.Errno) {
	if strings.HasPrefix(path, "/") || int32(dirfd) == atCwd {
		return p.cwd, 0
	}
	f, errno := p.file(dirfd)
	if errno != 0 {
		return nil, errno
	}
	if d, ok := f.object.(*diskFile); ok && d.inode.IsDir() {
		return d.inode, 0
	}
	return nil, syscall.ENOTDIR
}

// where reads a path argument and the directory it is relative to.
func (p *process) where(dirfd, a uintptr) (*os.Inode, string, syscall.Errno) {
	name, errno := text(a)
	if errno != 0 {
		return nil, "", errno
	}
	from, errno := p.start(dirfd, name)
	return from, name, errno
}

// lookup finds the file a path argument names.
func (p *process) lookup(dirfd, a uintptr, follow bool) (*os.Inode, syscall.Errno) {
	from, name, errno := p.where(dirfd, a)
	if errno != 0 {
		return nil, errno
	}
	if n, ok := p.virtual(name, follow); ok {
		if n == nil {
			return nil, syscall.ENOENT
		}
		return n, 0
	}
	return p.node.disk.Lookup(from, name, follow)
}

func sysOpenat(p *process, a args) (uintptr, syscall.Errno) {
	from, name, errno := p.where(a[0], a[1])
	if errno != 0 {
		return 0, errno
	}
	flags := int(int32(a[2]))
	if flags&oTmpfile == oTmpfile {
		return 0, syscall.EOPNOTSUPP
	}
	n, isVirtual := p.virtual(name, flags&syscall.O_NOFOLLOW == 0)
	switch {
	case isVirtual && n == nil:
		return 0, syscall.ENOENT
	case isVirtual && n.IsSymlink():
		return 0, syscall.ELOOP
	case isVirtual && flags&syscall.O_ACCMODE != syscall.O_RDONLY:
		return 0, syscall.EACCES
	case !isVirtual:
		if n, errno = p.node.disk.Open(from, name, flags, uint32(a[3])&^p.umask); errno != 0 {
			return 0, errno
		}
	}
	f := &openFile{object: newDiskFile(n), flags: flags &^ creationFlags, path: absolute(from, name)}
	return p.install(f, flags&syscall.O_CLOEXEC != 0)
}

func absolute(from *os.Inode, name string) string {
	dir, _ := from.Path()
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}

// inCwd makes the form of a call without a directory descriptor from the one with it.
func inCwd(do func(*process, args) (uintptr, syscall.Errno), extra ...uintptr) func(*process, args) (uintptr, syscall.Errno) {
	return func(p *process, a args) (uintptr, syscall.Errno) {
		cwd := atCwd
		b := args{uintptr(cwd), a[0], a[1], a[2], a[3], a[4]}
		for i, x := range extra { // fixes arguments from the third on
			b[2+i] = x
		}
		return do(p, b)
	}
}

func sysCreat(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysOpenat(p, args{uintptr(cwd), a[0], syscall.O_CREAT | syscall.O_WRONLY | syscall.O_TRUNC, a[1]})
}

func sysMkdirat(p *process, a args) (uintptr, syscall.Errno) {
	from, name, errno := p.where(a[0], a[1])
	if errno != 0 {
		return 0, errno
	}
	return 0, p.node.disk.Mkdir(from, name, uint32(a[2])&^p.umask)
}

func sysUnlinkat(p *process, a args) (uintptr, syscall.Errno) {
	from, name, errno := p.where(a[0], a[1])
	switch {
	case errno != 0:
		return 0, errno
	case a[2]&^atRemoveDir != 0:
		return 0, syscall.EINVAL
	case a[2] != 0:
		return 0, p.node.disk.Rmdir(from, name)
	}
	return 0, p.node.disk.Unlink(from, name)
}

// A namePair is an old name and a new one, each with the directory it is in.
type namePair struct {
	from *os.Inode
	old  string
	to   *os.Inode
	name string
}

func (p *process) namePair(a args) (n namePair, errno syscall.Errno) {
	if n.from, n.old, errno = p.where(a[0], a[1]); errno != 0 {
		return n, errno
	}
	n.to, n.name, errno = p.where(a[2], a[3])
	return n, errno
}

func sysRenameat2(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.namePair(a)
	if errno != 0 {
		return 0, errno
	}
	return 0, p.node.disk.Rename(n.from, n.old, n.to, n.name, uint(uint32(a[4])))
}

func sysRenameat(p *process, a args) (uintptr, syscall.Errno) {
	return sysRenameat2(p, args{a[0], a[1], a[2], a[3]})
}

func sysRename(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysRenameat2(p, args{uintptr(cwd), a[0], uintptr(cwd), a[1]})
}

func sysLinkat(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.namePair(a)
	if errno != 0 {
		return 0, errno
	}
	return 0, p.node.disk.Link(n.from, n.old, n.to, n.name, a[4]&atSymlinkFollow != 0)
}

func sysLink(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysLinkat(p, args{uintptr(cwd), a[0], uintptr(cwd), a[1]})
}

func sysSymlinkat(p *process, a args) (uintptr, syscall.Errno) {
	target, errno := text(a[0])
	if errno != 0 {
		return 0, errno
	}
	from, name, errno := p.where(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	return 0, p.node.disk.Symlink(target, from, name)
}

func sysSymlink(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	return sysSymlinkat(p, args{a[0], uintptr(cwd), a[1]})
}

func sysReadlinkat(p *process, a args) (uintptr, syscall.Errno) {
	n, errno := p.lookup(a[0], a[1], false)
	switch {
	case errno != 0:
		return 0, errno
	case !n.IsSymlink() || int(a[3]) <= 0:
		return 0, syscall.EINVAL
	}
	b, errno := memory(a[2], a[3])
	if errno != 0 {
		return 0, errno
	}
	return uintptr(copy(b, n.Target())), 0
}

func sysGetcwd(p *process, a args) (uintptr, syscall.Errno) {
	dir, ok := p.cwd.Path()
	if !ok {
		return 0, syscall.ENOENT
	}
	b, errno := memory(a[0], a[1])
	if errno != 0 {
		return 0, errno
	}
	if len(b) < len(dir)+1 {
		return 0, syscall.ERANGE
	}
	b[copy(b, dir)] = 0
	return uintptr(len(dir) + 1), 0
}

func sysChdir(p *process, a args) (uintptr, syscall.Errno) {
	cwd := atCwd
	n, errno := p.lookup(uintptr(cwd), a[0], true)
	switch {
	case errno != 0:
		return 0, errno
	case !n.IsDir():
		return 0, syscall.ENOTDIR
	}
	p.cwd = n
	return 0, 0
}

func sysFchdir(p *process, a args) (uintptr, syscall.Errno) {
	d, errno := p.directory(a[0])
	if errno != 0 {
		return 0, errno
	}
	p.cwd = d.inode
	return 0, 0
}

func sysTruncate(p *process, a args) (uintptr, syscall.Errno) {
	if int64(a[1]) < 0 {
		return 0, syscall.EINVAL
	}
	cwd := atCwd
	n, errno := p.lookup(uintptr(cwd), a[0], true)
	if errno != 0 {
		return 0, errno
	}
	return 0, n.Truncate(int64(a[1]))
}

func sysFaccessat(p *process, a args) (uintptr, syscall.Errno) {
	const execute = 1
	n, errno := p.lookup(a[0], a[1], a[3]&atSymlinkNoF == 0)
	if errno != 0 {
		return 0, errno
	}
	// Root may do everything but execute what nobody may.
	if a[2]&execute != 0 && !n.IsDir() && n.Stat().Mode&0111 == 0 {
		return 0, syscall.EACCES
	}
	return 0, 0
}

func decimal(n uintptr) string     { return strconv.FormatUint(uint64(n), 10) }
func hexadecimal(n uintptr) string { return "0x" + strconv.FormatUint(uint64(n), 16) }

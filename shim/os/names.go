package os

import (
	"strings"
	"syscall"
)

// Open flags the package looks at have Linux's values, which differ between architectures only where noted in
// package syscall.
const accessMode = syscall.O_RDONLY | syscall.O_WRONLY | syscall.O_RDWR

// Open finds or creates the file for an open system call. perm already has the umask taken off.
func (d *Disk) Open(from *Inode, path string, flags int, perm uint32) (*Inode, syscall.Errno) {
	create := flags&syscall.O_CREAT != 0
	exclusive := create && flags&syscall.O_EXCL != 0
	if create && strings.HasSuffix(path, "/") { // whatever is there
		_, errno := d.walk(from, path, parentOnly)
		if errno == 0 {
			errno = syscall.EISDIR
		}
		return nil, errno
	}
	at, errno := d.walk(from, path, followIf(flags&syscall.O_NOFOLLOW == 0 && !exclusive))
	if errno != 0 {
		return nil, errno
	}
	n := at.node
	if n == nil {
		if !create {
			return nil, syscall.ENOENT
		}
		return d.create(at, path, perm, flags)
	}
	writes := flags&accessMode != syscall.O_RDONLY
	switch {
	case exclusive:
		return nil, syscall.EEXIST
	case flags&syscall.O_DIRECTORY != 0 && !n.IsDir():
		return nil, syscall.ENOTDIR
	case n.IsSymlink() && flags&oPath == 0:
		return nil, syscall.ELOOP
	case n.IsDir() && (writes || create):
		return nil, syscall.EISDIR
	}
	if flags&syscall.O_TRUNC != 0 && n.IsRegular() && n.data.size > 0 {
		n.Truncate(0)
	}
	return n, 0
}

const oPath = 0x200000 // O_PATH

// create makes a regular file at a place where there is none. A dangling symbolic link has been followed to
// the place it points to.
func (d *Disk) create(at place, path string, perm uint32, flags int) (*Inode, syscall.Errno) {
	switch {
	case at.slash:
		return nil, syscall.EISDIR
	case flags&syscall.O_DIRECTORY != 0:
		return nil, syscall.EINVAL
	case at.dir.links == 0:
		return nil, syscall.ENOENT
	}
	n := d.newInode(syscall.S_IFREG | perm&07777)
	d.change(edit{dir: at.dir, name: at.name, new: n})
	return n, 0
}

// Lookup finds an existing file.
func (d *Disk) Lookup(from *Inode, path string, follow bool) (*Inode, syscall.Errno) {
	return d.existing(from, path, follow)
}

// Mkdir makes a directory.
func (d *Disk) Mkdir(from *Inode, path string, perm uint32) syscall.Errno {
	at, errno := d.vacant(from, path)
	if errno != 0 {
		return errno
	}
	n := d.newInode(syscall.S_IFDIR | perm&07777)
	d.change(edit{dir: at.dir, name: at.name, new: n})
	return 0
}

// Symlink makes a symbolic link.
func (d *Disk) Symlink(target string, from *Inode, path string) syscall.Errno {
	if target == "" {
		return syscall.ENOENT
	}
	if len(target) >= maxPath {
		return syscall.ENAMETOOLONG
	}
	at, errno := d.vacant(from, path)
	if errno == 0 && at.slash {
		errno = syscall.ENOENT
	}
	if errno != 0 {
		return errno
	}
	n := d.newInode(syscall.S_IFLNK | 0777)
	n.target = target
	d.change(edit{dir: at.dir, name: at.name, new: n})
	return 0
}

// Link gives a file another name.
func (d *Disk) Link(oldFrom *Inode, old string, newFrom *Inode, new string, follow bool) syscall.Errno {
	n, errno := d.existing(oldFrom, old, follow)
	if errno != 0 {
		return errno
	}
	at, errno := d.vacant(newFrom, new)
	switch {
	case errno != 0:
		return errno
	case at.slash:
		return syscall.ENOENT
	case n.IsDir():
		return syscall.EPERM
	}
	d.change(edit{dir: at.dir, name: at.name, new: n})
	return 0
}

// Unlink removes a name of something that is not a directory.
func (d *Disk) Unlink(from *Inode, path string) syscall.Errno {
	at, errno := d.walk(from, path, parentOnly)
	switch {
	case errno != 0:
		return errno
	case at.node == nil:
		return syscall.ENOENT
	case at.node.IsDir():
		return syscall.EISDIR
	case at.slash:
		return syscall.ENOTDIR
	}
	d.change(edit{dir: at.dir, name: at.name, old: at.node})
	return 0
}

// Rmdir removes an empty directory.
func (d *Disk) Rmdir(from *Inode, path string) syscall.Errno {
	at, errno := d.walk(from, path, parentOnly)
	switch {
	case errno != 0:
		return errno
	case at.node == nil:
		return syscall.ENOENT
	case !at.node.IsDir():
		return syscall.ENOTDIR
	case at.name == ".":
		return syscall.EINVAL
	case at.name == "..":
		return syscall.ENOTEMPTY
	case at.dir == nil:
		return syscall.EBUSY
	case !at.node.dir.empty():
		return syscall.ENOTEMPTY
	}
	d.change(edit{dir: at.dir, name: at.name, old: at.node})
	return 0
}

// The flags of renameat2.
const (
	RenameNoReplace = 1
	RenameExchange  = 2
)

// Rename changes a name; what had the new name before loses it in the same change.
func (d *Disk) Rename(oldFrom *Inode, old string, newFrom *Inode, new string, flags uint) syscall.Errno {
	if flags&^(RenameNoReplace|RenameExchange) != 0 || flags == RenameNoReplace|RenameExchange {
		return syscall.EINVAL
	}
	src, errno := d.walk(oldFrom, old, parentOnly)
	if errno != 0 {
		return errno
	}
	dst, errno := d.walk(newFrom, new, parentOnly)
	if errno != 0 {
		return errno
	}
	if errno := mayRename(src, dst, flags); errno != 0 {
		return errno
	}
	switch {
	case src.node == dst.node:
	case flags == RenameExchange:
		d.exchange(src, dst)
	default:
		d.change(
			edit{dir: src.dir, name: src.name, old: src.node},
			edit{dir: dst.dir, name: dst.name, old: dst.node, new: src.node},
		)
	}
	return 0
}

// mayRename decides, in Linux's order, what stands against a rename.
func mayRename(src, dst place, flags uint) syscall.Errno {
	exchange := flags == RenameExchange
	switch {
	case src.dir == nil:
		return syscall.EBUSY
	case dst.dir == nil && flags == RenameNoReplace:
		return syscall.EEXIST
	case dst.dir == nil:
		return syscall.EBUSY
	case src.node == nil:
		return syscall.ENOENT
	case flags == RenameNoReplace && dst.node != nil:
		return syscall.EEXIST
	case exchange && dst.node == nil:
		return syscall.ENOENT
	case exchange && dst.slash && !dst.node.IsDir():
		return syscall.ENOTDIR
	case !src.node.IsDir() && (src.slash || !exchange && dst.slash):
		return syscall.ENOTDIR
	case within(dst.dir, src.node):
		return syscall.EINVAL
	case dst.node != nil && within(src.dir, dst.node) && exchange:
		return syscall.EINVAL
	case dst.node != nil && within(src.dir, dst.node):
		return syscall.ENOTEMPTY
	case src.node == dst.node || exchange:
		return 0
	case dst.node == nil && dst.dir.links == 0:
		return syscall.ENOENT
	case dst.node == nil:
		return 0
	case dst.node.IsDir() && !src.node.IsDir():
		return syscall.EISDIR
	case !dst.node.IsDir() && src.node.IsDir():
		return syscall.ENOTDIR
	case dst.node.IsDir() && !dst.node.dir.empty():
		return syscall.ENOTEMPTY
	}
	return 0
}

func (d *Disk) exchange(a, b place) {
	// Both names are freed first, so that a directory never counts twice.
	d.change(
		edit{dir: a.dir, name: a.name, old: a.node},
		edit{dir: b.dir, name: b.name, old: b.node},
		edit{dir: a.dir, name: a.name, new: b.node},
		edit{dir: b.dir, name: b.name, new: a.node},
	)
}

// within reports whether dir is n or below it.
func within(dir, n *Inode) bool {
	for {
		if dir == n {
			return true
		}
		if dir.dir.parent == dir {
			return false
		}
		dir = dir.dir.parent
	}
}

// MakeSocket gives a unix socket a name.
func (d *Disk) MakeSocket(from *Inode, path string, perm uint32) (*Inode, syscall.Errno) {
	at, errno := d.vacant(from, path)
	if errno == syscall.EEXIST {
		errno = syscall.EADDRINUSE
	}
	if errno != 0 {
		return nil, errno
	}
	n := d.newInode(syscall.S_IFSOCK | perm&07777)
	d.change(edit{dir: at.dir, name: at.name, new: n})
	return n, 0
}

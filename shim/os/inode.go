package os

import "syscall"

// Device says what a character device does.
type Device uint8

// The devices of /dev.
const (
	NoDevice Device = iota
	Null
	Zero
	Full
	Random
)

// Inode is a file, directory, symbolic link or device, whatever names it has.
type Inode struct {
	disk   *Disk
	number uint64
	mode   uint32 // type and permissions, as in st_mode
	uid    uint32
	gid    uint32
	links  int // names that refer to it
	atime  int64
	mtime  int64
	ctime  int64

	data   content    // of a regular file
	dir    *directory // of a directory
	target string     // of a symbolic link
	device Device     // of a device

	dirtySince int64  // when the first change was made that is not durable, 0: none has been
	known      bool   // the disk knows that it may have unsynced data
	lastChange uint64 // the newest change of names that concerns it
	locks      lockTable
}

func (n *Inode) kind() uint32 { return n.mode & syscall.S_IFMT }

// IsDir reports whether n is a directory.
func (n *Inode) IsDir() bool { return n.kind() == syscall.S_IFDIR }

// IsRegular reports whether n is a regular file.
func (n *Inode) IsRegular() bool { return n.kind() == syscall.S_IFREG }

// IsSymlink reports whether n is a symbolic link.
func (n *Inode) IsSymlink() bool { return n.kind() == syscall.S_IFLNK }

// Target is where a symbolic link points.
func (n *Inode) Target() string { return n.target }

// Device says what n does if it is a device.
func (n *Inode) Device() Device { return n.device }

// Stat is what the system knows about a file; times are nanoseconds since 1970.
type Stat struct {
	Dev, Ino, Rdev      uint64
	Mode, UID, GID      uint32
	Nlink               uint64
	Size, Blocks        int64
	Atime, Mtime, Ctime int64
}

const blockDevice = 0xfd01 // st_dev of the disk

// Stat describes the file.
func (n *Inode) Stat() Stat {
	s := Stat{
		Dev: blockDevice, Ino: n.number, Mode: n.mode, UID: n.uid, GID: n.gid, Nlink: uint64(n.links),
		Atime: n.atime, Mtime: n.mtime, Ctime: n.ctime,
	}
	switch n.kind() {
	case syscall.S_IFREG:
		s.Size, s.Blocks = n.data.size, n.data.blocks()
	case syscall.S_IFDIR:
		s.Size, s.Blocks = pageSize, pageSize/sectorSize
		if n.links > 0 {
			s.Nlink = uint64(2 + n.dir.subdirs)
		}
	case syscall.S_IFLNK:
		s.Size = int64(len(n.target))
	case syscall.S_IFCHR:
		s.Rdev = 1<<8 | map[Device]uint64{Null: 3, Zero: 5, Full: 7, Random: 9}[n.device]
	}
	return s
}

// Chmod changes the permissions.
func (n *Inode) Chmod(perm uint32) {
	n.mode = n.kind() | perm&07777
	n.ctime = n.disk.wall()
}

// Chown changes owner and group; -1 keeps one.
func (n *Inode) Chown(uid, gid int32) {
	if uid != -1 {
		n.uid = uint32(uid)
	}
	if gid != -1 {
		n.gid = uint32(gid)
	}
	n.ctime = n.disk.wall()
}

// SetTimes changes access and modification time; nil keeps one.
func (n *Inode) SetTimes(atime, mtime *int64) {
	if atime != nil {
		n.atime = *atime
	}
	if mtime != nil {
		n.mtime = *mtime
	}
	n.ctime = n.disk.wall()
}

// ReadAt reads a regular file's content; fewer bytes than asked for means the end of the file.
func (n *Inode) ReadAt(p []byte, off int64) int { return n.data.readAt(p, off) }

// WriteAt changes a regular file's content, filling a gap with zeros.
func (n *Inode) WriteAt(p []byte, off int64) syscall.Errno {
	if off+int64(len(p)) > maxSize {
		return syscall.EFBIG
	}
	if len(p) == 0 {
		return 0
	}
	n.writeBack()
	n.data.writeAt(p, off)
	n.modified()
	return 0
}

// Size is a regular file's length.
func (n *Inode) Size() int64 { return n.data.size }

// Truncate changes a regular file's length.
func (n *Inode) Truncate(size int64) syscall.Errno {
	switch {
	case n.IsDir():
		return syscall.EISDIR
	case !n.IsRegular() || size < 0:
		return syscall.EINVAL
	case size > maxSize:
		return syscall.EFBIG
	}
	n.writeBack()
	if size != n.data.size {
		n.data.truncate(size)
	}
	n.modified()
	return 0
}

// Zero makes [off, off+length) read as zeros without changing the length.
func (n *Inode) Zero(off, length int64) {
	n.writeBack()
	zeros := make([]byte, pageSize)
	for end := min(off+length, n.data.size); off < end; {
		part := min(end-off, pageSize)
		n.data.writeAt(zeros[:part], off)
		off += part
	}
	n.modified()
}

func (n *Inode) modified() {
	n.mtime = n.disk.wall()
	n.ctime = n.mtime
	if n.dirtySince == 0 && n.data.dirty() {
		n.dirtySince = max(n.disk.env.Now(), 1)
	}
	n.disk.remember(n)
}

// SetText gives a regular file a content that is durable at once, as are its names.
func (n *Inode) SetText(text string) {
	n.data = textContent(text)
	n.dirtySince = 0
	n.mtime = n.disk.wall()
	n.ctime = n.mtime
	n.disk.commit(n.lastChange)
}

// Sync makes the file's data and names durable.
func (n *Inode) Sync() {
	n.notice()
	n.data.sync()
	n.dirtySince = 0
	n.disk.commit(n.lastChange)
}

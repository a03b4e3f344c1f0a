package os

import "syscall"

// Env is what a disk takes from its surroundings.
type Env interface {
	// Now is the time in nanoseconds on a clock that never goes back.
	Now() int64
	// Wall is the machine's idea of the time, in nanoseconds since 1970.
	Wall() int64
	// Draw chooses a number in [0,n). The kind names the decision.
	Draw(kind string, n uint64) uint64
}

// Disk is the file system of one machine.
type Disk struct {
	env       Env
	root      *Inode
	inodes    uint64
	changes   uint64   // number of the newest change of names
	journal   []change // changes that are not durable, oldest first
	unsynced  []*Inode // files that may have unsynced data
	known     map[*Inode]bool
	lastDirty int
}

// NewDisk makes a disk with the usual directories, devices, and nothing in them.
func NewDisk(env Env) *Disk {
	d := &Disk{env: env}
	d.Wipe()
	return d
}

// Wipe makes the disk what it was when it was new. Files that are open stay readable, as removed ones do.
func (d *Disk) Wipe() {
	d.known = map[*Inode]bool{}
	d.unsynced, d.journal = nil, nil
	if d.root != nil {
		d.unlinkAll(d.root)
	}
	d.inodes = 1
	d.root = d.newInode(syscall.S_IFDIR | 0755)
	d.root.links = 1
	d.root.dir.parent = d.root
	for _, path := range []string{"/dev", "/etc", "/home", "/opt", "/proc", "/root", "/run", "/srv", "/sys", "/usr", "/usr/bin", "/usr/local", "/var", "/var/lib", "/var/log"} {
		d.Mkdir(d.root, path, 0755)
	}
	for _, path := range []string{"/tmp", "/var/tmp"} {
		d.Mkdir(d.root, path, 01777)
	}
	for _, dev := range []struct {
		name string
		kind Device
	}{{"null", Null}, {"zero", Zero}, {"full", Full}, {"random", Random}, {"urandom", Random}} {
		n := d.newInode(syscall.S_IFCHR | 0666)
		n.device = dev.kind
		dir := d.root.dir.lookup("dev")
		d.change(edit{dir: dir, name: dev.name, new: n})
	}
	d.freeze()
}

// unlinkAll takes the names from everything below a directory.
func (d *Disk) unlinkAll(dir *Inode) {
	for _, e := range dir.dir.order {
		if e.node == nil {
			continue
		}
		if e.node.IsDir() {
			d.unlinkAll(e.node)
		}
		e.node.links = 0
	}
	dir.dir = newDirectory()
	dir.dir.parent = dir
}

// Root is the directory /.
func (d *Disk) Root() *Inode { return d.root }

func (d *Disk) wall() int64 { return d.env.Wall() }

func (d *Disk) newInode(mode uint32) *Inode {
	d.inodes++
	now := d.wall()
	n := &Inode{disk: d, number: d.inodes, mode: mode, atime: now, mtime: now, ctime: now}
	if n.IsDir() {
		n.dir = newDirectory()
	}
	return n
}

// NewVirtual makes a file that has no name on any disk, for what the system computes, such as /proc.
func (d *Disk) NewVirtual(mode uint32, text string) *Inode {
	n := d.newInode(mode)
	n.links = 1
	switch n.kind() {
	case syscall.S_IFREG:
		n.data.writeAt([]byte(text), 0)
	case syscall.S_IFLNK:
		n.target = text
	case syscall.S_IFDIR:
		n.dir.parent = d.root
	}
	return n
}

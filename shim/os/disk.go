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
	age       Age
	root      *Inode
	inodes    uint64
	changes   uint64   // number of the newest change of names
	journal   []change // changes that are not durable, oldest first
	unsynced  []*Inode // files that may have unsynced data
	lastDirty int
}

// NewDisk makes a disk with the usual directories, devices and files. /etc/hostname and /etc/hosts are empty.
func NewDisk(env Env, age Age) *Disk {
	d := &Disk{env: env, age: age}
	d.Wipe()
	return d
}

// Wipe makes the disk what it was when it was new. Files that are open stay readable, as removed ones do.
func (d *Disk) Wipe() {
	d.SyncAll()
	if d.root != nil {
		d.unlinkAll(d.root)
	}
	d.inodes = 1
	d.root = d.newInode(syscall.S_IFDIR | 0755)
	d.root.links = 1
	d.root.dir.parent = d.root
	d.build(d.root, usual, newNursery(usual))
}

// usual is what is on a new disk. It is made again for every machine of every simulation, so
// it goes past the journal and is not looked up by path.
var usual = []template{
	{name: "dev", mode: directoryMode, below: []template{
		{name: "null", mode: deviceMode, device: Null},
		{name: "zero", mode: deviceMode, device: Zero},
		{name: "full", mode: deviceMode, device: Full},
		{name: "random", mode: deviceMode, device: Random},
		{name: "urandom", mode: deviceMode, device: Random},
	}},
	{name: "etc", mode: directoryMode, below: []template{
		{name: "group", mode: fileMode, text: "root:x:0:\nnogroup:x:65534:\n"},
		{name: "hostname", mode: fileMode},
		{name: "hosts", mode: fileMode},
		{name: "os-release", mode: fileMode, text: "NAME=simgen\nID=simgen\nPRETTY_NAME=\"simgen\"\n"},
		{name: "passwd", mode: fileMode, text: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"},
	}},
	{name: "home", mode: directoryMode},
	{name: "opt", mode: directoryMode},
	{name: "proc", mode: directoryMode},
	{name: "root", mode: directoryMode},
	{name: "run", mode: directoryMode},
	{name: "srv", mode: directoryMode},
	{name: "sys", mode: directoryMode},
	{name: "tmp", mode: directoryMode | 01777},
	{name: "usr", mode: directoryMode, below: []template{
		{name: "bin", mode: directoryMode},
		{name: "local", mode: directoryMode},
	}},
	{name: "var", mode: directoryMode, below: []template{
		{name: "lib", mode: directoryMode},
		{name: "log", mode: directoryMode},
		{name: "tmp", mode: directoryMode | 01777},
	}},
}

const (
	directoryMode = syscall.S_IFDIR | 0755
	deviceMode    = syscall.S_IFCHR | 0666
	fileMode      = syscall.S_IFREG | 0644
)

type template struct {
	name   string
	mode   uint32
	device Device
	text   string
	below  []template
}

func (t *template) isDir() bool { return t.mode&syscall.S_IFMT == syscall.S_IFDIR }

// A nursery holds the inodes and names of a new disk, which are made all at once.
type nursery struct {
	directories []directoryInode
	files       []Inode
	names       []name
	order       []*name
}

type directoryInode struct {
	Inode
	directory
}

// spareNames is how many names a new directory has room for besides the usual ones.
const spareNames = 1

func newNursery(names []template) *nursery {
	directories, files := count(names)
	all := directories + files
	return &nursery{
		make([]directoryInode, directories), make([]Inode, files), make([]name, all),
		make([]*name, all+(directories+1)*spareNames),
	}
}

func count(names []template) (directories, files int) {
	for i := range names {
		if !names[i].isDir() {
			files++
			continue
		}
		below, others := count(names[i].below)
		directories, files = directories+1+below, files+others
	}
	return directories, files
}

// build makes names that are durable from the beginning.
func (d *Disk) build(dir *Inode, names []template, from *nursery) {
	room := len(names) + spareNames
	dir.dir.order, from.order = from.order[:0:room], from.order[room:]
	for i := range names {
		s := &names[i]
		var n *Inode
		if !s.isDir() {
			n, from.files = &from.files[0], from.files[1:]
			n.device, n.data = s.device, textContent(s.text)
		} else {
			both := &from.directories[0]
			from.directories = from.directories[1:]
			n = &both.Inode
			n.dir = &both.directory
			n.dir.parent, n.dir.name = dir, s.name
			dir.dir.subdirs++
		}
		d.number(n, s.mode)
		n.links = 1
		entry := &from.names[0]
		from.names = from.names[1:]
		*entry = name{text: s.name, node: n, position: dir.dir.next}
		dir.dir.add(entry)
		if n.dir != nil {
			d.build(n, s.below, from)
		}
	}
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
	dir.dir = &directory{parent: dir, next: firstPosition}
}

// Root is the directory /.
func (d *Disk) Root() *Inode { return d.root }

func (d *Disk) wall() int64 { return d.env.Wall() }

func (d *Disk) newInode(mode uint32) *Inode {
	var n *Inode
	if mode&syscall.S_IFMT == syscall.S_IFDIR {
		both := new(directoryInode)
		n = &both.Inode
		n.dir = &both.directory
	} else {
		n = new(Inode)
	}
	d.number(n, mode)
	return n
}

// number makes an inode one of the disk's.
func (d *Disk) number(n *Inode, mode uint32) {
	d.inodes++
	now := d.wall()
	n.disk, n.number, n.mode = d, d.inodes, mode
	n.atime, n.mtime, n.ctime = now, now, now
	if n.dir != nil {
		n.dir.next = firstPosition
	}
}

// NewVirtual makes a file that has no name on any disk, for what the system computes, such as /proc.
func (d *Disk) NewVirtual(mode uint32, text string) *Inode {
	n := d.newInode(mode)
	n.links = 1
	switch n.kind() {
	case syscall.S_IFREG:
		n.data = textContent(text)
	case syscall.S_IFLNK:
		n.target = text
	case syscall.S_IFDIR:
		n.dir.parent = d.root
	}
	return n
}

// AddVirtual adds a name to a directory made by NewVirtual.
func (n *Inode) AddVirtual(text string, node *Inode) { n.dir.set(text, node) }

package os

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// What programs see of the host: a directory with everything below it, as if it had been copied to the disk.
// Nothing is read before somebody looks at it, and nothing is ever written back. Times are those of the copy,
// since those on the host differ between checkouts.

// hostDirs and hostFiles hold what has been read, for all disks: what is on the host does not change while
// simulations run.
var (
	hostDirs  = map[string][]hostEntry{}
	hostFiles = map[string]string{}
)

type hostEntry struct {
	name   string
	mode   uint32
	size   int64
	target string // of a symbolic link
}

// Copy makes the directory dir of the host appear under the same path. It does nothing where that is a file.
func (d *Disk) Copy(dir string) { d.CopyTo(dir, dir) }

// CopyTo makes the directory dir of the host appear under the path to. It does nothing where that is a file.
func (d *Disk) CopyTo(to, dir string) {
	at := d.root
	for _, part := range strings.FieldsFunc(path.Clean(to), func(r rune) bool { return r == '/' }) {
		next := at.child(part)
		switch {
		case next == nil:
			next = d.newInode(directoryMode)
			d.edit(at, part, next)
		case !next.IsDir():
			return
		}
		at = next
	}
	d.copyOnDemand(at, dir)
}

// copyOnDemand gives a directory its names when it is first looked into, except those it has already.
func (d *Disk) copyOnDemand(dir *Inode, from string) {
	had := dir.dir.fill
	dir.dir.fill = func() {
		if had != nil {
			had()
		}
		for _, e := range readHostDir(from) {
			if dir.dir.lookup(e.name) == nil {
				d.edit(dir, e.name, d.copied(e, filepath.Join(from, e.name)))
			}
		}
	}
}

// copied is the inode of one file.
func (d *Disk) copied(e hostEntry, file string) *Inode {
	n := d.newInode(e.mode)
	switch n.kind() {
	case syscall.S_IFDIR:
		d.copyOnDemand(n, file)
	case syscall.S_IFLNK:
		n.target = e.target
	case syscall.S_IFREG:
		n.data = content{size: e.size, durable: e.size, load: func() string { return readHostFile(file, e.size) }}
	}
	return n
}

// readHostDir lists a directory of the host, by name. Sockets, pipes and devices are left out.
func readHostDir(dir string) []hostEntry {
	if list, known := hostDirs[dir]; known {
		return list
	}
	files, _ := os.ReadDir(dir) // what cannot be read is not there
	var list []hostEntry
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			continue
		}
		e := hostEntry{name: f.Name(), mode: uint32(info.Mode().Perm()), size: info.Size()}
		switch f.Type() {
		case 0:
			e.mode |= syscall.S_IFREG
		case fs.ModeDir:
			e.mode |= syscall.S_IFDIR
		case fs.ModeSymlink:
			e.mode |= syscall.S_IFLNK
			e.target, _ = os.Readlink(filepath.Join(dir, f.Name()))
		default:
			continue
		}
		list = append(list, e)
	}
	hostDirs[dir] = list
	return list
}

// readHostFile returns size bytes: a file that has become shorter ends in zeros.
func readHostFile(file string, size int64) string {
	if text, known := hostFiles[file]; known {
		return text
	}
	data, _ := os.ReadFile(file)
	if missing := size - int64(len(data)); missing > 0 {
		data = append(data, make([]byte, missing)...)
	}
	text := string(data[:size])
	hostFiles[file] = text
	return text
}

package os

import (
	"strings"
	"syscall"
)

const (
	maxName     = 255
	maxPath     = 4096
	maxSymlinks = 40
)

// place is the outcome of following a path: the last name, the directory it is looked up in, and what it
// means; node is nil if nothing.
type place struct {
	dir   *Inode // nil when the path ends in . or .. or is /
	name  string
	node  *Inode
	slash bool // the path ended in a slash: only a directory will do
}

// lastLink says what becomes of a symbolic link at the end of a path.
type lastLink int

const (
	followLast lastLink = iota
	keepLast            // not followed, unless a slash after it says that a directory is meant
	parentOnly          // not even looked at: the name is meant
)

func followIf(follow bool) lastLink {
	if follow {
		return followLast
	}
	return keepLast
}

// walk follows a path from a directory.
func (d *Disk) walk(from *Inode, path string, end lastLink) (place, syscall.Errno) {
	if path == "" {
		return place{}, syscall.ENOENT
	}
	if len(path) >= maxPath {
		return place{}, syscall.ENAMETOOLONG
	}
	cur := from
	links := 0
	at := place{}
	if path[0] == '/' {
		cur = d.root
		at.node = cur
	}
	for {
		path = strings.TrimLeft(path, "/")
		if path == "" {
			return at, 0
		}
		part, rest, more := strings.Cut(path, "/")
		last := strings.Trim(rest, "/") == ""
		if errno := cur.mustBeDir(); errno != 0 {
			return place{}, errno
		}
		if len(part) > maxName {
			return place{}, syscall.ENAMETOOLONG
		}
		at = place{dir: cur, name: part, node: cur.child(part), slash: last && more}
		if part == "." || part == ".." {
			at.dir = nil
		}
		switch {
		case at.node == nil && last:
			return at, 0
		case at.node == nil:
			return place{}, syscall.ENOENT
		case at.node.IsSymlink() && (!last || end == followLast || more && end == keepLast):
			if links++; links > maxSymlinks {
				return place{}, syscall.ELOOP
			}
			path = at.node.target
			if more {
				path += "/" + rest
			}
			if strings.HasPrefix(path, "/") {
				cur = d.root
				at = place{node: cur}
			}
		case last:
			if at.slash && !at.node.IsDir() && end != parentOnly {
				return place{}, syscall.ENOTDIR
			}
			return at, 0
		default:
			cur, path = at.node, rest
		}
	}
}

func (n *Inode) child(name string) *Inode {
	switch name {
	case ".":
		return n
	case "..":
		return n.dir.parent
	}
	return n.dir.lookup(name)
}

// existing follows a path to something that exists.
func (d *Disk) existing(from *Inode, path string, follow bool) (*Inode, syscall.Errno) {
	at, errno := d.walk(from, path, followIf(follow))
	if errno == 0 && at.node == nil {
		errno = syscall.ENOENT
	}
	return at.node, errno
}

// vacant follows a path to a name that can be given to something new.
func (d *Disk) vacant(from *Inode, path string) (place, syscall.Errno) {
	at, errno := d.walk(from, path, parentOnly)
	switch {
	case errno != 0:
	case at.node != nil:
		errno = syscall.EEXIST
	case at.dir.links == 0:
		errno = syscall.ENOENT // the directory has been removed
	}
	return at, errno
}

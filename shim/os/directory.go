package os

import "sort"

// directory is the names in a directory. They are listed in the order in which they were added, each with a
// position that stays the same as long as the name exists: reading can go on where it stopped although names
// came and went.
type directory struct {
	parent  *Inode           // what .. means
	name    string           // under which the parent knows it
	order   []*name          // also removed ones, until there are many
	names   map[string]*name // of those that are not removed; nil while there are few
	removed int
	next    int64
	subdirs int
	fill    func() // adds the names of a directory of the host when it is first looked into
}

// filled is d with its names.
func (d *directory) filled() *directory {
	if f := d.fill; f != nil {
		d.fill = nil
		f()
	}
	return d
}

type name struct {
	text     string
	node     *Inode // nil: removed
	position int64
}

// Positions 0 and 1 are those of . and .. .
const firstPosition = 2

// fewNames are found faster without a map, and most directories have no more.
const fewNames = 16

func (d *directory) find(text string) *name {
	d.filled()
	if d.names != nil {
		return d.names[text]
	}
	for _, n := range d.order {
		if n.node != nil && n.text == text {
			return n
		}
	}
	return nil
}

func (d *directory) lookup(text string) *Inode {
	if n := d.find(text); n != nil {
		return n.node
	}
	return nil
}

func (d *directory) empty() bool { return len(d.filled().order) == d.removed }

// set makes text mean node, or nothing.
func (d *directory) set(text string, node *Inode) {
	n := d.find(text)
	switch {
	case n == nil && node == nil:
	case n == nil:
		d.add(&name{text: text, node: node, position: d.next})
	case node == nil:
		n.node = nil
		delete(d.names, text)
		if d.removed++; d.removed > 32 && d.removed > len(d.order)/2 {
			d.compact()
		}
	default:
		n.node = node
	}
}

func (d *directory) add(n *name) {
	d.next++
	d.order = append(d.order, n)
	switch {
	case d.names != nil:
		d.names[n.text] = n
	case len(d.order) > fewNames:
		d.names = make(map[string]*name, 2*fewNames)
		for _, n := range d.order {
			if n.node != nil {
				d.names[n.text] = n
			}
		}
	}
}

func (d *directory) compact() {
	kept := d.order[:0]
	for _, n := range d.order {
		if n.node != nil {
			kept = append(kept, n)
		}
	}
	clear(d.order[len(kept):])
	d.order, d.removed = kept, 0
}

// Entry is one name in a directory listing.
type Entry struct {
	Name string
	Node *Inode
	Next int64 // the position after it
}

// Entries calls yield for every name from the given position on, until it returns false.
func (n *Inode) Entries(position int64, yield func(Entry) bool) {
	d := n.dir.filled()
	if position <= 0 && !yield(Entry{".", n, 1}) {
		return
	}
	if position <= 1 && !yield(Entry{"..", d.parent, firstPosition}) {
		return
	}
	i := sort.Search(len(d.order), func(i int) bool { return d.order[i].position >= position })
	for ; i < len(d.order); i++ {
		if e := d.order[i]; e.node != nil && !yield(Entry{e.text, e.node, e.position + 1}) {
			return
		}
	}
}

// Path is the absolute path of a directory, or false when it has been removed.
func (n *Inode) Path() (string, bool) {
	path := ""
	for n != n.disk.root {
		if n.links == 0 {
			return "", false
		}
		path = "/" + n.dir.name + path
		n = n.dir.parent
	}
	if path == "" {
		path = "/"
	}
	return path, true
}

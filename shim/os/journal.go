package os

import "syscall"

// change is one change of names: it happens altogether or not at all.
type change struct {
	number uint64
	at     int64
	edits  []edit
}

// edit makes a name in a directory mean another inode, or nothing.
type edit struct {
	dir      *Inode
	name     string
	old, new *Inode
}

// change applies edits and remembers them until they are durable.
func (d *Disk) change(edits ...edit) {
	now := d.env.Now()
	d.writeBackNames()
	d.changes++
	wall := d.wall()
	for _, e := range edits {
		d.edit(e.dir, e.name, e.new)
		e.dir.mtime, e.dir.ctime = wall, wall
		for _, n := range []*Inode{e.dir, e.old, e.new} {
			if n != nil {
				n.lastChange = d.changes
			}
		}
		for _, n := range []*Inode{e.old, e.new} {
			if n != nil {
				n.ctime = wall
			}
		}
	}
	d.journal = append(d.journal, change{number: d.changes, at: now, edits: edits})
}

// edit makes a name mean node and keeps the counts right.
func (d *Disk) edit(dir *Inode, text string, node *Inode) {
	if old := dir.dir.lookup(text); old != nil {
		old.links--
		if old.IsDir() {
			dir.dir.subdirs--
		}
	}
	if node != nil {
		node.links++
		if node.IsDir() {
			dir.dir.subdirs++
			node.dir.parent, node.dir.name = dir, text
		}
	}
	dir.dir.set(text, node)
}

// commit makes all changes up to the given one durable.
func (d *Disk) commit(number uint64) {
	for len(d.journal) > 0 && d.journal[0].number <= number {
		d.journal[0] = change{}
		d.journal = d.journal[1:]
	}
}

// remember notes a file that may have unsynced data, in the order in which that happens first.
func (d *Disk) remember(n *Inode) {
	if !n.IsRegular() || n.known {
		return
	}
	n.known = true
	d.unsynced = append(d.unsynced, n)
	if len(d.unsynced) < 2*d.lastDirty+64 {
		return
	}
	kept := d.unsynced[:0]
	for _, n := range d.unsynced {
		if n.data.dirty() && (n.links > 0 || len(d.journal) > 0) {
			kept = append(kept, n)
		} else {
			n.known = false
		}
	}
	clear(d.unsynced[len(kept):])
	d.unsynced, d.lastDirty = kept, len(kept)
}

// SyncAll makes everything durable.
func (d *Disk) SyncAll() {
	all := d.unsynced
	d.unsynced, d.lastDirty = nil, 0
	for _, n := range all {
		n.notice()
		n.data.sync()
		n.dirtySince = 0
		if n.known = false; n.data.dirty() {
			d.remember(n) // a program may write to it at any time
		}
	}
	d.journal = nil
}

// Crash leaves a state of the disk that a crash of the machine may leave.
func (d *Disk) Crash() {
	d.writeBackNames()
	for _, n := range d.unsynced {
		n.writeBack()
	}
	if n := len(d.journal); n > 0 {
		survive := int(d.env.Draw("surviving changes of names", uint64(n)+1))
		for i := n - 1; i >= survive; i-- {
			edits := d.journal[i].edits
			for j := len(edits) - 1; j >= 0; j-- {
				d.edit(edits[j].dir, edits[j].name, edits[j].old)
			}
		}
	}
	for _, n := range d.unsynced {
		if n.links > 0 {
			n.data.crash(d.env.Draw)
		}
	}
	d.SyncAll()
}

func (n *Inode) mustBeDir() syscall.Errno {
	if !n.IsDir() {
		return syscall.ENOTDIR
	}
	return 0
}

package os

// What the kernel writes by itself.
//
// Linux looks every 5 s (vm.dirty_writeback_centisecs) for files of which something has been dirty for longer than 30 s
// (vm.dirty_expire_centisecs), and writes all that is dirty of them then (Documentation/admin-guide/sysctl/vm.rst, fs/fs-writeback.c). ext4
// commits a transaction of its journal 5 s (mount option commit, ext4(5)) after the first change in it, with all that were made meanwhile.
//
// Nothing happens at those times here. What would have been written is worked out when it begins to matter: before the next
// change of the same file, or of a name, and at a crash.

const (
	// DefaultDataAge and DefaultNamesAge are Linux's, in nanoseconds.
	DefaultDataAge  = 30 * int64(1e9)
	DefaultNamesAge = 5 * int64(1e9)

	flusherEvery = 5 * int64(1e9)
)

// Age is how long changes stay in memory unless somebody syncs them, in nanoseconds. Negative is for ever.
type Age struct{ Data, Names int64 }

// writtenBack reports whether the kernel has written what has been dirty since a time by now.
func (d *Disk) writtenBack(since int64) bool {
	if d.age.Data < 0 || since == 0 {
		return false
	}
	expired := since + d.age.Data
	look := (expired + flusherEvery - 1) / flusherEvery * flusherEvery
	return d.env.Now() >= look
}

// writeBack makes the data of a file durable if the kernel has written it. Of a file that programs may write to through memory nobody
// knows what is how old: it is left alone.
func (n *Inode) writeBack() {
	if n.dirtySince != 0 && n.data.mapped == nil && n.disk.writtenBack(n.dirtySince) {
		n.data.sync()
		n.dirtySince = 0
	}
}

// writeBackNames makes the changes of names durable that the journal has committed.
func (d *Disk) writeBackNames() {
	if d.age.Names < 0 {
		return
	}
	now := d.env.Now()
	for len(d.journal) > 0 {
		commit := d.journal[0].at + d.age.Names
		if now < commit {
			return
		}
		for len(d.journal) > 0 && d.journal[0].at <= commit {
			d.journal[0] = change{}
			d.journal = d.journal[1:]
		}
	}
}

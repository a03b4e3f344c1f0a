package os

import "slices"

// lockTable is the locks on one file. An owner is whatever the lock belongs to: the open file for flock and
// OFD locks, the process for the locks of fcntl. Its identity is all that counts.
type lockTable struct {
	held    []lock
	waiters []func()
}

type lock struct {
	owner     any
	whole     bool // flock; such locks and those of byte ranges ignore each other
	exclusive bool
	from, to  int64
}

// RangeEnd is the end of a byte range that has none.
const RangeEnd = int64(1<<63 - 1)

// Lock takes a lock on [from,to), replacing what the owner holds there, or returns the owner of one that is in
// the way and its extent. whole selects flock's kind.
func (n *Inode) Lock(owner any, whole, exclusive bool, from, to int64) (conflict any, blocking Range) {
	for _, h := range n.locks.held {
		if h.owner != owner && h.whole == whole && h.from < to && from < h.to && (h.exclusive || exclusive) {
			return h.owner, Range{h.from, h.to, h.exclusive}
		}
	}
	n.Unlock(owner, whole, from, to)
	n.locks.held = append(n.locks.held, lock{owner, whole, exclusive, from, to})
	return nil, Range{}
}

// Range is the extent of a lock.
type Range struct {
	From, To  int64
	Exclusive bool
}

// TestLock is Lock without taking the lock.
func (n *Inode) TestLock(owner any, exclusive bool, from, to int64) (conflict any, blocking Range) {
	for _, h := range n.locks.held {
		if h.owner != owner && !h.whole && h.from < to && from < h.to && (h.exclusive || exclusive) {
			return h.owner, Range{h.from, h.to, h.exclusive}
		}
	}
	return nil, Range{}
}

// Unlock gives up the owner's locks on [from,to) and wakes who waits for any.
func (n *Inode) Unlock(owner any, whole bool, from, to int64) {
	var kept []lock
	released := false
	for _, h := range n.locks.held {
		if h.owner != owner || h.whole != whole || h.to <= from || to <= h.from {
			kept = append(kept, h)
			continue
		}
		released = true
		if h.from < from {
			kept = append(kept, lock{owner, whole, h.exclusive, h.from, from})
		}
		if to < h.to {
			kept = append(kept, lock{owner, whole, h.exclusive, to, h.to})
		}
	}
	n.locks.held = kept
	if released {
		waiters := slices.Clone(n.locks.waiters)
		n.locks.waiters = nil
		for _, wake := range waiters {
			wake()
		}
	}
}

// AwaitUnlock calls wake once, when a lock on the file is given up.
func (n *Inode) AwaitUnlock(wake func()) { n.locks.waiters = append(n.locks.waiters, wake) }

package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
)

// A freeList hands out the numbers 1, 2, 3 without a lock. The upper half of
// head counts its changes, if they are counted.
type freeList struct {
	counted bool
	head    atomic.Uint64
	next    [4]atomic.Uint64
	taken   [4]atomic.Int32
}

func newFreeList(counted bool) *freeList {
	l := &freeList{counted: counted}
	for i := range uint64(3) {
		l.push(i + 1)
	}
	return l
}

func (l *freeList) changed(old, i uint64) uint64 {
	if l.counted {
		return (old>>32+1)<<32 | i
	}
	return i
}

func (l *freeList) push(i uint64) {
	for {
		old := l.head.Load()
		l.next[i].Store(old & 0xffff)
		if l.head.CompareAndSwap(old, l.changed(old, i)) {
			return
		}
	}
}

func (l *freeList) pop(t *testing.T) uint64 {
	for {
		old := l.head.Load()
		i := old & 0xffff
		if i == 0 {
			return 0
		}
		next := l.next[i].Load()
		if l.head.CompareAndSwap(old, l.changed(old, next)) {
			if l.taken[i].Add(1) != 1 {
				t.Errorf("%d was given out twice", i)
			}
			return i
		}
	}
}

func (l *freeList) release(i uint64) {
	if i != 0 {
		l.taken[i].Add(-1)
		l.push(i)
	}
}

func aba(t *testing.T, counted bool) {
	l := newFreeList(counted)
	parallel(
		func() {
			a := l.pop(t)
			b := l.pop(t)
			l.release(b)
			l.release(a)
		},
		func() {
			a := l.pop(t)
			b := l.pop(t)
			l.release(a)
			c := l.pop(t)
			l.release(c)
			l.release(b)
		},
	)
}

// The head of a lock-free list is the same as before, and yet another one.
//
// Class: ABA.
//
//want:fail
func TestABA(t *testing.T)      { aba(t, false) }
func TestABAFixed(t *testing.T) { aba(t, true) }

type lazy struct {
	mu    sync.Mutex
	ready atomic.Bool
	value atomic.Pointer[string]
}

func (l *lazy) get(fixed bool) *string {
	if l.ready.Load() {
		return l.value.Load()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ready.Load() {
		return l.value.Load()
	}
	text := "settings"
	if fixed {
		l.value.Store(&text)
		l.ready.Store(true)
	} else {
		l.ready.Store(true)
		l.value.Store(&text)
	}
	return l.value.Load()
}

func doubleChecked(t *testing.T, fixed bool) {
	var l lazy
	use := func() {
		if l.get(fixed) == nil {
			t.Error("ready, but not there")
		}
	}
	parallel(use, use)
}

// The flag that says "ready" is set before what it speaks of.
//
// Class: double-checked locking with atomics in the wrong order.
//
//want:fail
func TestDoubleCheckedLocking(t *testing.T)      { doubleChecked(t, false) }
func TestDoubleCheckedLockingFixed(t *testing.T) { doubleChecked(t, true) }

func appendLog(t *testing.T, fixed bool) {
	var length atomic.Int32
	var entries [8]atomic.Int32
	parallel(
		func() {
			for i := range int32(len(entries)) {
				if fixed {
					entries[i].Store(i + 1)
					length.Store(i + 1)
				} else {
					length.Store(i + 1)
					entries[i].Store(i + 1)
				}
			}
		},
		func() {
			for range 3 {
				if n := length.Load(); n > 0 && entries[n-1].Load() == 0 {
					t.Errorf("entry %d is not there yet", n)
				}
			}
		},
	)
}

// The length of a log is published before its last entry.
//
// Class: order violation (reader-writer inversion).
//
//want:fail
func TestReaderWriterInversion(t *testing.T)      { appendLog(t, false) }
func TestReaderWriterInversionFixed(t *testing.T) { appendLog(t, true) }

func seqlock(t *testing.T, fixed bool) {
	var seq, a, b atomic.Int32
	parallel(
		func() {
			for i := int32(1); i <= 3; i++ {
				seq.Add(1)
				a.Store(i)
				b.Store(i)
				seq.Add(1)
			}
		},
		func() {
			for {
				before := seq.Load()
				x, y := a.Load(), b.Load()
				again := seq.Load() != before
				if fixed {
					again = again || before&1 != 0
				}
				if !again {
					if x != y {
						t.Errorf("a torn pair: %d and %d", x, y)
					}
					return
				}
			}
		},
	)
}

// A reader makes sure that no write began while it read, but not that none was under way when it began.
//
// Class: atomicity violation in a sequence lock.
//
//want:fail
func TestSequenceLock(t *testing.T)      { seqlock(t, false) }
func TestSequenceLockFixed(t *testing.T) { seqlock(t, true) }

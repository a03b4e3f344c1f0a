package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
)

func transfer(from, to *account, first, second *sync.Mutex) {
	first.Lock()
	defer first.Unlock()
	second.Lock()
	defer second.Unlock()
	from.balance -= 10
	to.balance += 10
}

func lockOrder(fixed bool) {
	var a, b account
	parallel(
		func() { transfer(&a, &b, &a.mu, &b.mu) },
		func() {
			if fixed {
				transfer(&b, &a, &a.mu, &b.mu)
			} else {
				transfer(&b, &a, &b.mu, &a.mu)
			}
		},
	)
}

// Two locks are taken in both orders.
//
// Class: lock order. GoBench, cockroach#10214, moby#4951.
//
//want:deadlock
func TestLockOrder(t *testing.T)      { lockOrder(false) }
func TestLockOrderFixed(t *testing.T) { lockOrder(true) }

func philosophers(fixed bool) {
	var forks [3]sync.Mutex
	eat := func(left, right int) func() {
		return func() {
			forks[left].Lock()
			forks[right].Lock()
			forks[right].Unlock()
			forks[left].Unlock()
		}
	}
	last := eat(2, 0)
	if fixed {
		last = eat(0, 2)
	}
	parallel(eat(0, 1), eat(1, 2), last)
}

// Each of three holds one lock and waits for the next one's.
//
// Class: lock order, with a cycle of three.
//
//want:deadlock
func TestPhilosophers(t *testing.T)      { philosophers(false) }
func TestPhilosophersFixed(t *testing.T) { philosophers(true) }

type registry struct {
	mu    sync.RWMutex
	names []string
}

func (r *registry) count() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.names)
}

func (r *registry) full(fixed bool) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if fixed {
		return len(r.names) > 1
	}
	return r.count() > 1
}

func recursiveRead(fixed bool) {
	var r registry
	parallel(
		func() { r.full(fixed) },
		func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.names = append(r.names, "a")
		},
	)
}

// A reader that holds a read lock takes it again, while a writer waits, which it has to let by.
//
// Class: recursive read lock. Tu, section 5.1; GoBench, cockroach#6181, kubernetes#58107.
//
//want:deadlock
func TestRecursiveReadLock(t *testing.T)      { recursiveRead(false) }
func TestRecursiveReadLockFixed(t *testing.T) { recursiveRead(true) }

type bounded struct {
	mu      sync.Mutex
	items   []int
	onEvict func(*bounded)
}

func (b *bounded) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items)
}

func (b *bounded) put(i int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.items) == 1 {
		b.items = b.items[1:]
		b.onEvict(b)
	}
	b.items = append(b.items, i)
}

func (b *bounded) take() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = nil
}

func selfDeadlock(fixed bool) {
	b := bounded{onEvict: func(b *bounded) {
		if !fixed {
			b.size()
		}
	}}
	parallel(
		func() { b.put(1); b.put(2) },
		b.take,
	)
}

// A callback asks the one that calls it, which holds its own lock.
//
// Class: self deadlock. GoBench, moby#36114, cockroach#9935.
//
//want:deadlock
func TestSelfDeadlock(t *testing.T)      { selfDeadlock(false) }
func TestSelfDeadlockFixed(t *testing.T) { selfDeadlock(true) }

func lostWakeup(fixed bool) {
	var ready atomic.Bool
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	parallel(
		func() {
			if fixed {
				mu.Lock()
				for !ready.Load() {
					cond.Wait()
				}
				mu.Unlock()
			} else if !ready.Load() {
				mu.Lock()
				cond.Wait()
				mu.Unlock()
			}
		},
		func() {
			if fixed {
				mu.Lock()
				defer mu.Unlock()
			}
			ready.Store(true)
			cond.Signal()
		},
	)
}

// The signal comes between the look at the condition and the wait for it.
//
// Class: lost wakeup. GoBench, moby#30408: a Wait that no Signal follows.
//
//want:deadlock
func TestLostWakeup(t *testing.T)      { lostWakeup(false) }
func TestLostWakeupFixed(t *testing.T) { lostWakeup(true) }

// A slot holds one item. Who puts and who takes wait at the same condition.
type slot struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
	wake func()
}

func newSlot(fixed bool) *slot {
	s := &slot{}
	s.cond = sync.NewCond(&s.mu)
	s.wake = s.cond.Signal
	if fixed {
		s.wake = s.cond.Broadcast
	}
	return s
}

func (s *slot) turn(full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.full == full {
		s.cond.Wait()
	}
	s.full = full
	s.wake()
}

func wrongWaiter(fixed bool) {
	s := newSlot(fixed)
	put := func() { s.turn(true); s.turn(true) }
	take := func() { s.turn(false); s.turn(false) }
	parallel(put, put, take, take)
}

// A signal wakes one that waits for something else.
//
// Class: Signal in place of Broadcast.
//
//want:deadlock
func TestSignalNotBroadcast(t *testing.T)      { wrongWaiter(false) }
func TestSignalNotBroadcastFixed(t *testing.T) { wrongWaiter(true) }

func lockAndChannel(fixed bool) {
	var mu sync.Mutex
	events := make(chan int)
	parallel(
		func() {
			mu.Lock()
			if fixed {
				mu.Unlock()
				events <- 1
				return
			}
			events <- 1
			mu.Unlock()
		},
		func() {
			mu.Lock() // a look at the state before the first event
			mu.Unlock()
			<-events
		},
	)
}

// One sends with a lock held that the receiver needs before it receives.
//
// Class: lock and channel. Tu, figure 7 (BoltDB); GoBench, kubernetes#6632.
//
//want:deadlock
func TestLockAndChannel(t *testing.T)      { lockAndChannel(false) }
func TestLockAndChannelFixed(t *testing.T) { lockAndChannel(true) }

func waitInLoop(fixed bool) {
	var wg sync.WaitGroup
	plugins := []string{"a", "b"}
	wg.Add(len(plugins))
	for range plugins {
		go wg.Done()
		if !fixed {
			wg.Wait()
		}
	}
	wg.Wait()
}

// The wait for all is inside the loop that starts them.
//
// Class: misuse of WaitGroup. Tu, figure 5; GoBench, moby#25384.
//
//want:deadlock
func TestWaitInLoop(t *testing.T)      { waitInLoop(false) }
func TestWaitInLoopFixed(t *testing.T) { waitInLoop(true) }

type devices struct {
	mu      sync.Mutex
	deleted int
}

func (d *devices) cleanUp(fixed bool) {
	d.mu.Lock()
	if d.deleted == 0 {
		if fixed {
			d.mu.Unlock()
		}
		return
	}
	d.deleted = 0
	d.mu.Unlock()
}

func (d *devices) remove() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deleted++
}

func missingUnlock(fixed bool) {
	var d devices
	parallel(
		d.remove,
		func() { d.cleanUp(fixed) },
		d.remove,
	)
}

// The path on which there is nothing to do keeps the lock.
//
// Class: missing unlock. GoBench, moby#17176.
//
//want:deadlock
func TestMissingUnlock(t *testing.T)      { missingUnlock(false) }
func TestMissingUnlockFixed(t *testing.T) { missingUnlock(true) }

func halfOfBoth(fixed bool) {
	var mu sync.Mutex
	slots := make(chan bool, 2)
	copyFile := func() {
		if fixed {
			mu.Lock()
		}
		slots <- true // to read
		slots <- true // to write
		if fixed {
			mu.Unlock()
		}
		<-slots
		<-slots
	}
	parallel(copyFile, copyFile)
}

// Two need two slots each, and have one each.
//
// Class: hold and wait at a semaphore.
//
//want:deadlock
func TestSemaphoreHoldAndWait(t *testing.T)      { halfOfBoth(false) }
func TestSemaphoreHoldAndWaitFixed(t *testing.T) { halfOfBoth(true) }

package bugs

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) get() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

func (a *account) set(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance = n
}

func (a *account) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func deposits(t *testing.T, deposit func(a *account, n int)) {
	var a account
	parallel(
		func() { deposit(&a, 10) },
		func() { deposit(&a, 20) },
	)
	if a.balance != 30 {
		t.Errorf("the balance is %d", a.balance)
	}
}

// Reading and writing are locked, but not both together.
//
// Class: atomicity violation (lost update). Tu, section 6.1.
//
//want:fail
func TestLostUpdate(t *testing.T) {
	deposits(t, func(a *account, n int) { a.set(a.get() + n) })
}

func TestLostUpdateFixed(t *testing.T) {
	deposits(t, (*account).add)
}

type cache struct {
	mu sync.Mutex
	m  map[string]*int
}

func (c *cache) lookup(key string) *int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[key]
}

func (c *cache) get(key string, fixed bool) *int {
	if v := c.lookup(key); v != nil {
		return v
	}
	v := new(int) // takes long, so it is not done under the lock
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.m[key]; old != nil && fixed {
		return old
	}
	c.m[key] = v
	return v
}

func checkThenAct(t *testing.T, fixed bool) {
	c := cache{m: map[string]*int{}}
	var a, b *int
	parallel(
		func() { a = c.get("key", fixed) },
		func() { b = c.get("key", fixed) },
	)
	if a != b {
		t.Error("one key, two values")
	}
}

// Two find nothing in a cache, and each puts its own value there.
//
// Class: atomicity violation (check, then act). Tu, section 6.1.
//
//want:fail
func TestCheckThenAct(t *testing.T)      { checkThenAct(t, false) }
func TestCheckThenActFixed(t *testing.T) { checkThenAct(t, true) }

func audit(t *testing.T, fixed bool) {
	var both sync.Mutex // of the fixed one
	from, to := &account{balance: 100}, &account{}
	lock := func() (unlock func()) {
		if !fixed {
			return func() {}
		}
		both.Lock()
		return both.Unlock
	}
	parallel(
		func() {
			defer lock()()
			from.add(-30)
			to.add(30)
		},
		func() {
			defer lock()()
			if sum := from.get() + to.get(); sum != 100 {
				t.Errorf("the sum is %d", sum)
			}
		},
	)
}

// A sum is taken over accounts that are locked one after the other.
//
// Class: atomicity violation over two variables.
//
//want:fail
func TestAudit(t *testing.T)      { audit(t, false) }
func TestAuditFixed(t *testing.T) { audit(t, true) }

type routes struct {
	table atomic.Pointer[map[string]string]
}

func (r *routes) add(path, target string, fixed bool) {
	for {
		old := r.table.Load()
		changed := maps.Clone(*old)
		changed[path] = target
		if !fixed {
			r.table.Store(&changed)
			return
		}
		if r.table.CompareAndSwap(old, &changed) {
			return
		}
	}
}

func copyOnWrite(t *testing.T, fixed bool) {
	var r routes
	r.table.Store(&map[string]string{})
	parallel(
		func() { r.add("/a", "A", fixed) },
		func() { r.add("/b", "B", fixed) },
	)
	if got := *r.table.Load(); len(got) != 2 {
		t.Errorf("a route is lost: %v", got)
	}
}

// A map that is copied to be changed is stored without a look at who else did.
//
// Class: atomicity violation (lost update of a copy-on-write map).
//
//want:fail
func TestCopyOnWrite(t *testing.T)      { copyOnWrite(t, false) }
func TestCopyOnWriteFixed(t *testing.T) { copyOnWrite(t, true) }

func counters(t *testing.T, fixed bool) {
	var m sync.Map
	hit := func() {
		c, ok := m.Load("hits")
		switch {
		case ok:
		case fixed:
			c, _ = m.LoadOrStore("hits", new(atomic.Int64))
		default:
			c = new(atomic.Int64)
			m.Store("hits", c)
		}
		c.(*atomic.Int64).Add(1)
	}
	parallel(hit, hit)
	c, _ := m.Load("hits")
	if n := c.(*atomic.Int64).Load(); n != 2 {
		t.Errorf("%d hits of 2", n)
	}
}

// Every operation on a sync.Map is atomic, two of them are not.
//
// Class: atomicity violation (misuse of sync.Map).
//
//want:fail
func TestSyncMap(t *testing.T)      { counters(t, false) }
func TestSyncMapFixed(t *testing.T) { counters(t, true) }

func firstError(t *testing.T, fixed bool) {
	var mu sync.Mutex
	var err error
	failed := errors.New("disk full")
	done := func(e error) {
		mu.Lock()
		defer mu.Unlock()
		if !fixed || err == nil {
			err = e
		}
	}
	parallel(
		func() { done(nil) },
		func() { done(failed) },
		func() { done(nil) },
	)
	if err != failed {
		t.Errorf("the error of the group is %v", err)
	}
}

// The last one of a group to end says what the group's error is.
//
// Class: lost result in a loop that starts goroutines, in the manner of an errgroup.
//
//want:fail
func TestGroupError(t *testing.T)      { firstError(t, false) }
func TestGroupErrorFixed(t *testing.T) { firstError(t, true) }

// A limiter lets one in at a time.
type limiter struct {
	slots  chan bool
	active atomic.Int32
}

func (l *limiter) release() {
	select {
	case <-l.slots:
	default:
	}
}

func overRelease(t *testing.T, fixed bool) {
	l := limiter{slots: make(chan bool, 1)}
	work := func(cancelled bool) {
		l.slots <- true
		defer l.release()
		if cancelled {
			if !fixed {
				l.release()
			}
			return
		}
		if n := l.active.Add(1); n > 1 {
			t.Errorf("%d at once", n)
		}
		l.active.Add(-1)
	}
	parallel(
		func() { work(true) },
		func() { work(false) },
		func() { work(false) },
	)
}

// What is cancelled gives its slot back twice, the second time somebody else's.
//
// Class: over-release of a semaphore.
//
//want:fail
func TestSemaphoreOverRelease(t *testing.T)      { overRelease(t, false) }
func TestSemaphoreOverReleaseFixed(t *testing.T) { overRelease(t, true) }

func usedAfterPut(t *testing.T, fixed bool) {
	pool := sync.Pool{New: func() any { return new([1]string) }}
	render := func(name string) {
		b := pool.Get().(*[1]string)
		b[0] = name
		var got string
		if fixed {
			got = b[0]
			pool.Put(b)
		} else {
			pool.Put(b)
			got = b[0]
		}
		if got != name {
			t.Errorf("%s was rendered for %s", got, name)
		}
	}
	parallel(
		func() { render("ann") },
		func() { render("bob") },
	)
}

// A buffer is read after it went back to its pool.
//
// Class: use after release.
//
//want:fail
func TestPoolUseAfterPut(t *testing.T)      { usedAfterPut(t, false) }
func TestPoolUseAfterPutFixed(t *testing.T) { usedAfterPut(t, true) }

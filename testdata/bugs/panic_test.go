package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
)

type client struct {
	once   sync.Once
	closed chan bool
}

func (c *client) close(fixed bool) {
	if fixed {
		c.once.Do(func() { close(c.closed) })
		return
	}
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
}

func doubleClose(fixed bool) {
	c := client{closed: make(chan bool)}
	parallel(
		func() { c.close(fixed) },
		func() { c.close(fixed) },
	)
}

// Two see that a channel is not closed yet, and close it.
//
// Class: double close. Tu, figure 10 (Docker).
//
//want:panic
func TestDoubleClose(t *testing.T)      { doubleClose(false) }
func TestDoubleCloseFixed(t *testing.T) { doubleClose(true) }

type transport struct {
	mu     sync.Mutex
	closed bool
	writes chan int
}

func (tr *transport) write(i int, fixed bool) {
	tr.mu.Lock()
	if tr.closed {
		tr.mu.Unlock()
		return
	}
	if fixed {
		tr.writes <- i
		tr.mu.Unlock()
		return
	}
	tr.mu.Unlock()
	tr.writes <- i
}

func (tr *transport) close() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.closed = true
	close(tr.writes)
}

func sendOnClosed(fixed bool) {
	tr := transport{writes: make(chan int, 1)}
	parallel(
		func() { tr.write(1, fixed) },
		tr.close,
	)
}

// The channel is closed between the look at the flag and the send.
//
// Class: send on a closed channel. GoBench, grpc#1687.
//
//want:panic
func TestSendOnClosed(t *testing.T)      { sendOnClosed(false) }
func TestSendOnClosedFixed(t *testing.T) { sendOnClosed(true) }

func negative(fixed bool) {
	var wg sync.WaitGroup
	var deleted atomic.Bool
	wg.Add(1)
	event := func() {
		if fixed {
			if deleted.CompareAndSwap(false, true) {
				wg.Done()
			}
			return
		}
		if !deleted.Load() {
			deleted.Store(true)
			wg.Done()
		}
	}
	parallel(event, event)
	wg.Wait()
}

// An event that came twice is counted twice.
//
// Class: negative WaitGroup counter. GoBench, kubernetes#13058.
//
//want:panic
func TestNegativeWaitGroup(t *testing.T)      { negative(false) }
func TestNegativeWaitGroupFixed(t *testing.T) { negative(true) }

func tryLock(fixed bool) {
	var mu sync.Mutex
	n := 0
	refresh := func() {
		if locked := mu.TryLock(); locked {
			n++
		} else if fixed {
			return
		}
		mu.Unlock()
	}
	parallel(refresh, refresh)
}

// Whoever did not get the lock gives it back.
//
// Class: unlock of an unlocked mutex.
//
//want:fatal
func TestUnlockOfUnlocked(t *testing.T)      { tryLock(false) }
func TestUnlockOfUnlockedFixed(t *testing.T) { tryLock(true) }

type session struct {
	mu   sync.Mutex
	conn *string
}

func (s *session) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn != nil
}

func (s *session) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = nil
}

func (s *session) remote(fixed bool) string {
	if !s.connected() {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil && fixed {
		return ""
	}
	return *s.conn
}

func nilAfterCheck(fixed bool) {
	addr := "10.0.0.1"
	s := session{conn: &addr}
	parallel(
		func() { s.remote(fixed) },
		s.drop,
	)
}

// What was there when it was looked at is gone when it is used.
//
// Class: atomicity violation that ends in a nil pointer. Tu, section 6.1.
//
//want:panic
func TestNilAfterCheck(t *testing.T)      { nilAfterCheck(false) }
func TestNilAfterCheckFixed(t *testing.T) { nilAfterCheck(true) }

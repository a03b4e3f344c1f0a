package bugs

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func timerStop(t *testing.T, fixed bool) {
	var closed atomic.Bool
	expired := make(chan bool)
	timer := time.AfterFunc(10*time.Millisecond, func() {
		closed.Store(true)
		close(expired)
	})
	time.Sleep(10 * time.Millisecond) // the request
	if closed.Load() {
		return // too late; the connection is not used any more
	}
	if stopped := timer.Stop(); fixed && !stopped {
		<-expired
		return
	}
	time.Sleep(time.Millisecond) // the next request over the connection
	if closed.Load() {
		t.Error("the connection of the next request was closed by the deadline of the last")
	}
}

// Whether the timer could be stopped is not looked at.
//
// Class: race of a timer with its Stop.
//
//want:fail
func TestTimerStop(t *testing.T)      { timerStop(t, false) }
func TestTimerStopFixed(t *testing.T) { timerStop(t, true) }

const ttl = 10 * time.Millisecond

type lease struct {
	mu      sync.Mutex
	expires time.Time
	timer   *time.Timer
	gone    bool
}

func (l *lease) expire(fixed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if fixed && time.Now().Before(l.expires) {
		return // renewed meanwhile
	}
	l.gone = true
}

// renew reports whether the lease is still there.
func (l *lease) renew() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return false
	}
	l.expires = time.Now().Add(ttl)
	l.timer.Reset(ttl)
	return true
}

func leaseRenewal(t *testing.T, fixed bool) {
	var l lease
	l.expires = time.Now().Add(ttl)
	l.timer = time.AfterFunc(ttl, func() { l.expire(fixed) })
	time.Sleep(ttl)
	renewed := l.renew()
	time.Sleep(ttl / 2)
	l.mu.Lock()
	defer l.mu.Unlock()
	if renewed && l.gone {
		t.Error("the renewed lease has expired")
	}
	l.timer.Stop()
}

// A lease is renewed while the function of its timer waits for the lock.
//
// Class: race of a timer with its Reset.
//
//want:fail
func TestTimerReset(t *testing.T)      { leaseRenewal(t, false) }
func TestTimerResetFixed(t *testing.T) { leaseRenewal(t, true) }

func afterOrder(t *testing.T, fixed bool) {
	var mu sync.Mutex
	order := ""
	first := make(chan bool)
	note := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		order += s
	}
	parallel(
		func() {
			<-time.After(time.Millisecond)
			note("a")
			close(first)
		},
		func() {
			<-time.After(time.Millisecond)
			if fixed {
				<-first
			}
			note("b")
		},
	)
	if order != "ab" {
		t.Errorf("the order is %s", order)
	}
}

// Of two timers of the same length the one in the first line of the program is taken for the first.
//
// Class: order by time.After.
//
//want:fail
func TestTimeAfterOrder(t *testing.T)      { afterOrder(t, false) }
func TestTimeAfterOrderFixed(t *testing.T) { afterOrder(t, true) }

func commit(ctx context.Context, committed *atomic.Bool, fixed bool) error {
	result := make(chan error, 1)
	go func() {
		time.Sleep(5 * time.Millisecond)
		if fixed && ctx.Err() != nil {
			result <- ctx.Err()
			return
		}
		committed.Store(true)
		result <- nil
	}()
	if fixed {
		return <-result
	}
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func cancelAndResult(t *testing.T, fixed bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	var committed atomic.Bool
	err := commit(ctx, &committed, fixed)
	time.Sleep(time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) && committed.Load() {
		t.Error("said to be given up, and was done")
	}
}

// The answer and the end of the wait for it come together, and the select takes the end.
//
// Class: cancellation against result.
//
//want:fail
func TestCancelAndResult(t *testing.T)      { cancelAndResult(t, false) }
func TestCancelAndResultFixed(t *testing.T) { cancelAndResult(t, true) }

func waitFor(answer <-chan int, limit time.Duration, fixed bool) (ok bool) {
	var end <-chan time.Time
	if !fixed {
		end = time.NewTimer(0).C
	}
	if limit > 0 {
		end = time.After(limit)
	}
	select {
	case <-answer:
		return true
	case <-end:
		return false
	}
}

func zeroTimer(t *testing.T, fixed bool) {
	answer := make(chan int, 1)
	go func() { answer <- 1 }()
	if !waitFor(answer, 0, fixed) {
		t.Error("timed out, without a limit")
	}
}

// A timer of no length stands for no limit, and fires at once.
//
// Class: misuse of a timer. Tu, figure 12.
//
//want:fail
func TestZeroTimer(t *testing.T)      { zeroTimer(t, false) }
func TestZeroTimerFixed(t *testing.T) { zeroTimer(t, true) }

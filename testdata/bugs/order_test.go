package bugs

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type watcher struct {
	registry sync.Mutex
	updates  chan string
	handle   func(string) string
	done     chan string
}

func (w *watcher) run() { w.done <- w.handle(<-w.updates) }

func useBeforeInit(t *testing.T, fixed bool) {
	w := &watcher{updates: make(chan string, 1), done: make(chan string, 1)}
	w.updates <- "update"
	if fixed {
		w.handle = strings.ToUpper
	}
	go w.run()
	w.registry.Lock()
	w.registry.Unlock()
	if !fixed {
		w.handle = strings.ToUpper
	}
	if got := <-w.done; got != "UPDATE" {
		t.Errorf("got %q", got)
	}
}

// A goroutine is started before what it uses is set.
//
// Class: order violation (use before initialisation). GoBench, grpc#2371: a watcher that meets a nil field.
//
//want:panic
func TestUseBeforeInit(t *testing.T)      { useBeforeInit(t, false) }
func TestUseBeforeInitFixed(t *testing.T) { useBeforeInit(t, true) }

func addInside(t *testing.T, fixed bool) {
	var wg sync.WaitGroup
	var finished atomic.Int32
	for range 3 {
		if fixed {
			wg.Add(1)
		}
		go func() {
			if !fixed {
				wg.Add(1)
			}
			defer wg.Done()
			finished.Add(1)
		}()
	}
	wg.Wait()
	if n := finished.Load(); n != 3 {
		t.Errorf("%d of 3 have finished", n)
	}
}

// A wait group counts a goroutine only when that runs.
//
// Class: WaitGroup.Add after Wait. Tu, section 6.1 (figure 9).
//
//want:fail,panic
func TestWaitGroupAddInside(t *testing.T)      { addInside(t, false) }
func TestWaitGroupAddInsideFixed(t *testing.T) { addInside(t, true) }

type peer struct {
	mu      sync.Mutex
	wg      sync.WaitGroup
	stopped bool
	closed  atomic.Bool
}

func (p *peer) send(t *testing.T, fixed bool) {
	p.mu.Lock()
	if p.stopped {
		p.mu.Unlock()
		return
	}
	if fixed {
		p.wg.Add(1)
		p.mu.Unlock()
	} else {
		p.mu.Unlock()
		p.wg.Add(1)
	}
	defer p.wg.Done()
	if p.closed.Load() {
		t.Error("sent over a closed connection")
	}
}

func (p *peer) stop() {
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.wg.Wait()
	p.closed.Store(true)
}

func stopAndSend(t *testing.T, fixed bool) {
	var p peer
	parallel(
		func() { p.send(t, fixed) },
		p.stop,
	)
}

// Stop waits for all who send, but one of them has not been counted yet.
//
// Class: order violation (WaitGroup.Add after Wait). Tu, figure 9 (etcd).
//
//want:fail
func TestStopAndSend(t *testing.T)      { stopAndSend(t, false) }
func TestStopAndSendFixed(t *testing.T) { stopAndSend(t, true) }

func bothReady(t *testing.T, fixed bool) {
	stop, finished := make(chan bool), make(chan bool)
	var stopped atomic.Bool
	go func() {
		defer close(finished)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			if fixed {
				select {
				case <-stop:
					return
				default:
				}
			}
			if stopped.Load() {
				t.Error("one more job after the stop")
			}
			time.Sleep(3 * time.Millisecond) // the job
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	time.Sleep(7 * time.Millisecond)
	stopped.Store(true)
	close(stop)
	<-finished
}

// A select has the choice between the tick and the stop, both of which came during the job.
//
// Class: select with several ready cases. Tu, figure 11.
//
//want:fail
func TestSelectBothReady(t *testing.T)      { bothReady(t, false) }
func TestSelectBothReadyFixed(t *testing.T) { bothReady(t, true) }

func shutdown(t *testing.T, fixed bool) {
	items, quit, finished := make(chan int, 1), make(chan bool), make(chan bool)
	go func() {
		defer close(finished)
		for i := 0; ; i++ {
			select {
			case <-quit:
				return
			default:
			}
			select {
			case items <- i:
			case <-quit:
				return
			}
		}
	}()
	<-items
	close(quit)
	if fixed {
		<-finished
	}
	close(items)
	for range items {
	}
	<-finished
}

// The consumer closes the channel after it has told the producer to stop, but not after that has.
//
// Class: shutdown order of producer and consumer.
//
//want:panic
func TestShutdownOrder(t *testing.T)      { shutdown(t, false) }
func TestShutdownOrderFixed(t *testing.T) { shutdown(t, true) }

func lostStop(t *testing.T, fixed bool) {
	var stopped atomic.Bool
	finished := make(chan bool)
	go func() {
		defer close(finished)
		if !fixed {
			stopped.Store(false)
		}
		for !stopped.Load() {
			runtime.Gosched()
		}
	}()
	stopped.Store(true)
	<-finished
}

// A loop that starts forgets that it was told to stop.
//
// Class: order violation that ends in a livelock.
//
//want:livelock
func TestLostStop(t *testing.T)      { lostStop(t, false) }
func TestLostStopFixed(t *testing.T) { lostStop(t, true) }

func loopVariable(t *testing.T, fixed bool) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[int]bool{}
	var i int
	for i = 0; i < 3; i++ {
		wg.Add(1)
		j := i
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			if fixed {
				seen[j] = true
			} else {
				seen[i] = true
			}
		}()
	}
	wg.Wait()
	if len(seen) != 3 {
		t.Errorf("goroutines saw %v", seen)
	}
}

// Goroutines use the variable of the loop that started them.
//
// Class: order violation through a captured variable. Tu, figure 8 (Docker).
//
//want:fail
func TestLoopVariable(t *testing.T)      { loopVariable(t, false) }
func TestLoopVariableFixed(t *testing.T) { loopVariable(t, true) }

// flakyOnce opens a connection once. The network may not be up yet.
type flakyOnce struct {
	once sync.Once
	mu   sync.Mutex
	up   atomic.Bool
	conn *string
}

func (o *flakyOnce) dial() {
	if !o.up.Load() {
		panic("network is down")
	}
	o.conn = new(string)
}

// open reports whether it believes that there is a connection.
func (o *flakyOnce) open(fixed bool) bool {
	if !fixed {
		return !panics(func() { o.once.Do(o.dial) })
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.conn != nil || !panics(o.dial)
}

func oncePanic(t *testing.T, fixed bool) {
	var o flakyOnce
	use := func() {
		for !o.open(fixed) {
			time.Sleep(time.Millisecond)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.conn == nil {
			t.Error("done, and no connection")
		}
	}
	parallel(use, func() { o.up.Store(true) })
}

// A sync.Once whose function panics is done all the same.
//
// Class: misuse of sync.Once.
//
//want:fail
func TestOncePanic(t *testing.T)      { oncePanic(t, false) }
func TestOncePanicFixed(t *testing.T) { oncePanic(t, true) }

package bugs

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

func finishRequest(fixed bool) {
	size := 0
	if fixed {
		size = 1
	}
	result := make(chan int, size)
	go func() {
		time.Sleep(5 * time.Millisecond)
		result <- 1
	}()
	select {
	case <-result:
	case <-time.After(5 * time.Millisecond):
	}
}

// Whoever waits for the answer gives up; whoever has it waits for ever.
//
// Class: channel never received from. Tu, figure 1; GoBench, kubernetes#5316.
//
//want:leak
func TestTimeoutLeak(t *testing.T)      { finishRequest(false) }
func TestTimeoutLeakFixed(t *testing.T) { finishRequest(true) }

func feed(fixed bool) {
	jobs := make(chan int)
	var failed atomic.Bool
	for range 2 {
		go func() {
			for j := range jobs {
				if j == 1 {
					failed.Store(true)
				}
			}
		}()
	}
	if fixed {
		defer close(jobs)
	}
	for i := range 3 {
		jobs <- i
		if failed.Load() {
			return
		}
	}
	if !fixed {
		close(jobs)
	}
}

// The path of the error does not close the channel that workers range over.
//
// Class: missing close. Tu, section 5.2.
//
//want:leak
func TestMissingClose(t *testing.T)      { feed(false) }
func TestMissingCloseFixed(t *testing.T) { feed(true) }

func fastest(fixed bool) {
	answers := make(chan int)
	if fixed {
		answers = make(chan int, 3)
	}
	for i := range 3 {
		go func() { answers <- i }()
	}
	<-answers
}

// Three are asked, one answer is taken.
//
// Class: channel never received from.
//
//want:leak
func TestFirstAnswer(t *testing.T)      { fastest(false) }
func TestFirstAnswerFixed(t *testing.T) { fastest(true) }

func ticks(fixed bool) {
	tick, done := time.NewTicker(time.Millisecond), make(chan bool)
	go func() {
		if fixed {
			for {
				select {
				case <-tick.C:
				case <-done:
					return
				}
			}
		}
		for range tick.C {
		}
	}()
	time.Sleep(5 * time.Millisecond)
	tick.Stop()
	close(done)
}

// The stop of a ticker does not close its channel.
//
// Class: leak at a ticker.
//
//want:leak
func TestTickerLeak(t *testing.T)      { ticks(false) }
func TestTickerLeakFixed(t *testing.T) { ticks(true) }

func lookup(fixed bool) {
	var cached atomic.Bool
	go cached.Store(true)
	ctx, cancel := context.WithCancel(context.Background())
	if fixed {
		defer cancel()
	}
	answer := make(chan int, 1)
	go func() {
		<-ctx.Done()
		answer <- 1
	}()
	if cached.Load() {
		return
	}
	cancel()
	<-answer
}

// A way out does not cancel the context that a goroutine waits for.
//
// Class: context never cancelled. Tu, section 5.2 (figure 6).
//
//want:leak
func TestContextLeak(t *testing.T)      { lookup(false) }
func TestContextLeakFixed(t *testing.T) { lookup(true) }

// A dispatcher hands out messages until it is stopped.
func dispatch(fixed bool) {
	inbox, stop, stopped := make(chan int), make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			select {
			case <-inbox:
			case <-stop:
				return
			}
		}
	}()
	go func() {
		for i := range 3 {
			if !fixed {
				inbox <- i
				continue
			}
			select {
			case inbox <- i:
			case <-stopped:
			}
		}
	}()
	close(stop)
	<-stopped
}

// One goes on to send to a loop that has ended.
//
// Class: channel never received from. GoBench, syncthing#5795: a loop and who waits for its end.
//
//want:leak
func TestDispatcherLeak(t *testing.T)      { dispatch(false) }
func TestDispatcherLeakFixed(t *testing.T) { dispatch(true) }

package runtime

import (
	"strings"
	"testing"
	"time"
)

//go:noinline
func waitUntil(end int64) {
	for Nanotime() < end {
	}
}

// A wait for the clock that goes round and round gets to its end in some millions of steps, is the same each time, and is told of.
func TestSpinHurriesTheClock(t *testing.T) {
	for _, name := range []string{"random", "random:1", "pct:3", "rr"} {
		cfg := Config{Seed: 3, Scheduler: parse(t, name), Main: func() { waitUntil(Nanotime() + 45e9) }}
		r := Run(cfg)
		if r.Failure != nil || r.Spin == nil {
			t.Fatalf("%s: %+v", name, r)
		}
		if r.Steps > 3_000_000 || r.Spin.Time < 40e9 || r.Spin.Time > 46e9 || r.Spin.Actor != "harness/1" || !strings.Contains(r.Spin.Where, "waitUntil (") {
			t.Errorf("%s: %d steps, %+v", name, r.Steps, r.Spin)
		}
		if again := Run(cfg); again.Hash != r.Hash || *again.Spin != *r.Spin {
			t.Errorf("%s: %+v, then %+v", name, r, again)
		}
	}
}

// Whoever looks at the clock for a while, and whoever waits for somebody who does something, has the usual one.
func TestWorkDoesNotHurryTheClock(t *testing.T) {
	for what, main := range map[string]func(){
		"half a million looks": func() {
			for range 500_000 {
				Nanotime()
			}
		},
		"looks between messages": func() {
			ch := make(chan int, 1)
			for range 500_000 {
				for range 10 {
					Nanotime()
				}
				Send(ch, 1)
				Recv(ch)
			}
		},
		"a poll for somebody who works": func() {
			ch, done := make(chan int, 1), make(chan int, 1)
			Sleep(1)
			NewTimer(Nanotime()+3600e9, 0, sendTick, make(chan timeValue, 1), nil)
			Go(func() {
				for range 500_000 {
					Send(ch, 1)
					Recv(ch)
				}
				Send(done, 1)
			})
			for SelectDefault(CaseRecv(done)) < 0 {
			}
		},
	} {
		r := Run(Config{Main: main})
		if r.Failure != nil || r.Spin != nil || r.Now > 10e9 {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// What only goes round, and no time can end, is a livelock after some millions of steps: it says who took them.
func TestStillness(t *testing.T) {
	defer func(n uint64) { stillSteps = n }(stillSteps)
	stillSteps = 100_000
	f := fails(t, "livelock", Config{MaxSteps: 100_000_000, Main: func() {
		a, b := make(chan int, 1), make(chan int, 1)
		Send(a, 1)
		Go(func() {
			for {
				Send(b, Recv(a))
			}
		})
		for {
			Send(a, Recv(b))
		}
	}})
	contains(t, f.Message, "for 100000 steps no goroutine", "% of the steps: harness/1.1 in ", "% of the steps: harness/1 in ", "progress_test.go:")
	if blocks := strings.Split(f.Stacks, "\n\n"); !strings.Contains(blocks[0], "TestStillness") || !strings.Contains(blocks[1], "TestStillness") {
		t.Errorf("those that ran do not come first:\n%s", f.Stacks)
	}
	fails(t, "livelock", Config{MaxSteps: 100_000_000, Main: func() {
		ch := make(chan int)
		for {
			SelectDefault(CaseRecv(ch))
		}
	}})
}

// A simulation in which something begins or ends now and then is not still.
func TestNoStillness(t *testing.T) {
	defer func(n uint64) { stillSteps = n }(stillSteps)
	stillSteps = 100_000
	r := Run(Config{MaxSteps: 100_000_000, Main: func() {
		for range 2 {
			for range 60_000 {
				Gosched()
			}
			Go(func() {})
		}
	}})
	if r.Failure != nil || r.Steps < 120_000 {
		t.Errorf("%+v", r)
	}
}

// A goroutine of the host can end a simulation that goes on.
func TestInterrupt(t *testing.T) {
	f := fails(t, "timeout", Config{Main: func() {
		go func() {
			time.Sleep(10 * time.Millisecond)
			Interrupt("timeout", "enough")
		}()
		for {
			Gosched()
		}
	}})
	contains(t, f.Message, "enough\n", "% of the steps: harness/1 in ", "TestInterrupt")
	passes(t, 1, func() { Gosched() })
}

// It ends at the next step even where something goes on all the time.
func TestInterruptAtWork(t *testing.T) {
	rounds := 0
	fails(t, "timeout", Config{MaxSteps: 100_000, Main: func() {
		Interrupt("timeout", "enough")
		for {
			Go(func() {})
			Gosched()
			rounds++
		}
	}})
	if rounds > 0 {
		t.Errorf("%d goroutines have been started since", rounds)
	}
}

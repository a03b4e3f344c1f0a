package runtime

import (
	"strings"
	"testing"
	"unsafe"
)

// Channels carry no mark on the plain host, so bubbles with channels are tested
// by a script of the command: cmd/simgen/testdata/script/bubbles.txtar.
var bubbleScenarios = []struct {
	says string
	want string
	run  func(note func(string))
}{
	{"the clock of a bubble starts in 2000 and moves when all are blocked, as in no time outside", "946684800 946684803 true", func(note func(string)) {
		start := Now()
		BubbleRun(func() {
			sec, _ := BubbleTime()
			note(utoa(uint64(sec)))
			Sleep(3e9)
			sec, _ = BubbleTime()
			note(utoa(uint64(sec)))
		})
		note(yes(Now()-start < 1e9))
	}},
	{"sleepers wake in the order of their times", "cba", func(note func(string)) {
		order := ""
		BubbleRun(func() {
			for i, name := range []string{"a", "b", "c"} {
				Go(func() {
					Sleep(int64(3-i) * 1e9)
					order += name
				})
			}
			Sleep(4e9)
		})
		note(order)
	}},
	{"Wait returns when all others are durably blocked, before the clock moves", "1 0", func(note func(string)) {
		BubbleRun(func() {
			n, start := 0, TimeNano()
			Go(func() {
				for range 50 {
					Gosched()
				}
				n++
				Sleep(1e9)
				n++
			})
			BubbleWait()
			note(itoa(int64(n)))
			note(itoa(TimeNano() - start))
			Sleep(2e9)
		})
	}},
	{"somebody who waits for a lock is not durably blocked", "locked 1000 us outside", func(note func(string)) {
		var sema uint32
		start := Now()
		Go(func() {
			Sleep(1e6)
			Semrelease(&sema, false)
		})
		BubbleRun(func() {
			got := false
			Go(func() {
				Semacquire(&sema, false, "semacquire")
				got = true
			})
			BubbleWait()
			if got {
				note("locked")
			}
		})
		note(itoa((Now()-start)/1e6*1000) + " us outside")
	}},
	{"Run waits for goroutines that are left, timers do not fire any more", "deadlock: main bubble goroutine has exited but blocked goroutines remain", func(note func(string)) {
		defer func() { note(recover().(error).Error()) }()
		BubbleRun(func() {
			Go(func() {
				Sleep(1e9)
				note("slept")
			})
			Go(func() { Recv[int](nil) })
		})
	}},
	{"all blocked for ever", "deadlock: all goroutines in bubble are blocked", func(note func(string)) {
		defer func() { note(recover().(error).Error()) }()
		BubbleRun(func() { Recv[int](nil) })
	}},
	{"misuse", "synctest.Run called from within a synctest bubble, goroutine is not in a bubble, wait already in progress", func(note func(string)) {
		var words []string
		try := func(f func()) {
			defer func() { words = append(words, recover().(string)) }()
			f()
		}
		BubbleRun(func() {
			try(func() { BubbleRun(func() {}) })
		})
		try(BubbleWait)
		BubbleRun(func() {
			Go(BubbleWait)
			Gosched()
			for current().bubble.waiter == nil {
				Gosched()
			}
			try(BubbleWait)
		})
		note(strings.Join(words, ", "))
	}},
	{"a timer function is part of the bubble, and starts goroutines that are", "true true", func(note func(string)) {
		BubbleRun(func() {
			in, started := false, false
			NewTimer(TimeNano()+1e9, 0, func(any, uintptr, int64) {
				in = InBubble()
				Go(func() { started = InBubble() })
			}, nil, nil)
			Sleep(2e9)
			note(yes(in))
			note(yes(started))
		})
		if InBubble() {
			note("outside")
		}
	}},
	{"a timer that is due at once has fired when it is made", "1", func(note func(string)) {
		BubbleRun(func() {
			n := 0
			NewTimer(TimeNano(), 0, func(any, uintptr, int64) { n++ }, nil, nil)
			note(itoa(int64(n)))
		})
	}},
	{"a reference keeps the bubble from being blocked", "2", func(note func(string)) {
		BubbleRun(func() {
			b, n := BubbleAcquire(), 0
			Go(func() {
				BubbleWait()
				n = 2
			})
			for range 100 {
				Gosched()
			}
			if n != 0 {
				note("blocked")
			}
			BubbleRelease(b)
			Sleep(1)
			note(itoa(int64(n)))
		})
	}},
	{"an object belongs to one bubble, until it is released", "1 1 2 1", func(note func(string)) {
		p := unsafe.Pointer(new(int64))
		state := func() { note(itoa(int64(BubbleAssociate(p)))) }
		BubbleRun(func() { state(); state() })
		BubbleRun(state)
		BubbleDisassociate(p)
		BubbleRun(state)
	}},
	{"a process with a bubble is killed", "-9", func(note func(string)) {
		p := NewProcess("p", "")
		p.Start(func() {
			BubbleRun(func() {
				Go(func() { Recv[int](nil) })
				for {
					Gosched()
				}
			})
		})
		Sleep(1e6)
		p.Kill()
		note(itoa(int64(p.Wait().Code)))
	}},
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func TestBubbles(t *testing.T) {
	for _, sc := range bubbleScenarios {
		for seed := uint64(1); seed <= 30; seed++ {
			var notes []string
			simulate(t, seed, func(*machine) {
				sc.run(func(text string) { notes = append(notes, text) })
			})
			if got := strings.Join(notes, " "); got != sc.want {
				t.Fatalf("%s (seed %d): got %q, want %q", sc.says, seed, got, sc.want)
			}
		}
	}
}

// A clock that runs for ever in a bubble ends the simulation, not the worker.
func TestBubbleLivelock(t *testing.T) {
	res := Run(Config{Seed: 1, MaxSteps: 10_000, Main: func() {
		BubbleRun(func() {
			NewTimer(TimeNano(), 1e9, func(any, uintptr, int64) {}, nil, nil)
			Recv[int](nil)
		})
	}})
	if res.Failure == nil || res.Failure.Kind != "livelock" {
		t.Errorf("got %+v", res.Failure)
	}
}

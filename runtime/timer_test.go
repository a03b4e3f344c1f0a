package runtime

import (
	"testing"
	"unsafe"
)

// sendTick is what package time passes to NewTimer for a channel.
func sendTick(c any, _ uintptr, delta int64) {
	SelectDefault(CaseSend(c.(chan timeValue), timeValue{ext: Nanotime() - delta}))
}

func ptrOf(ch chan timeValue) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&ch)) }

func newChanTimer(d, period int64) (chan timeValue, unsafe.Pointer) {
	ch := make(chan timeValue, 1)
	return ch, NewTimer(Now()+d, period, sendTick, ch, ptrOf(ch))
}

var timerScenarios = []struct {
	says string
	want string
	run  func() string
}{
	{"sleepers wake in the order of their times, the clock jumps", "cba 3s", func() string {
		order, done, start := "", make(chan bool), Now()
		for i, name := range []string{"a", "b", "c"} {
			Go(func() {
				Sleep(int64(3-i) * 1e9)
				order += name
				Send(done, true)
			})
		}
		for range 3 {
			Recv(done)
		}
		return order + " " + itoa((Now()-start)/1e9) + "s"
	}},
	{"a timer fires once, at its time", "1s, then nothing", func() string {
		start := Now()
		ch, _ := newChanTimer(1e9, 0)
		at := Recv(ch).ext - start
		Sleep(1e9)
		return itoa(at/1e9) + "s, " + panicText(SelectDefault(CaseRecv(ch)) == -1)[:0] + "then nothing"
	}},
	{"a ticker fires again and again, and keeps at most one tick", "1 2 3 s, then 1 kept", func() string {
		start, got := Now(), ""
		ch, _ := newChanTimer(1e9, 1e9)
		for range 3 {
			got += itoa((Recv(ch).ext-start)/1e9) + " "
		}
		Sleep(10e9)
		kept := 0
		for SelectDefault(CaseRecv(ch)) == 0 {
			kept++
		}
		return got + "s, then " + itoa(int64(kept)) + " kept"
	}},
	{"a ticker faster than the machine lets others run", "100 ticks", func() string {
		ch, tick := newChanTimer(1, 1)
		_, done := newChanTimer(1, 1)
		stop := NewTimer(Now()+1, 1, func(any, uintptr, int64) {}, nil, nil)
		n := 0
		for range 100 {
			n++
			Recv(ch)
		}
		for _, t := range []unsafe.Pointer{tick, done, stop} {
			StopTimer(t)
		}
		return itoa(int64(n)) + " ticks"
	}},
	{"a ticker that nobody listens to costs nothing", "true", func() string {
		newChanTimer(1, 1)
		before := Steps()
		Sleep(60e9)
		return panicText(Steps()-before < 10)
	}},
	{"a value that comes while nobody listens has the time at which it was due", "1s", func() string {
		start := Now()
		ch, _ := newChanTimer(1e9, 0)
		Sleep(5e9)
		return itoa((Recv(ch).ext-start)/1e9) + "s"
	}},
	{"a period can be too long for the clock", "one tick", func() string {
		fired := 0
		NewTimer(Now(), 1<<63-1, func(any, uintptr, int64) { fired++ }, nil, nil)
		Sleep(60e9)
		if fired == 1 {
			return "one tick"
		}
		return itoa(int64(fired))
	}},
	{"a select hears a timer that is due, and one that will be", "due then later", func() string {
		a, _ := newChanTimer(1, 0)
		b, _ := newChanTimer(5e9, 0)
		names, got := []string{"due", "later"}, ""
		Sleep(1e9)
		for i := range 2 {
			if i > 0 {
				got += " then "
			}
			got += names[Select(CaseRecv(a), CaseRecv(b))]
		}
		return got
	}},
	{"Stop reports whether it stopped the timer", "true false", func() string {
		_, a := newChanTimer(1e9, 0)
		first := StopTimer(a)
		return panicText(first) + " " + panicText(StopTimer(a))
	}},
	{"after Stop no stale value is received, and it reports true", "true 0", func() string {
		ch, a := newChanTimer(1e6, 0)
		Sleep(1e9)
		return panicText(StopTimer(a)) + " " + itoa(int64(len(ch)))
	}},
	{"after Reset only the new value is received", "true 5", func() string {
		ch, a := newChanTimer(1e6, 0)
		Sleep(1e9)
		start := Now()
		pending := ResetTimer(a, Now()+5e9, 0)
		return panicText(pending) + " " + itoa((Recv(ch).ext-start)/1e9)
	}},
	{"Reset of a timer whose value was received reports false", "false", func() string {
		ch, a := newChanTimer(1e6, 0)
		Recv(ch)
		return panicText(ResetTimer(a, Now()+5e9, 0))
	}},
	{"a timer's function runs in its process and may start goroutines", "server", func() string {
		where := make(chan string, 1)
		p := NewProcess("server", "")
		p.Start(func() {
			NewTimer(Nanotime()+1e6, 0, func(arg any, _ uintptr, _ int64) { Go(arg.(func())) },
				func() { Send(where, CurrentProcess().Name()) }, nil)
			Recv[int](nil)
		})
		return Recv(where)
	}},
	{"a timer of the past fires at once", "true", func() string {
		ch, _ := newChanTimer(-1e9, 0)
		start := Now()
		Recv(ch)
		return panicText(Now()-start < 1e6)
	}},
	{"a sleep of the longest duration is not the past", "asleep", func() string {
		state := "asleep"
		Go(func() {
			Sleep(1<<63 - 1)
			state = "awake"
		})
		Sleep(1e9)
		return state
	}},
}

func TestTimers(t *testing.T) {
	for _, s := range timerScenarios {
		t.Run(s.says, func(t *testing.T) { always(t, s.want, s.run) })
	}
}

// Package time looks at the first two fields of what NewTimer returns.
func TestTimerLayout(t *testing.T) {
	passes(t, 1, func() {
		ch, p := newChanTimer(1, 0)
		tm := (*struct {
			C    <-chan timeValue
			init bool
		})(p)
		if !tm.init || tm.C != nil {
			Fail("error", "not the beginning of a new time.Timer")
		}
		tm.C = ch
		Recv(tm.C)
	})
}

// Events of the same time happen in the order they were made; a cancelled one
// does not happen.
func TestEvents(t *testing.T) {
	order := ""
	passes(t, 1, func() {
		After(100, func() { order += "b" })
		After(100, func() { order += "c" })
		e := After(50, func() { order += "cancelled" })
		After(100, func() { After(-5, func() { order += "e" }); order += "d" })
		After(10, func() { order += "a" })
		if !e.Cancel() || e.Cancel() {
			Fail("error", "Cancel should report true once")
		}
		Sleep(1e6)
	})
	if order != "abcde" {
		t.Errorf("order %q", order)
	}
}

// The queue is ordered by time and age whatever is added and removed.
func TestEventQueue(t *testing.T) {
	r := source(1)
	for range 200 {
		var q eventQueue
		var pending []*Event
		for range 100 {
			switch {
			case len(pending) > 0 && r.below(3) == 0:
				i := r.below(uint64(len(pending)))
				if !q.remove(pending[i]) {
					t.Fatal("a pending event could not be removed")
				}
				pending = append(pending[:i], pending[i+1:]...)
			case len(pending) > 0 && r.below(4) == 0:
				q.add(pending[r.below(uint64(len(pending)))], int64(r.below(20)))
			default:
				e := &Event{}
				q.add(e, int64(r.below(20)))
				pending = append(pending, e)
			}
		}
		var last *Event
		for len(q.heap) > 0 {
			e := q.heap[0]
			if q.next != e.when {
				t.Fatal("next is not the first event's time")
			}
			q.remove(e)
			if last != nil && (e.when < last.when || e.when == last.when && e.seq < last.seq) {
				t.Fatal("events out of order")
			}
			last = e
			pending = pending[:len(pending)-1]
		}
		if len(pending) != 0 || q.next != never {
			t.Fatal("events were lost")
		}
	}
}

package runtime

import "testing"

// What the language says about channels, one sentence each. Every scenario runs
// on many schedules and must come to the same result on all of them.
var channelScenarios = []struct {
	says string
	want string
	run  func() string
}{
	{"a receive from an unbuffered channel waits for the sender", "7", func() string {
		ch := make(chan int)
		Go(func() { Send(ch, 7) })
		return itoa(int64(Recv(ch)))
	}},
	{"a send on an unbuffered channel ends only when it is received", "received first", func() string {
		ch, order := make(chan int), ""
		Go(func() {
			Sleep(1e6)
			order += "received "
			Recv(ch)
		})
		Send(ch, 1)
		return order + "first"
	}},
	{"a buffered channel takes as many values as it has room for", "3 then blocked", func() string {
		ch, sent := make(chan int, 3), 0
		Go(func() {
			for {
				Send(ch, 1)
				sent++
			}
		})
		Sleep(1e6)
		return itoa(int64(sent)) + " then blocked"
	}},
	{"values arrive in the order they were sent, also through a full buffer", "0123456789", func() string {
		ch, got := make(chan int, 2), ""
		Go(func() {
			for i := range 10 {
				Send(ch, i)
			}
			Close(ch)
		})
		for it := RangeChan(ch); it.Next(); {
			got += itoa(int64(it.Value()))
		}
		return got
	}},
	{"senders that wait are served first come, first served", "abc", func() string {
		ch, got := make(chan string), ""
		for i, name := range []string{"a", "b", "c"} {
			Go(func() {
				Sleep(int64(i+1) * 1e6)
				Send(ch, name)
			})
		}
		Sleep(1e9)
		for range 3 {
			got += Recv(ch)
		}
		return got
	}},
	{"a closed channel gives what is in its buffer, then zero values", "5 true 0 false", func() string {
		ch := make(chan int, 1)
		Send(ch, 5)
		Close(ch)
		v, ok := Recv2(ch)
		w, ok2 := Recv2(ch)
		return itoa(int64(v)) + " " + panicText(ok) + " " + itoa(int64(w)) + " " + panicText(ok2)
	}},
	{"close wakes all receivers with the zero value", "000", func() string {
		ch, done, got := make(chan int), make(chan bool), ""
		for range 3 {
			Go(func() {
				got += itoa(int64(Recv(ch)))
				Send(done, true)
			})
		}
		Sleep(1e6)
		Close(ch)
		for range 3 {
			Recv(done)
		}
		return got
	}},
	{"close makes waiting senders panic", "send on closed channel", func() string {
		ch, result := make(chan int), make(chan string, 1)
		Go(func() { Send(result, panics(func() { Send(ch, 1) })) })
		Sleep(1e6)
		Close(ch)
		return Recv(result)
	}},
	{"a send on a closed channel panics, buffered or not", "send on closed channel, send on closed channel", func() string {
		a, b := make(chan int), make(chan int, 1)
		Close(a)
		Close(b)
		return panics(func() { Send(a, 1) }) + ", " + panics(func() { Send(b, 1) })
	}},
	{"closing twice and closing nil panic", "close of closed channel, close of nil channel", func() string {
		ch := make(chan int)
		Close(ch)
		return panics(func() { Close(ch) }) + ", " + panics(func() { Close[int](nil) })
	}},
	{"nil channels block for ever", "still there", func() string {
		through := "still there"
		Go(func() {
			Recv[int](nil)
			through = "nil channel received"
		})
		Go(func() {
			Send[int](nil, 1)
			through = "nil channel sent"
		})
		Sleep(1e9)
		return through
	}},
	{"a value sent as an interface arrives with its type", "true", func() string {
		ch := make(chan any, 1)
		SendTo(ch).Value(42)
		v, ok := Recv(ch).(int)
		return panicText(ok && v == 42)
	}},
	{"zero-sized and large values are handed over whole", "ok", func() string {
		type large struct{ a [100]int }
		empty, big := make(chan struct{}), make(chan large)
		Go(func() {
			Send(empty, struct{}{})
			v := large{}
			v.a[99] = 1
			Send(big, v)
		})
		Recv(empty)
		if Recv(big).a[99] != 1 {
			return "lost"
		}
		return "ok"
	}},
}

func TestChannels(t *testing.T) {
	for _, s := range channelScenarios {
		t.Run(s.says, func(t *testing.T) { always(t, s.want, s.run) })
	}
}

// Two receivers of one sender get their share: over many seeds each schedule
// that may happen does happen.
func TestScheduleIsExplored(t *testing.T) {
	seen := overSeeds(t, 200, func() string {
		ch, got := make(chan string, 3), ""
		for _, name := range []string{"a", "b", "c"} {
			Go(func() { Send(ch, name) })
		}
		for range 3 {
			got += Recv(ch)
		}
		return got
	})
	if len(seen) != 6 {
		t.Errorf("%d of the 6 orders in which three goroutines can run were seen: %v", len(seen), seen)
	}
}

func TestNativeChannels(t *testing.T) {
	ch := make(chan int)
	Go(func() {
		for i := range 3 {
			Send(ch, i)
		}
		Close(ch)
	})
	sum := 0
	for it := RangeChan(ch); it.Next(); {
		sum += it.Value()
	}
	if sum != 3 {
		t.Errorf("sum of 0, 1, 2 sent outside a simulation: %d", sum)
	}
}

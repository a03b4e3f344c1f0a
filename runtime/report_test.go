package runtime

import (
	"strings"
	"testing"
)

//go:noinline
func blockHere(ch chan int) { Recv(ch) }

// Nothing can run and nothing is pending: a deadlock, reported with every
// goroutine, where it waits, and where it was created.
func TestDeadlock(t *testing.T) {
	f := fails(t, "deadlock", Config{Main: func() {
		ch := make(chan int)
		Go(func() { blockHere(ch) })
		p := NewProcess("server", "")
		p.Start(func() { Select() })
		var sema uint32
		Sleep(1e6)
		Semacquire(&sema, false, "semacquire")
	}})
	contains(t, f.Stacks,
		"goroutine 1 [semacquire], harness/1:\n",
		"[chan receive], harness/1.1:\n", "blockHere(...)\n", "report_test.go:9\n", "created by ", "TestDeadlock.func1 in goroutine 1\n",
		"[select (no cases)], server/1:\n")
	if strings.Contains(f.Stacks, "scheduler") || strings.Contains(f.Stacks, "coroswitch") {
		t.Errorf("the report shows frames of the runtime:\n%s", f.Stacks)
	}
}

// A ticker that nobody listens to does not hide a deadlock; one that somebody
// listens to is none.
func TestTickersAndDeadlock(t *testing.T) {
	tick := func() chan timeValue {
		ch := make(chan timeValue, 1)
		NewTimer(Nanotime()+1e9, 1e9, sendTick, ch, ptrOf(ch))
		return ch
	}
	fails(t, "deadlock", Config{Main: func() {
		tick()
		Recv[int](nil)
	}})
	fails(t, "timeout", Config{MaxTime: 3600e9, Main: func() {
		for it := RangeChan(tick()); it.Next(); {
		}
	}})
}

// Something runs for ever: a livelock.
func TestLivelock(t *testing.T) {
	f := fails(t, "livelock", Config{MaxSteps: 1000, Main: func() {
		Go(spin)
		Recv[int](nil)
	}})
	contains(t, f.Message, "1000 steps")
	contains(t, f.Stacks, "spin(...)\n")
	fails(t, "livelock", Config{MaxSteps: 1000, Main: func() {
		for {
			Point()
		}
	}})
	fails(t, "timeout", Config{MaxTime: 1e9, Main: func() {
		for {
			Sleep(1e6)
		}
	}})
}

// A loop that waits for the clock gets to its end, because looking takes time.
func TestBusyWaitEnds(t *testing.T) {
	passes(t, 1, func() {
		for end := Nanotime() + 1e6; Nanotime() < end; {
		}
	})
}

// A spin on a variable that another goroutine sets gets to its end, because
// atomics are switch points.
func TestSpinEnds(t *testing.T) {
	always(t, "set", func() string {
		set := false
		Go(func() { set = true })
		for !set {
			Point()
		}
		return "set"
	})
}

// Goroutines that are alike are described once; those at other places, or in other states, are not like them.
func TestStacksOfManyGoroutines(t *testing.T) {
	passes(t, 1, func() {
		ch := make(chan int)
		for range 300 {
			Go(func() { Recv[int](nil) })
			Go(func() { Recv(ch) })
		}
		Go(func() { Recv(ch) })
		Sleep(1e6)
		all := Stacks()
		blocks := strings.Split(strings.TrimSpace(all), "\n\n")
		if len(blocks) != 4 || strings.Count(all, ", and 299 more like it:\n") != 2 || !strings.Contains(all, "[chan receive (nil chan)], harness/1.1, and 299 more") {
			Fail("error", all)
		}
	})
}

//go:noinline
func blockAt(depth int) {
	if depth == 0 {
		Recv[int](nil)
	}
	blockAt(depth - 1)
	Point()
}

func TestStacksOfManyKinds(t *testing.T) {
	passes(t, 1, func() {
		ch := make(chan int)
		for depth := range 55 {
			Go(func() { blockAt(depth) })
			Go(func() { Select(CaseRecv(ch)); blockAt(depth) })
			Go(func() { blockAt(depth) })
			Go(func() { blockAt(depth) })
			Go(func() { blockAt(depth) })
		}
		Sleep(1e6)
		if all := Stacks(); !strings.Contains(all, "... and 22 more goroutines of harness\n") {
			Fail("error", all)
		}
	})
}

// An event runs on the stack of somebody who is blocked, and is no part of that.
func TestStacksInEvents(t *testing.T) {
	stacks := ""
	passes(t, 1, func() {
		After(1e6, func() { stacks = Stacks() })
		blocked := make(chan int)
		Go(func() { blockHere(blocked) })
		Sleep(2e6)
	})
	if strings.Count(stacks, "blockHere(") != 1 || strings.Contains(stacks, ".Stacks(") || strings.Contains(stacks, "TestStacksInEvents.func1.1") {
		t.Error(stacks)
	}
}

// Survivors are those made since the mark that are there still, in groups, with how many of them are of the later half.
func TestSurvivors(t *testing.T) {
	passes(t, 1, func() {
		me := CurrentProcess()
		for range 3 {
			Go(func() { Recv[int](nil) })
		}
		me.Mark()
		for i := range 10 {
			Go(func() { blockHere(make(chan int)) })
			Go(func() { Sleep(1e3) })
			if i < 4 {
				Go(func() { Recv[int](nil) })
			}
			Sleep(1e9)
		}
		end := Now() - 1e9 // when the last was made
		Sleep(1e6)
		list := me.Survivors(end)
		if len(list) != 2 || list[0].Count != 10 || list[0].Late != 5 || list[1].Count != 4 || list[1].Late != 0 {
			t.Errorf("%+v", list)
			return
		}
		if !strings.HasSuffix(list[0].Creator, ".TestSurvivors.func1") || !strings.Contains(list[0].Stack, "blockHere(") {
			Fail("error", list[0].Creator+"\n"+list[0].Stack)
		}
	})
}

func TestActorPaths(t *testing.T) {
	passes(t, 1, func() {
		paths := make(chan string, 20)
		var descend func(n int)
		descend = func(n int) {
			Send(paths, Current().Actor())
			if n > 0 {
				Go(func() { descend(n - 1) })
			}
		}
		Go(func() { descend(6) })
		for _, want := range []string{"1.1", "1.1.1", "1.1.1.1", "1.1.1.1.1", "1.1.1.1.1.1", "1.1.1.1.1.1~"} {
			if got := Recv(paths); !strings.HasPrefix(got, "harness/"+want) {
				Fail("error", got+" should be harness/"+want)
			}
		}
	})
}

func TestNativeAnswers(t *testing.T) {
	if Simulated() || Current() != nil || CurrentProcess() != nil || Stacks() != "" || Now() != 0 {
		t.Error("a native goroutine is taken for a simulated one")
	}
	passes(t, 1, func() {
		if !Simulated() || NumCPU() != numCPU || GOMAXPROCS(2) != numCPU || GOMAXPROCS(0) != 2 || NumGoroutine() != 1 {
			Fail("error", "a simulated goroutine sees the host")
		}
		Kernelly(func() {
			if Simulated() {
				Fail("error", "kernel mode is simulated")
			}
		})
		g := Enter()
		if Simulated() || Enter() != nil {
			Fail("error", "kernel mode is simulated")
		}
		Leave(nil)
		Leave(g)
		if !Simulated() {
			Fail("error", "kernel mode did not end")
		}
		if r := Run(Config{}); r.Failure == nil {
			Fail("error", "two simulations at a time")
		}
	})
}

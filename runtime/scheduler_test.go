package runtime

import (
	"strings"
	"testing"
)

func parse(t *testing.T, text string) Scheduler {
	t.Helper()
	s, err := ParseScheduler(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// schedulers is one of each kind.
var schedulers = []string{"random", "random:1", "random:5", "weighted", "weighted:3", "pct:1", "pct:3", "rr", "rr:2", "mix"}

func TestParseScheduler(t *testing.T) {
	for _, text := range schedulers {
		if got := parse(t, text).String(); got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	if got := parse(t, "").String(); got != "mix" {
		t.Errorf("the default is %q, should be mix", got)
	}
	if (Scheduler{}) != parse(t, "random") {
		t.Error("the zero value is not random")
	}
	for _, text := range []string{"fifo", "pct:", "pct:0", "pct:65", "pct:3x", "pct:-1", "random:1000001", "rr:99999999999999999999", "mix:2", ":1", "random:5:5"} {
		_, err := ParseScheduler(text)
		if err == nil {
			t.Errorf("%q is understood", text)
			continue
		}
		contains(t, err.Error(), `"`+text+`"`, "random:n", "weighted", "pct:d", "rr", "mix")
	}
}

// A short range of seeds has all that is mixed, and a seed always has the same.
func TestMixHasAll(t *testing.T) {
	mix, seen := parse(t, "mix"), map[string]int{}
	for seed := range uint64(100) {
		s := mix.For(seed)
		if s != mix.For(seed) {
			t.Fatalf("seed %d is %v, then %v", seed, s, mix.For(seed))
		}
		seen[s.String()]++
	}
	for _, s := range mixture {
		if seen[s.String()] == 0 {
			t.Errorf("no seed of 100 has %v", s)
		}
		if got := parse(t, s.String()); got != s {
			t.Errorf("%v cannot be asked for by its name", s)
		}
	}
}

// What each scheduler does is decided by the seed alone.
func TestSchedulersAreDeterministic(t *testing.T) {
	for _, name := range schedulers {
		cfg := Config{Scheduler: parse(t, name), Main: busy}
		hashes := map[uint64]bool{}
		for seed := range uint64(10) {
			cfg.Seed = seed
			first := Run(cfg)
			if first.Failure != nil {
				t.Fatalf("%s, seed %d: %s: %s", name, seed, first.Failure.Kind, first.Failure.Message)
			}
			Run(Config{Seed: seed + 1, Scheduler: cfg.Scheduler, Main: busy})
			if again := Run(cfg); again != first {
				t.Errorf("%s, seed %d: %+v, then %+v", name, seed, first, again)
			}
			hashes[first.Hash] = true
		}
		if len(hashes) != 10 {
			t.Errorf("%s: 10 seeds gave %d different hashes", name, len(hashes))
		}
	}
}

// "random" is what a simulation does that says nothing, and so is the distance
// it stands for.
func TestRandomIsTheZeroValue(t *testing.T) {
	for seed := range uint64(5) {
		want := passes(t, seed, busy)
		for _, name := range []string{"random", "random:20"} {
			if got := Run(Config{Seed: seed, Scheduler: parse(t, name), Main: busy}); got != want {
				t.Errorf("%s, seed %d: %+v, without a scheduler %+v", name, seed, got, want)
			}
		}
	}
}

// switchPoints are the operations that do not block, but at which another goroutine may
// run first. Each may be called any number of times.
var switchPoints = []struct {
	name string
	make func() func()
}{
	{"an atomic operation or an uncontended lock", func() func() { return Point }},
	{"a system call", func() func() { return func() { Syscall6(0, 0, 0, 0, 0, 0, 0) } }},
	{"a look at the clock", func() func() { return func() { Nanotime() } }},
	{"a sleep of no length", func() func() { return func() { Sleep(0) } }},
	{"Gosched", func() func() { return Gosched }},
	{"a go statement", func() func() { return func() { Go(func() {}) } }},
	{"a send", func() func() {
		ch := make(chan int, 10)
		return func() { Send(ch, 1) }
	}},
	{"a receive", func() func() {
		ch := full()
		return func() { Recv(ch) }
	}},
	{"a receive from a closed channel", func() func() {
		ch := make(chan int)
		close(ch)
		return func() { Recv2(ch) }
	}},
	{"a range over a channel", func() func() {
		it := RangeChan(full())
		return func() { it.Next() }
	}},
	{"a close", func() func() {
		return func() { Close(make(chan int)) }
	}},
	{"a select", func() func() {
		ch := full()
		return func() { Select(CaseRecv(ch), CaseSend(nil, 1)) }
	}},
	{"a select with a default", func() func() {
		ch := make(chan int)
		return func() { SelectDefault(CaseRecv(ch)) }
	}},
	{"the stop of a timer", func() func() {
		p := NewTimer(never, 0, sendTick, nil, nil)
		return func() { StopTimer(p) }
	}},
	{"the reset of a timer", func() func() {
		p := NewTimer(never, 0, sendTick, nil, nil)
		return func() { ResetTimer(p, never, 0) }
	}},
}

func full() chan int {
	ch := make(chan int, 10)
	for range cap(ch) {
		ch <- 1
	}
	return ch
}

// Two goroutines that never wait for each other meet in every order, at each
// kind of switch point: A does a, then b, B does c. (Turns that are taken, as by "rr", are
// one order only.)
func TestEveryOrderAtEverySwitchPoint(t *testing.T) {
	for _, name := range []string{"random", "random:1", "weighted", "pct:2", "mix"} {
		for _, p := range switchPoints {
			seen := map[string]int{}
			for seed := range uint64(300) {
				order := ""
				r := Run(Config{Seed: seed, Scheduler: parse(t, name), Kernel: &machine{t: t, syscall: nothing}, Main: func() {
					a, c, done := p.make(), p.make(), make(chan bool)
					Go(func() { a(); order += "a"; a(); order += "b"; Send(done, true) })
					Go(func() { c(); order += "c"; Send(done, true) })
					Recv(done)
					Recv(done)
				}})
				if r.Failure != nil {
					t.Fatalf("%s: %s: %s", p.name, r.Failure.Kind, r.Failure.Message)
				}
				seen[order]++
			}
			for _, order := range []string{"abc", "acb", "cab"} {
				if seen[order] == 0 {
					t.Errorf("%s, %s: never in the order %s: %v", name, p.name, order, seen)
				}
			}
		}
	}
}

func nothing(*Process, uintptr, [6]uintptr) (r1, r2, errno uintptr) { return 0, 0, 0 }

// starved reports whether A was stopped at the one place between its two
// statements for all the time that B took to come to its own.
func starved(long int) (found bool) {
	done, x := make(chan bool), 0
	Go(func() {
		x = 1
		Point()
		x = 2
		Send(done, true)
	})
	Go(func() {
		for range long {
			Point()
		}
		found = x == 1
		Send(done, true)
	})
	Recv(done)
	Recv(done)
	return found
}

// The guarantee: a bug of depth 2 among k switch points of two goroutines is
// found by one seed in 2 * 2k * (number of lengths guessed) at least, though
// none is told k. Half of that is asked for here, so that chance has room. A
// choice at every place hardly ever does.
func TestPCTGuarantee(t *testing.T) {
	const tries = 4000
	for _, long := range []int{5, 20, 60} {
		for _, name := range []string{"pct:2", "pct:3", "random:1"} {
			found, want := 0, tries/(2*2*(long+5)*(maxRound-minRound+1))/2
			for seed := range uint64(tries) {
				Run(Config{Seed: seed, Scheduler: parse(t, name), Main: func() {
					if starved(long) {
						found++
					}
				}})
			}
			t.Logf("%s, %d points: %d of %d", name, long, found, tries)
			switch {
			case name != "random:1" && found < want:
				t.Errorf("%s, %d points: found by %d seeds of %d, should be %d", name, long, found, tries, want)
			case name == "random:1" && long == 60 && found > 0:
				t.Errorf("%s, %d points: found by %d seeds, so it proves nothing", name, long, found)
			}
		}
	}
}

// Under "pct" nobody goes on while somebody of a higher priority can run: whoever an operation has woken, or made, runs right after it.
func TestPCTIsStrict(t *testing.T) {
	operations := map[string]func(end chan bool){
		"go": func(end chan bool) { Go(func() { Recv(end) }) },
		"send to a receiver": func(end chan bool) {
			ch := make(chan int)
			Go(func() { Recv(ch) })
			Send(ch, 1)
		},
		"receive from a sender": func(end chan bool) {
			ch := make(chan int)
			Go(func() { Send(ch, 1) })
			Recv(ch)
		},
		"receive that makes room": func(end chan bool) {
			ch := make(chan int, 1)
			Send(ch, 1)
			Go(func() { Send(ch, 2) })
			Recv(ch)
		},
		"close": func(end chan bool) {
			ch := make(chan int)
			Go(func() { Recv2(ch) })
			Close(ch)
		},
		"select": func(end chan bool) {
			ch := make(chan int)
			Go(func() { Recv(ch) })
			Select(CaseSend(ch, 1), CaseSend(nil, 1))
		},
		"select with a default": func(end chan bool) {
			ch := make(chan int)
			Go(func() { Recv(ch) })
			SelectDefault(CaseSend(ch, 1))
		},
		"a release that hands over": func(end chan bool) {
			sema := new(uint32)
			Go(func() { Semacquire(sema, false, "semacquire") })
			Semrelease(sema, true)
			Point() // as in every lock above it
		},
		"a timer that fires at once": func(end chan bool) {
			ch, p := newChanTimer(1e9, 0)
			Go(func() { Recv(ch) })
			ResetTimer(p, 0, 0)
		},
	}
	for what, operation := range operations {
		higher, switched := 0, 0
		for seed := range uint64(300) {
			r := Run(Config{Seed: seed, Scheduler: parse(t, "pct:3"), Main: func() {
				end, done := make(chan bool), make(chan bool)
				for range 3 {
					Go(func() {
						for range 5 {
							before := sched.steps
							operation(end)
							me := current()
							for _, g := range sched.runq {
								if g.priority > me.priority {
									higher++
								}
							}
							if sched.steps > before {
								switched++
							}
						}
						Send(done, true)
					})
				}
				for range 3 {
					Recv(done)
				}
				Close(end)
			}})
			if r.Failure != nil {
				t.Fatalf("%s, seed %d: %s: %s", what, seed, r.Failure.Kind, r.Failure.Message)
			}
		}
		if higher > 0 || switched == 0 {
			t.Errorf("%s: %d times one of a higher priority could run, %d steps were taken", what, higher, switched)
		}
	}
}

// Nobody is held up for ever by one who spins, or by two who keep each other
// busy, whoever has the higher priority.
func TestNobodyStarves(t *testing.T) {
	var flag bool
	scenarios := map[string]func(){
		"a goroutine that spins": func() {
			Go(func() { flag = true })
			for !flag {
				Point()
			}
		},
		"a goroutine that yields": func() {
			Go(func() { flag = true })
			for !flag {
				Gosched()
			}
		},
		"a goroutine that polls a channel": func() {
			ch := make(chan int, 1)
			Go(func() { Send(ch, 1) })
			for SelectDefault(CaseRecv(ch)) < 0 {
			}
		},
		"a goroutine that spins until a timer fires": func() {
			Go(func() { Sleep(1e6); flag = true })
			for !flag {
				Point()
			}
		},
		"a goroutine that spins until a time has come": func() {
			for end := Nanotime() + 1e6; Nanotime() < end; {
			}
		},
		"a goroutine that yields until a timer fires": func() {
			Go(func() { Sleep(1e6); flag = true })
			for !flag {
				Gosched()
			}
		},
		"two goroutines that keep each other busy": func() {
			ping, pong := make(chan int), make(chan int)
			Go(func() {
				for !flag {
					Send(ping, 1)
					Recv(pong)
				}
				Close(ping)
			})
			Go(func() { flag = true })
			for it := RangeChan(ping); it.Next(); {
				Send(pong, 1)
			}
		},
	}
	for what, main := range scenarios {
		for _, name := range schedulers {
			for seed := range uint64(seeds) {
				flag = false
				r := Run(Config{Seed: seed, Scheduler: parse(t, name), Main: main, MaxSteps: 200_000})
				if r.Failure != nil {
					t.Errorf("%s, %s, seed %d: %s: %s", what, name, seed, r.Failure.Kind, r.Failure.Message)
				}
			}
		}
	}
}

// Under "rr" goroutines take turns, always in the same order and of a bounded
// length.
func TestRoundRobinTakesTurns(t *testing.T) {
	for seed := range uint64(seeds) {
		log := ""
		r := Run(Config{Seed: seed, Scheduler: parse(t, "rr:2"), Main: func() {
			start, done := make(chan bool), make(chan bool)
			for _, name := range []string{"a", "b", "c"} {
				Go(func() {
					Recv(start)
					for range 100 {
						log += name
						Point()
					}
					Send(done, true)
				})
			}
			Sleep(1e6) // until they all wait
			Close(start)
			for range 3 {
				Recv(done)
			}
		}})
		if r.Failure != nil {
			t.Fatalf("%+v", r.Failure)
		}
		all := log[:150] // of them, that is
		turns := strings.NewReplacer("aa", "a", "bb", "b", "cc", "c").Replace(all)
		if order := turns[:3]; !strings.HasPrefix(strings.Repeat(order, 100), turns) || !strings.ContainsRune(order, 'a') ||
			!strings.ContainsRune(order, 'b') || !strings.ContainsRune(order, 'c') || len(turns) == len(all) {
			t.Errorf("seed %d: turns %s", seed, all)
		}
	}
}

// A "weighted" goroutine gets the share of its weight, and no weight stays for
// ever.
func TestWeightedShares(t *testing.T) {
	starved, total := 0, 0
	for seed := range uint64(200) {
		x, longest, run := 0, 0, 0
		r := Run(Config{Seed: seed, Scheduler: parse(t, "weighted"), Main: func() {
			done := make(chan bool)
			for who := range 2 {
				Go(func() {
					for range 2000 {
						if x != who {
							x, run = who, 0
						}
						run++
						longest = max(longest, run)
						Point()
					}
					Send(done, true)
				})
			}
			Recv(done)
			x = 2
			Recv(done)
		}})
		if r.Failure != nil {
			t.Fatalf("%+v", r.Failure)
		}
		if total++; longest > 100 {
			starved++
		}
	}
	if starved < total/10 {
		t.Errorf("in %d of %d runs one does a hundred things before the other goes on", starved, total)
	}
}

// A round has as many places of change as it should, in order, and every length
// of round comes up.
func TestPCTRounds(t *testing.T) {
	lengths := map[uint32]int{}
	for seed := range uint64(500) {
		o := newOrder(parse(t, "pct:4"), seed)
		if len(o.changes) != 3 {
			t.Fatalf("seed %d: %d changes", seed, len(o.changes))
		}
		for i, c := range o.changes {
			if c.place >= o.round || i > 0 && c.place > o.changes[i-1].place || c.priority >= 0 {
				t.Fatalf("seed %d: %v in a round of %d", seed, o.changes, o.round)
			}
		}
		lengths[o.round]++
	}
	for n := minRound; n <= maxRound; n++ {
		if lengths[1<<n] < 20 {
			t.Errorf("%d of 500 rounds have length %d", lengths[1<<n], 1<<n)
		}
	}
}

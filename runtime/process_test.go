package runtime

import (
	"errors"
	"testing"
)

// simulate runs main with a machine to look at afterwards.
func simulate(t *testing.T, seed uint64, main func(m *machine)) *machine {
	t.Helper()
	m := &machine{t: t}
	r := Run(Config{Seed: seed, Kernel: m, Main: func() { main(m) }})
	if r.Failure != nil {
		t.Fatalf("seed %d: %s: %s\n%s", seed, r.Failure.Kind, r.Failure.Message, r.Failure.Stacks)
	}
	return m
}

// A killed process stops where it stands: goroutines that wait, that are about
// to run and that sleep are gone, none of their deferred functions runs, and
// its timers never fire.
func TestKillRunsNoDefers(t *testing.T) {
	for seed := range uint64(seeds) {
		ran, steps := "", 0
		m := simulate(t, seed, func(*machine) {
			p := NewProcess("victim", "")
			p.Start(func() {
				defer func() { ran += "main " }()
				ch := make(chan int)
				var sema uint32
				for _, block := range []func(){
					func() { Recv(ch) },
					func() { Send(make(chan int), 1) },
					func() { Select(CaseRecv(make(chan int)), CaseSend[int](nil, 1)) },
					func() { Semacquire(&sema, false, "semacquire") },
					func() { Sleep(1e18) },
					func() {
						for {
							steps++
							Gosched()
						}
					},
				} {
					Go(func() {
						defer func() { ran += "goroutine " }()
						block()
					})
				}
				NewTimer(Nanotime()+2e6, 0, func(any, uintptr, int64) { ran += "timer " }, nil, nil)
				Recv[int](nil)
			})
			Sleep(1e6)
			p.Kill()
			before := steps
			Sleep(1e9)
			if steps != before {
				Fail("error", "a goroutine of a dead process ran")
			}
			if st, over := p.Exit(); !over || st.Signal != 9 || p.Goroutines() != 0 {
				Fail("error", "not dead")
			}
		})
		if ran != "" {
			t.Fatalf("seed %d: ran after the kill: %s", seed, ran)
		}
		if len(m.exits) != 1 || m.exits[0] != "victim -9" {
			t.Fatalf("exits: %q", m.exits)
		}
	}
}

// A process may be killed by one of its own goroutines, by a system call of its
// own, by an event, and while one of its goroutines is in the middle of a
// system call. Whoever waits for it is woken.
func TestWaysToBeKilled(t *testing.T) {
	ways := map[string]func(m *machine, p *Process){
		"by itself":           func(m *machine, p *Process) { p.Kill() },
		"by its system call":  func(m *machine, p *Process) { Syscall6(62, 0, 0, 0, 0, 0, 0) },
		"by an event":         func(m *machine, p *Process) { After(1000, p.Kill); Recv[int](nil) },
		"by an event, busy":   func(m *machine, p *Process) { After(1000, p.Kill); spin() },
		"in a system call":    func(m *machine, p *Process) { After(1000, p.Kill); Syscall6(0, 0, 0, 0, 0, 0, 0) },
		"by a signal":         func(m *machine, p *Process) { p.Signal(9) },
		"before it has begun": func(m *machine, p *Process) { Go(spin); p.Kill() },
	}
	for name, die := range ways {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(seeds) {
				deferred, after := false, false
				m := &machine{t: t}
				m.syscall = func(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr) {
					if nr == 62 {
						p.Kill()
					}
					Park("system call")
					return
				}
				r := Run(Config{Seed: seed, Kernel: m, Main: func() {
					p := NewProcess("victim", "")
					p.Start(func() {
						defer func() { deferred = true }()
						Go(func() { spin() })
						die(m, p)
						after = true
					})
					if st := p.Wait(); st.Signal != 9 {
						Fail("error", "died of "+utoa(uint64(st.Signal)))
					}
					Sleep(1e6)
				}})
				if r.Failure != nil || deferred || after {
					t.Fatalf("seed %d: failure %v, deferred function ran: %v, went on: %v", seed, r.Failure, deferred, after)
				}
			}
		})
	}
}

func spin() {
	for {
		Gosched()
	}
}

// A dead goroutine in a line is not served: the value goes to the next one.
func TestDeadWaitersAreSkipped(t *testing.T) {
	always(t, "live", func() string {
		ch, got := make(chan int), make(chan string, 1)
		p := NewProcess("victim", "")
		p.Start(func() {
			Go(func() { Select(CaseRecv(ch), CaseRecv[int](nil)) })
			Recv(ch)
		})
		Sleep(1e6)
		Go(func() {
			Recv(ch)
			Send(got, "live")
		})
		Sleep(1e6)
		p.Kill()
		Send(ch, 1)
		return Recv(got)
	})
}

// When main returns the process exits with code 0, whatever its other
// goroutines do, and without their deferred functions. os.Exit does the same
// with a code of its own.
func TestExit(t *testing.T) {
	deferred := false
	m := simulate(t, 1, func(*machine) {
		a := NewProcess("a", "")
		a.Start(func() {
			Go(func() {
				defer func() { deferred = true }()
				Recv[int](nil)
			})
			Gosched()
		})
		if st := a.Wait(); st != (ExitStatus{}) {
			Fail("error", "a: code "+itoa(int64(st.Code)))
		}
		b := NewProcess("b", "")
		b.Start(func() {
			defer func() { deferred = true }()
			Go(func() { Exit(3) })
			Recv[int](nil)
		})
		if st := b.Wait(); st != (ExitStatus{Code: 3}) {
			Fail("error", "b: code "+itoa(int64(st.Code)))
		}
	})
	if deferred {
		t.Error("a deferred function ran at exit")
	}
	if len(m.exits) != 2 || m.exits[0] != "a 0" || m.exits[1] != "b 3" {
		t.Errorf("exits: %q", m.exits)
	}
}

type stringer struct{}

func (stringer) String() string { return "a stringer" }

type text string

type pair struct{ a, b int }

// A panic that nobody recovers prints what Go prints and ends the process with
// code 2. The goroutine's own deferred functions do run.
func TestPanic(t *testing.T) {
	for _, c := range []struct {
		value any
		text  string
	}{
		{"boom", "boom"},
		{errors.New("an error"), "an error"},
		{stringer{}, "a stringer"},
		{-7, "-7"},
		{uint8(200), "200"},
		{1.5, "+1.500000e+000"},
		{-0.25, "-2.500000e-001"},
		{123456789.0, "+1.234568e+008"},
		{true, "true"},
		{text("t"), `runtime.text("t")`},
		{pair{1, 2}, "(runtime.pair) {...}"},
	} {
		deferred := false
		m := simulate(t, 1, func(*machine) {
			p := NewProcess("victim", "")
			p.Start(func() {
				defer func() { deferred = true }()
				panicHere(c.value)
			})
			if st := p.Wait(); st.Code != 2 || st.Panic != c.text {
				Fail("error", "exit code "+itoa(int64(st.Code))+" with panic "+st.Panic)
			}
		})
		if !deferred {
			t.Error("the panicking goroutine's deferred functions did not run")
		}
		contains(t, m.stderr.String(), "panic: "+c.text+"\n\ngoroutine ", "[running]", "panicHere", "process_test.go:")
	}
}

//go:noinline
func panicHere(v any) { panic(v) }

// Runtime errors are panics as well; one that is recovered is none.
func TestRuntimeErrors(t *testing.T) {
	m := simulate(t, 1, func(*machine) {
		var none *int
		if got := panics(func() { *none = 1 }); got != "runtime error: invalid memory address or nil pointer dereference" {
			Fail("error", got)
		}
		p := NewProcess("victim", "")
		p.Start(func() { Go(func() { *none = 1 }); Recv[int](nil) })
		p.Wait()
	})
	contains(t, m.stderr.String(), "panic: runtime error: invalid memory address", "TestRuntimeErrors", "created by ")
}

// Goexit ends a goroutine after its deferred functions; the process goes on,
// even without its main goroutine.
func TestGoexit(t *testing.T) {
	order := ""
	simulate(t, 1, func(*machine) {
		p := NewProcess("server", "")
		p.Start(func() {
			Go(func() {
				Sleep(1e6)
				order += "other "
				Exit(7)
			})
			defer func() { order += "deferred " }()
			Goexit()
		})
		if st := p.Wait(); st.Code != 7 {
			Fail("error", "exit code "+itoa(int64(st.Code)))
		}
	})
	if order != "deferred other " {
		t.Errorf("order %q", order)
	}
}

func TestFatal(t *testing.T) {
	m := simulate(t, 1, func(*machine) {
		p := NewProcess("victim", "")
		p.Start(func() { Fatal("sync: unlock of unlocked mutex") })
		if st := p.Wait(); st.Code != 2 {
			Fail("error", "exit code "+itoa(int64(st.Code)))
		}
	})
	contains(t, m.stderr.String(), "fatal error: sync: unlock of unlocked mutex\n\ngoroutine")
}

// In the harness process all these are failures of the simulation.
func TestHarnessFailures(t *testing.T) {
	f := fails(t, "panic", Config{Main: func() { panicHere("boom") }})
	contains(t, f.Message, "boom")
	contains(t, f.Stacks, "panicHere", "process_test.go:")
	fails(t, "panic", Config{Main: func() { Go(func() { panicHere("boom") }); Recv[int](nil) }})
	fails(t, "exit", Config{Main: func() { Exit(1) }})
	fails(t, "fatal", Config{Main: func() { Fatal("x") }})
	fails(t, "exit", Config{Main: func() { CurrentProcess().Kill() }})
	fails(t, "panic", Config{Main: func() { Kernelly(func() { panicHere("in the kernel") }) }})
	fails(t, "panic", Config{Main: func() { After(10, func() { panicHere("in an event") }); Sleep(100) }})
	fails(t, "error", Config{Program: "no/such/program", Main: func() {}})
	fails(t, "error", Config{Main: func() { NewProcess("x", "no/such/program").Start(nil); Sleep(1) }})
	f = fails(t, "assert", Config{Main: func() {
		Go(func() { Fail("assert", "the first one counts") })
		Sleep(1)
		Fail("assert", "the second one does not")
	}})
	contains(t, f.Message, "first")
}

// An invariant runs after every step, as code of the harness process. It cannot
// block.
func TestAfterStep(t *testing.T) {
	calls, steps := 0, uint64(0)
	r := Run(Config{Seed: 1, AfterStep: func() { calls++ }, Main: func() {
		for range 100 {
			Sleep(10)
		}
	}})
	if steps = r.Steps; uint64(calls) < steps/2 {
		t.Errorf("the invariant ran %d times in %d steps", calls, steps)
	}
	fails(t, "invariant", Config{
		AfterStep: func() {
			if Now() > startTime+1e6 {
				Fail("invariant", "too late")
			}
		},
		Main: func() { Sleep(1e9) },
	})
	fails(t, "panic", Config{AfterStep: func() { Recv(make(chan int)) }, Main: func() { Sleep(1e9) }})
}

// Extra goroutines of a process run after its initialisation, and those of a
// process without a main keep it alive.
func TestProcessGo(t *testing.T) {
	passes(t, 1, func() {
		done := make(chan string, 2)
		p := NewProcess("workload", "")
		p.Go(func() { Send(done, CurrentProcess().Name()) })
		q := NewProcess("server", "")
		q.Start(func() { Recv[int](nil) })
		q.Go(func() { Send(done, CurrentProcess().Name()) })
		got := map[string]bool{Recv(done): true}
		got[Recv(done)] = true
		if !got["workload"] || !got["server"] {
			Fail("error", "goroutines ran in the wrong process")
		}
		if _, over := p.Exit(); over {
			Fail("error", "a process without main ended")
		}
	})
}

// Each incarnation of a process draws numbers of its own, and one process's do
// not depend on another's.
func TestProcessRand(t *testing.T) {
	draw := func(busy bool) (list []uint64) {
		passes(t, 1, func() {
			for _, name := range []string{"a", "b", "a"} {
				p := NewProcess(name, "")
				p.Start(func() {
					if busy && name == "b" {
						Rand64()
					}
					list = append(list, Rand64())
				})
				p.Wait()
			}
		})
		return list
	}
	a, b := draw(false), draw(true)
	if a[0] == a[1] || a[0] == a[2] {
		t.Errorf("equal numbers in different processes: %x", a)
	}
	if a[0] != b[0] || a[2] != b[2] || a[1] == b[1] {
		t.Errorf("what one process draws changes another's numbers: %x, %x", a, b)
	}
}

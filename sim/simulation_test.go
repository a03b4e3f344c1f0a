package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
)

// These tests run whole seeds on the runtime's plain host. The servers are Go functions that use the
// runtime only: there are no simulated sockets in a binary that is not rewritten.

// idle is a server that does nothing for ever.
func idle() {
	for {
		rt.Sleep(int64(time.Hour))
	}
}

func sleep(d time.Duration) { rt.Sleep(int64(d)) }

func idleServer(n int) Server {
	return Server{Name: "idle", Main: idle, Count: Exactly(n), ReadyAfter: time.Millisecond, Grace: time.Second}
}

// seedOf runs one seed of a configuration.
func seedOf(t *testing.T, cfg Config, seed uint64) report.SeedResult {
	t.Helper()
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		t.Fatal(err)
	}
	return newTrial(t.Name(), cfg, "").run(seed, true, nil)
}

func mustPass(t *testing.T, r report.SeedResult) {
	t.Helper()
	if r.Result != report.Pass {
		t.Fatal(r.Text(true))
	}
}

func mustFail(t *testing.T, r report.SeedResult, kind, message string) {
	t.Helper()
	if r.Failure == nil {
		t.Fatalf("passed, want %s: %s\n%s", kind, message, strings.Join(r.Log, "\n"))
	}
	if r.Failure.Kind != kind || !strings.Contains(r.Failure.Message, message) {
		t.Fatalf("want %s: %s\ngot\n%s", kind, message, r.Text(true))
	}
}

// phases is a workload that writes down when its methods run.
type phases struct {
	name string
	log  *[]string
	fail string
}

func (p *phases) Name() string             { return p.name }
func (p *phases) Setup(ctx *Context) error { return p.note(ctx, "setup") }
func (p *phases) Run(ctx *Context) error   { return p.note(ctx, "run") }
func (p *phases) Check(ctx *Context) error { return p.note(ctx, "check") }

func (p *phases) note(ctx *Context, what string) error {
	*p.log = append(*p.log, what+" "+ctx.MyName()+" begins")
	sleep(time.Second)
	*p.log = append(*p.log, what+" "+ctx.MyName()+" ends")
	if ctx.Err() != nil {
		return errors.New("the context of " + what + " is done")
	}
	if what == p.fail {
		return errors.New("as told")
	}
	return nil
}

func TestOrderOfPhases(t *testing.T) {
	var log []string
	cfg := Config{
		Servers:   []Server{idleServer(1)},
		Workload:  &phases{name: "a", log: &log},
		Workloads: Fresh(2, func(int) Workload { return &phases{name: "b", log: &log} }),
	}
	mustPass(t, seedOf(t, cfg, 1))
	serial := func(what string) (out []string) {
		for _, who := range []string{"a", "b-0", "b-1"} {
			out = append(out, what+" "+who+" begins", what+" "+who+" ends")
		}
		return out
	}
	if len(log) != 18 || !slices.Equal(log[:6], serial("setup")) || !slices.Equal(log[12:], serial("check")) {
		t.Fatalf("got %q", log)
	}
	for _, line := range log[6:9] {
		if !strings.HasPrefix(line, "run ") || !strings.HasSuffix(line, " begins") {
			t.Errorf("runs are not at the same time: %q", log[6:12])
		}
	}
}

func TestClientNames(t *testing.T) {
	var got []string
	run := func(ctx *Context) error {
		got = append(got, fmt.Sprintf("%s %s %d/%d", ctx.MyName(), ctx.MyIP(), ctx.ClientID(), ctx.ClientCount()))
		return nil
	}
	same := func(int) Workload { return Func("w", run) }
	cfg := Config{
		Servers:   []Server{idleServer(1)},
		Workload:  Func("idle", run),
		Workloads: slices.Concat(Fresh(2, same), Fresh(1, same), Fresh(2, same), Fresh(2, func(i int) Workload { return Func(fmt.Sprintf("c%d", i), run) })),
	}
	mustPass(t, seedOf(t, cfg, 1))
	slices.Sort(got)
	want := []string{
		"c0 10.0.0.7 0/2", "c1 10.0.0.8 1/2", "idle-2 10.0.0.1 0/1", "w 10.0.0.4 0/1",
		"w-0 10.0.0.2 0/2", "w-0-2 10.0.0.5 0/2", "w-1 10.0.0.3 1/2", "w-1-2 10.0.0.6 1/2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestWorkloadErrors(t *testing.T) {
	for what, kind := range map[string]string{"setup": "error", "run": "error", "check": "check"} {
		var log []string
		cfg := Config{Workload: &phases{name: "w", log: &log, fail: what}}
		mustFail(t, seedOf(t, cfg, 1), kind, "of workload w: as told")
	}
	cfg := Config{Workload: Func("w", func(*Context) error { panic("oh no") })}
	mustFail(t, seedOf(t, cfg, 1), "panic", "workload w panicked: oh no")
	cfg = Config{Workload: Func("w", func(*Context) error { rt.Exit(3); return nil })}
	mustFail(t, seedOf(t, cfg, 1), "exit", "exit code 3")
	cfg = Config{Workload: Func("w", func(*Context) error { rt.Park("for ever"); return nil })}
	mustFail(t, seedOf(t, cfg, 1), "deadlock", "phase: run; not returned: Run of w")
	cfg = Config{MaxSimTime: time.Minute, Workload: Func("w", func(*Context) error { idle(); return nil })}
	mustFail(t, seedOf(t, cfg, 1), "timeout", "phase: run; not returned: Run of w")
}

func TestServerEnds(t *testing.T) {
	wait := Func("w", func(*Context) error { sleep(10 * time.Second); return nil })
	boots := 0
	exits := idleServer(1)
	exits.Main = func() { boots++; sleep(2 * time.Second); rt.Exit(1) }
	panics := idleServer(1)
	panics.Main = func() { boots++; sleep(2 * time.Second); panic("oh no") }

	mustFail(t, seedOf(t, Config{Servers: []Server{exits}, Workload: wait}, 1), "exit", "server idle ended by itself: exit code 1")
	mustFail(t, seedOf(t, Config{Servers: []Server{panics}, Workload: wait}, 1), "panic", "server idle panicked: oh no")

	dies := idleServer(1)
	dies.Main = func() { sleep(2 * time.Second); rt.Fatal("all is lost") }
	mustFail(t, seedOf(t, Config{Servers: []Server{dies}, Workload: wait}, 1), "fatal", "server idle: fatal error: all is lost")

	exits.AllowExit, panics.AllowPanic = true, true
	for _, s := range []Server{exits, panics} {
		boots = 0
		r := seedOf(t, Config{Servers: []Server{s}, Workload: wait}, 1)
		mustPass(t, r)
		if boots < 4 {
			t.Errorf("the server was started %d times in 15 s, lives 2 s and is started again after 1 s", boots)
		}
	}
}

func TestManualFaults(t *testing.T) {
	boots := map[string]int{}
	server := idleServer(2)
	server.Main = func() { boots[rt.CurrentProcess().Name()]++; idle() }
	var wrong []string
	cfg := Config{Servers: []Server{server}, Workload: Func("w", func(ctx *Context) error {
		f := ctx.Faults()
		up := func(want bool) {
			if f.Up("idle-0") != want {
				wrong = append(wrong, fmt.Sprintf("at %v: up is %v", ctx.Now(), !want))
			}
		}
		up(true)
		f.Crash("10.0.1.1")
		up(false)
		f.Restart("10.0.1.1")
		sleep(time.Second)
		f.Kill("10.0.1.1")
		up(false)
		f.Restart("10.0.1.1")
		up(true)
		sleep(time.Second)
		f.Reboot("idle-0")
		up(true)
		sleep(time.Second)
		f.Stop("idle-0")
		up(false)
		f.Partition("10.0.1.1", "10.0.1.2")
		f.PartitionOneWay("10.0.1.1", "w")
		f.Heal("idle-0", "idle-1")
		f.Isolate("idle-1")
		f.SetLatency(time.Second, time.Second)
		f.Wipe("idle-1")
		return nil
	})}
	r := seedOf(t, cfg, 1)
	mustPass(t, r)
	if len(wrong) > 0 {
		t.Error(wrong)
	}
	if boots["idle-0"] != 5 || boots["idle-1"] != 2 {
		t.Errorf("got %v boots, want 5 of idle-0 (the last when all is made well) and 2 of idle-1", boots)
	}
	cfg.Workload = Func("w", func(ctx *Context) error { ctx.Faults().Crash("nobody"); return nil })
	mustFail(t, seedOf(t, cfg, 1), "error", `the test names a server "nobody"; there are idle-0 (10.0.1.1), idle-1 (10.0.1.2)`)
}

func TestAutomaticFaults(t *testing.T) {
	cfg := Config{
		Servers:  []Server{idleServer(3)},
		Workload: Func("w", func(*Context) error { sleep(5 * time.Minute); return nil }),
		Faults:   Faults{Attrition: &Attrition{MaxDead: 2, Graceful: 1, Kill: 1, Crash: 1, Wipe: 1}, Partitions: &Partitions{}, Slow: &Slow{}},
		ChaosFor: 4 * time.Minute,
	}
	deepest := 0
	cfg.Invariants = []Invariant{InvariantFunc("at most two are down", func(v *View) error {
		down := 0
		for _, p := range v.Topology().Servers() {
			if !v.Up(p.IP) {
				down++
			}
		}
		if v.Now() > time.Second && v.Now() < 5*time.Minute {
			deepest = max(deepest, down)
			if down > 2 {
				return fmt.Errorf("%d are down", down)
			}
		}
		return nil
	})}
	r := seedOf(t, cfg, 1)
	mustPass(t, r)
	all := strings.Join(r.Log, "\n")
	for _, want := range []string{"stop idle-", "kill idle-", "crash idle-", "wipe the disk of idle-", " <-> ", " -> ", "heal ", "latency 10ms to 500ms", "faults end"} {
		if !strings.Contains(all, want) {
			t.Errorf("the timeline has no %q", want)
		}
	}
	if deepest != 2 {
		t.Errorf("at most %d servers were down, want 2", deepest)
	}
	_, calm, _ := strings.Cut(all, "faults end")
	for _, word := range []string{"crash", "partition", "stop idle", "wipe"} {
		if before, _, _ := strings.Cut(calm, "  calm"); strings.Contains(before, word) {
			t.Errorf("faults after their end:\n%s", before)
		}
	}
}

func TestSwarm(t *testing.T) {
	cfg := Config{
		Servers:  []Server{idleServer(2)},
		Workload: Func("w", func(*Context) error { sleep(time.Second); return nil }),
		Faults:   AllFaults(),
	}
	seen := map[string]bool{}
	for seed := range uint64(40) {
		r := seedOf(t, cfg, seed)
		mustPass(t, r)
		off := ""
		for _, family := range []string{"attrition", "partitions", "slow network"} {
			if strings.Contains(strings.Join(r.Log, "\n"), "no "+family+" in this seed") {
				off += "-" + family
			}
		}
		seen[off] = true
	}
	if len(seen) != 8 {
		t.Errorf("got %d of 8 combinations: %v", len(seen), seen)
	}
}

func TestShutdown(t *testing.T) {
	loop := func(ctx *Context) error {
		for ctx.Err() == nil {
			sleep(time.Second)
		}
		return ctx.Err()
	}
	cfg := Config{Workload: Func("loop", loop), RunFor: 10 * time.Second}
	r := seedOf(t, cfg, 1)
	mustPass(t, r)
	if r.SimSeconds < 14 || r.SimSeconds > 17 {
		t.Errorf("took %f s, want about 10 and 5 to settle", r.SimSeconds)
	}
	cfg = Config{Workload: Func("loop", loop), Workloads: Fresh(1, func(int) Workload {
		return Func("boss", func(ctx *Context) error { sleep(time.Second); ctx.Shutdown(); return nil })
	})}
	mustPass(t, seedOf(t, cfg, 1))
}

func TestAssertions(t *testing.T) {
	cfg := Config{Workload: Func("w", func(ctx *Context) error {
		for i := range 5 {
			sleep(time.Second)
			Always(i < 3, "small", "i", i)
			Sometimes(i == 1, "one")
		}
		Reachable("end")
		return nil
	})}
	r := seedOf(t, cfg, 1)
	mustFail(t, r, "assert", `always "small" was false, 2 times, first at 4.`)
	if !strings.HasSuffix(r.Failure.Message, ": i=3") {
		t.Errorf("details are missing: %s", r.Failure.Message)
	}
	got := fmt.Sprint(r.Assertions)
	for _, want := range []string{"{always small 3 2", "{sometimes one 1 4", "{reachable end 1 0"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	cfg.Workload = Func("w", func(ctx *Context) error { Unreachable("here", "why", "test"); return nil })
	mustFail(t, seedOf(t, cfg, 1), "assert", `unreachable "here" was reached at 0.`)
}

func TestInvariant(t *testing.T) {
	cfg := Config{
		Workload: Func("w", func(ctx *Context) error {
			for i := range 10 {
				ctx.State().Publish("n", i)
				sleep(time.Second)
			}
			return nil
		}),
		Invariants: []Invariant{InvariantFunc("n is small", func(v *View) error {
			if n, _ := Get[int](v.State(), "n"); n > 4 {
				return fmt.Errorf("n is %d", n)
			}
			return nil
		})},
	}
	r := seedOf(t, cfg, 1)
	mustFail(t, r, "invariant", "n is small: n is 5")
	if r.SimSeconds < 5 || r.SimSeconds > 5.1 {
		t.Errorf("found at %f s, want at 5 s", r.SimSeconds)
	}
}

func TestInvariantPanics(t *testing.T) {
	cfg := Config{Workload: nothing, Invariants: []Invariant{InvariantFunc("rash", func(v *View) error {
		panic("oh no")
	})}}
	mustFail(t, seedOf(t, cfg, 1), "invariant", "rash: panic: oh no, at simulation_test.go:")
}

// The same seed has the same hash first and later, other seeds have others.
func TestSameSeedSameHash(t *testing.T) {
	cfg := Config{
		Servers: []Server{{Name: "s", Main: idle, Count: Between(1, 5), ReadyAfter: time.Second}},
		Workloads: FreshBetween(1, 4, func(i int) Workload {
			return Func("w", func(ctx *Context) error {
				for range 20 {
					sleep(time.Duration(ctx.Rand().IntN(1000)) * time.Millisecond)
				}
				return nil
			})
		}),
		Faults: AllFaults(),
	}
	cfg = cfg.withDefaults()
	tr := newTrial("TestX", cfg, "")
	hashes := map[uint64]uint64{}
	for round := range 2 {
		for seed := uint64(1); seed <= 10; seed++ {
			r := tr.run(seed, false, nil)
			mustPass(t, r)
			if round == 1 && hashes[seed] != r.Hash {
				t.Errorf("seed %d: hash %x, then %x", seed, hashes[seed], r.Hash)
			}
			hashes[seed] = r.Hash
		}
	}
	seen := map[uint64]bool{}
	for _, h := range hashes {
		seen[h] = true
	}
	if len(seen) != 10 {
		t.Errorf("10 seeds have %d hashes", len(seen))
	}
}

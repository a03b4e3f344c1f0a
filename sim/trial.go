package sim

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim"
	shimnet "github.com/simgen-dev/simgen/shim/net"
	"github.com/simgen-dev/simgen/sim/report"
)

// trial is a test that can be run for any seed, any number of times, natively. A seed leaves nothing behind
// that another seed could see.
type trial struct {
	name    string
	cfg     Config
	program string // the test package, if it has anything to initialise
	restore func() // puts Config.Workload back to what it was
}

func newTrial(name string, cfg Config, testPackage string) *trial {
	return &trial{name: name, cfg: cfg, program: harnessProgram(testPackage), restore: snapshot(cfg.Workload)}
}

// harnessProgram is the package whose closure is initialised in the harness process: the test
// package, or this one if that has nothing to initialise itself (then the harness still
// needs the standard library).
func harnessProgram(testPackage string) string {
	for _, path := range []string{testPackage, reflect.TypeFor[Config]().PkgPath()} {
		if rt.Registered(path) {
			return path
		}
	}
	return ""
}

// run simulates one seed. If trace is not nil, it is told everything that goes into the hash.
func (t *trial) run(seed uint64, verbose bool, trace func(rt.TraceEntry)) report.SeedResult {
	t.restore()
	for _, inv := range t.cfg.Invariants {
		if r, ok := inv.(interface{ Reset() }); ok {
			r.Reset()
		}
	}
	s := &simulation{
		cfg: t.cfg, seed: seed, program: t.program, single: t.cfg.Workload,
		topology: &Topology{}, state: &State{values: map[string]*published{}}, timeline: newTimeline(verbose, t.name, seed),
		fatal: map[string]string{},
	}
	s.world = shim.NewWorld(shim.Config{
		Latency:     uniform(t.cfg.Latency),
		WholeWrites: t.cfg.WholeWrites,
		DataAge:     t.cfg.Disk.Data,
		NamesAge:    t.cfg.Disk.Names,
		OnLine:      s.output,
	})
	assertions = &table{index: map[string]int{}}
	defer func() { assertions = nil }()

	began := time.Now()
	res := rt.Run(rt.Config{
		Seed: seed, Kernel: s.world, Program: t.program, Main: s.orchestrate, AfterStep: s.afterStep(),
		MaxSteps: t.cfg.MaxSteps, MaxTime: int64(t.cfg.MaxSimTime), Trace: trace,
	})
	return t.result(s, res, time.Since(began))
}

func (t *trial) result(s *simulation, res rt.Result, wall time.Duration) report.SeedResult {
	out := report.SeedResult{
		Test: t.name, Seed: s.seed, Result: report.Pass, Hash: res.Hash, Steps: res.Steps, WallSeconds: wall.Seconds(),
	}
	if s.start > 0 {
		out.SimSeconds = time.Duration(res.Now - s.start).Seconds()
	}
	switch bad := assertions.violated(); {
	case res.Failure != nil:
		out.Failure = s.failure(res.Failure)
	case bad != nil:
		out.Failure = &report.Failure{Kind: "assert", Message: describeViolation(bad), Goroutines: beginning(assertions.stacks)}
	}
	if out.Failure != nil {
		out.Result = report.Fail
	}
	addRaces(&out, res.Races)
	if out.Failure != nil || s.timeline.full {
		out.Log = s.timeline.lines()
	}
	out.Output = s.timeline.spill.end(out.Failure != nil)
	for _, row := range assertions.rows {
		out.Assertions = append(out.Assertions, *row)
	}
	out.Spin = spin(res.Spin)
	out.Unmodelled = unmodelled(s.world)
	return out
}

// spin is a wait that went round and round, for the report.
func spin(s *rt.Spin) *report.Spin {
	if s == nil {
		return nil
	}
	return &report.Spin{Actor: s.Actor, Where: s.Where, Seconds: time.Duration(s.Time).Seconds()}
}

// unmodelled is what programs asked a world for in vain, for the report.
func unmodelled(w *shim.World) (list []report.Unmodelled) {
	for _, u := range w.Unmodelled() {
		list = append(list, report.Unmodelled{Syscall: u.Syscall, Caller: u.Caller, Count: u.Count})
	}
	return list
}

// failure is what the runtime says, and where in the seed it happened.
func (s *simulation) failure(f *rt.Failure) *report.Failure {
	out := &report.Failure{Kind: f.Kind, Message: f.Message, Stacks: s.stacks, Goroutines: beginning(f.Stacks), CutOff: f.Interrupted}
	switch f.Kind {
	case "deadlock", "livelock", "timeout", "memory":
		first, rest, more := strings.Cut(out.Message, "\n")
		out.Message = first + s.whereabouts()
		if more {
			out.Message += "\n" + rest
		}
		out.Stacks = f.Stacks
	case "fatal":
		out.Stacks = f.Stacks
	case "panic":
		// That of a server or workload is in its output. Only the harness's own comes with a stack.
		if !s.judged {
			out.Stacks = f.Stacks
		}
	}
	out.Stacks = beginning(out.Stacks)
	if out.Stacks == out.Goroutines {
		out.Goroutines = "" // said already
	}
	return out
}

// maxStacks is how many bytes of stacks are reported.
const maxStacks = 128 << 10

// beginning is as much of stacks as is reported.
func beginning(stacks string) string {
	if len(stacks) > maxStacks {
		return stacks[:maxStacks] + "\n[...]"
	}
	return stacks
}

// whereabouts says what is not finished.
func (s *simulation) whereabouts() string {
	text := "; phase: " + s.phaseName
	var busy []string
	for _, c := range s.clients {
		if c.busy != "" {
			busy = append(busy, c.busy+" of "+c.self.Name)
		}
	}
	if len(busy) > 0 {
		text += "; not returned: " + strings.Join(busy, ", ")
	}
	return text
}

func describeViolation(a *report.Assertion) string {
	what := fmt.Sprintf("%s %q was false", a.Kind, a.Message)
	if a.Kind == report.Unreachable {
		what = fmt.Sprintf("unreachable %q was reached", a.Message)
	}
	times := ""
	if a.Failed > 1 {
		times = fmt.Sprintf(", %d times, first", a.Failed)
	}
	text := fmt.Sprintf("%s%s at %.6f s", what, times, a.At)
	if a.Details != "" {
		text += ": " + a.Details
	}
	return text
}

// afterStep is what the runtime calls after every event; nil without invariants.
func (s *simulation) afterStep() func() {
	if len(s.cfg.Invariants) == 0 {
		return nil
	}
	view := &View{sim: s}
	return func() {
		for _, inv := range s.cfg.Invariants {
			if err := observe(inv, view); err != nil {
				rt.Fail("invariant", inv.Name()+": "+err.Error())
				return
			}
		}
	}
}

// observe asks one invariant. A panic in it is a failure of the seed, not of the worker.
func observe(inv Invariant, view *View) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v, at %s", v, panicSite())
		}
	}()
	return inv.Observe(view)
}

// panicSite is the place of the panic that is being recovered from by the caller: the first
// frame below the runtime's own.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for panicked := false; ; {
		f, more := frames.Next()
		inRuntime := strings.HasPrefix(f.Function, "runtime.")
		if panicked && !inRuntime {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		panicked = panicked || f.Function == "runtime.gopanic"
		if !more {
			return "an unknown place"
		}
	}
}

// applyLatency changes the delay of packets from now on.
func (s *simulation) applyLatency(l Latency) { s.world.Network().SetLatency(uniform(l)) }

func uniform(l Latency) shimnet.Latency { return shimnet.Uniform{Min: l.Min, Max: l.Max} }

// testPackage is the import path of the package whose test calls, directly or through helpers
// of other packages: the function that the testing package called.
func testPackage() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var inner string
	for {
		f, more := frames.Next()
		if f.Function == "testing.tRunner" {
			return packageOf(inner)
		}
		inner = f.Function
		if !more {
			return ""
		}
	}
}

// packageOf is the package path in the name of a function: "example.com/kv.TestKV.func1" is
// in "example.com/kv". Dots in the last element of the path are escaped in the name.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return ""
	}
	return strings.ReplaceAll(function[:slash+dot], "%2e", ".")
}

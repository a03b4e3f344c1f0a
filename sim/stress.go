package sim

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// StressTests turns a test executable into a worker of "simgen stress" if it was started as one: each of its
// ordinary tests is then run as a simulated process of its own, which is the executable with that test
// selected. It is called by a file that the command adds to the tests of the package.
func StressTests(importPath string) {
	text := os.Getenv(runner.StressEnv)
	if text == "" {
		return
	}
	rt.UnderTest()
	program := importPath + ".test"
	rt.Register(&rt.Package{Path: program, Imports: []string{
		importPath, importPath + "_test", "os", "reflect", "testing", "testing/internal/testdeps",
	}})
	rt.OnTests = func(names []string) {
		if err := stress(program, text, names); err != nil {
			fmt.Fprintln(os.Stderr, "simgen worker:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// stress serves the tests one after the other.
func stress(program, options string, names []string) error {
	var o runner.Stress
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return fmt.Errorf("%s: %w", runner.StressEnv, err)
	}
	match, err := o.Matcher()
	if err != nil {
		return err
	}
	scheduler, err := rt.ParseScheduler(o.Scheduler)
	if err != nil {
		return err
	}
	served := map[string]bool{}
	for _, name := range names {
		if match(name) && !served[name] {
			served[name] = true // an external test may have the name of an internal one: the two run together
			if err := serve(runner.Message{Test: name}, &stressTrial{program, name, o, scheduler}); err != nil {
				return err
			}
		}
	}
	return nil
}

// stressTrial is one ordinary test.
type stressTrial struct {
	program   string
	name      string
	options   runner.Stress
	scheduler rt.Scheduler
}

const (
	stressSteps = 100_000_000      // more are a livelock
	stressTime  = 10 * time.Minute // of simulated time; more is a timeout, as in go test

	// After a test has returned, goroutines may come to their end by themselves, for a while: longer than the usual timeouts
	// of idle connections (90 s in net/http.DefaultTransport). It is over after a number of steps, too.
	stressGrace      = 150 * time.Second
	stressGraceSteps = 250_000
)

// stressRun is one seed of a test.
type stressRun struct {
	*stressTrial
	timeline *timeline
	start    int64
	said     []string // the first lines that are not package testing's
	saidMore int      // how many others there were
	reported bool     // package testing has said that the test failed, or that the whole run did
	skipped  bool
	fatal    string
	returned bool // the test has, successfully
	judged   bool // the failure was found by this package, not by the runtime
}

// run implements subject.
func (t *stressTrial) run(seed uint64, verbose bool, trace func(rt.TraceEntry)) report.SeedResult {
	r := &stressRun{stressTrial: t, timeline: newTimeline(verbose, t.name, seed)}
	world := shim.NewWorld(shim.Config{OnLine: r.line, WholeWrites: true}) // the loopback interface cuts nothing
	began := time.Now()
	res := rt.Run(rt.Config{
		Seed: seed, Scheduler: t.scheduler, Kernel: world, Main: func() { r.orchestrate(world) },
		MaxSteps: stressSteps, MaxTime: int64(stressTime + stressGrace), Trace: trace,
	})
	out := report.SeedResult{
		Test: t.name, Seed: seed, Result: report.Pass, Skipped: r.skipped, Hash: res.Hash, Steps: res.Steps, WallSeconds: time.Since(began).Seconds(),
	}
	if r.start > 0 {
		out.SimSeconds = time.Duration(res.Now - r.start).Seconds()
	}
	if res.Failure != nil {
		out.Result, out.Failure = report.Fail, r.failure(res.Failure)
	}
	addRaces(&out, res.Races)
	if out.Failure != nil || verbose {
		out.Log = r.timeline.lines()
	}
	out.Output = r.timeline.spill.end(out.Failure != nil)
	out.Spin = spin(res.Spin)
	out.Unmodelled = unmodelled(world)
	return out
}

// line notes a line the test wrote.
func (r *stressRun) line(l shim.Line) {
	r.timeline.addOutput(l.At, l.Node, l.Text)
	switch text := strings.TrimSpace(l.Text); {
	case l.Stream == "stderr":
		if r.fatal == "" && strings.HasPrefix(text, "fatal error: ") {
			r.fatal = text
		}
	case strings.HasPrefix(text, "--- SKIP: "+r.name+" "):
		r.skipped = true
	default:
		r.reported = r.reported || strings.HasPrefix(l.Text, "FAIL") || strings.HasPrefix(l.Text, "--- FAIL")
		switch word, _, _ := strings.Cut(text, " "); {
		case slices.Contains([]string{"===", "FAIL", "PASS", "ok", ""}, word):
		case len(r.said) < maxWords:
			r.said = append(r.said, beginningOf(l.Text))
		default:
			r.saidMore++
		}
	}
}

// orchestrate is the main function of the harness process.
func (r *stressRun) orchestrate(world *shim.World) {
	r.start = rt.Now()
	r.timeline.start = r.start
	node := world.AddNode("test", address(0, 0))
	for _, dir := range r.options.Dirs {
		node.CopyHost(dir)
	}
	proc := node.Start(shim.Program{
		Name: r.name, Path: r.program, Main: rt.ExecutableMain, Dir: r.options.Dir,
		Args: []string{"-test.run=^" + r.name + "$", "-test.v=true", "-test.paniconexit0", "-test.timeout=0"},
		Env:  append([]string{"PWD=" + r.options.Dir}, r.options.Env...),
	})
	proc.OnExit(func(code int) {
		if code == 0 {
			r.returned = true
			r.findLeaks(proc)
		}
	})
	r.judge(proc.Wait())
}

// judge fails the seed if the test's process did not end as it should.
func (r *stressRun) judge(st rt.ExitStatus) {
	switch {
	case st.Panic != "":
		r.fail("panic", st.Panic)
	case st.Code == 2 && r.fatal != "":
		r.fail("fatal", r.fatal)
	case st.Signal != 0:
		r.fail("exit", "the test's process was ended by signal "+strconv.Itoa(int(st.Signal)))
	case st.Code == 1 && r.reported:
		r.fail("fail", r.words())
	case st.Code != 0:
		r.fail("exit", "the test's process ended itself with exit code "+strconv.Itoa(st.Code))
	}
}

// fail ends the simulation; see simulation.fail.
func (r *stressRun) fail(kind, message string) {
	r.judged = true
	rt.Fail(kind, message)
	rt.Park("simulation has failed")
}

// maxWords is how many lines of a failed test's output become part of the message.
const maxWords = 12

// words are what a failed test had to say.
func (r *stressRun) words() string {
	lines := r.said
	if r.saidMore > 0 {
		lines = append(lines, fmt.Sprintf("and %d more lines", r.saidMore))
	}
	return strings.Join(lines, "\n")
}

// failure is what the runtime says, with where it was.
func (r *stressRun) failure(f *rt.Failure) *report.Failure {
	out := &report.Failure{Kind: f.Kind, Message: f.Message, CutOff: f.Interrupted}
	if !r.judged && r.returned {
		out.Message += "; the test itself had returned"
	}
	if all := beginning(withoutHarness(f.Stacks)); r.judged {
		out.Goroutines = all
	} else {
		out.Stacks = all
	}
	return out
}

// withoutHarness takes the goroutine that waits for the test out of the stacks of all.
func withoutHarness(stacks string) string {
	blocks := strings.Split(stacks, "\n\n")
	return strings.Join(slices.DeleteFunc(blocks, func(b string) bool {
		header, _, _ := strings.Cut(b, "\n")
		return strings.Contains(header, "], harness/")
	}), "\n\n")
}

// findLeaks lets the process go on after its test, and fails the seed if goroutines do not come to an end.
func (r *stressRun) findLeaks(p *rt.Process) {
	if !r.options.Leaks {
		return
	}
	began, first := rt.Now(), rt.Steps()
	left, seen := r.leaked(p), p.Goroutines()
	for len(left) > 0 && rt.Now()-began < int64(stressGrace) && rt.Steps()-first < stressGraceSteps {
		rt.Sleep(int64(time.Second))
		if n := p.Goroutines(); n != seen { // looking at a hundred thousand takes a while
			left, seen = r.leaked(p), n
		}
	}
	left = r.leaked(p)
	if len(left) == 0 {
		return
	}
	count := 0
	var stacks []string
	for _, l := range left {
		count += l.Count
		stacks = append(stacks, l.Stack)
	}
	if n := len(stacks); n > maxLeaks {
		stacks = append(stacks[:maxLeaks], fmt.Sprintf("and goroutines with %d other stacks", n-maxLeaks))
	}
	what := "a goroutine outlives"
	if count > 1 {
		what = strconv.Itoa(count) + " goroutines outlive"
	}
	r.fail("leak", fmt.Sprintf("%s the test, %.0f s after it has returned:\n%s", what, time.Duration(rt.Now()-began).Seconds(), strings.Join(stacks, "\n")))
}

// leaked are the goroutines that were started after the initialisation of packages, are there still and are not expected to end.
func (r *stressRun) leaked(p *rt.Process) []rt.Survivor {
	return slices.DeleteFunc(p.Survivors(0), func(s rt.Survivor) bool { return r.lasting(s) })
}

// lastingGoroutines start, or are, goroutines that serve a whole process and are never meant to end. Those that packages start while they
// are initialised need no row.
var lastingGoroutines = []struct{ function, why string }{
	{"os/signal.Notify", "hands signals to those who asked for them"},
}

// lasting reports whether goroutines may outlive the test: a function of the table or of -leaks-ignore has started them, or is on their
// stack.
func (r *stressRun) lasting(s rt.Survivor) bool {
	is := func(function string) bool {
		return s.Creator == function || strings.HasPrefix(s.Creator, function+".") || strings.Contains(s.Stack, "\n"+function+"(")
	}
	return slices.ContainsFunc(r.options.Lasting, is) ||
		slices.ContainsFunc(lastingGoroutines, func(row struct{ function, why string }) bool { return is(row.function) })
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// Run runs the seeds of every test and reports on them. Failing seeds are part of the report, not an
// error; an error means that nothing could be run. If ctx is cancelled, the report has what was done by then.
func Run(ctx context.Context, o Options) (*report.Report, error) {
	o = o.withDefaults()
	if o.Args == nil {
		var err error
		if o.Args, err = testArgs(o.Run, o.Tests); err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(o.Binary); err != nil {
		return nil, err
	}
	r := &run{o: o, tests: map[string]*test{}, report: new(report.Report)}
	start := time.Now()
	var wg sync.WaitGroup
	for range o.Workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.slot(ctx)
		}()
	}
	wg.Wait()
	r.report.Wall = time.Since(start)
	if !o.MayBeEmpty && len(r.tests) == 0 && len(r.report.Errors) == 0 && ctx.Err() == nil {
		r.report.Errors = append(r.report.Errors, fmt.Sprintf("no simulation tests in %s match %q", o.Package, o.Run))
	}
	r.report.Interrupted, r.report.Planned = ctx.Err() != nil, r.total
	return r.report, nil
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Limits = o.Limits.withDefaults()
	if o.Patience <= 0 {
		o.Patience = o.Limits.patience()
	}
	if o.StartTimeout <= 0 {
		o.StartTimeout = 2 * time.Minute
	}
	if o.Replay == nil {
		o.Replay = func(test string, seed uint64) string { return ReplayCommand(o.Package, test, seed) }
	}
	return o
}

// testArgs are the arguments of a test binary that serves as a worker.
func testArgs(run string, tests []string) ([]string, error) {
	if run == "" {
		run = "."
	}
	if tests != nil {
		top, sub, hasSub := strings.Cut(run, "/")
		match, err := regexp.Compile(top)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, name := range tests {
			if match.MatchString(name) {
				names = append(names, regexp.QuoteMeta(name))
			}
		}
		run = "^(" + strings.Join(names, "|") + ")$"
		if hasSub {
			run += "/" + sub
		}
	}
	return []string{"-test.run=" + run, "-test.timeout=0", "-test.count=1", "-test.parallel=1"}, nil
}

// run is the state all workers of one Run share.
type run struct {
	o Options

	mu       sync.Mutex
	tests    map[string]*test
	complete bool // a worker has gone through all tests, so that none is undiscovered
	total    int
	done     int
	report   *report.Report
}

// test is what is left to do in one test.
type test struct {
	queue Seeds
}

// slot keeps one worker running until there is nothing left to do.
func (r *run) slot(ctx context.Context) {
	for ctx.Err() == nil && r.workLeft() {
		served, err := r.work(ctx)
		if err != nil {
			r.fail(err)
		}
		if served == 0 {
			return // the next one would do no better
		}
	}
}

func (r *run) workLeft() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.complete {
		return true
	}
	for _, t := range r.tests {
		if !t.queue.IsZero() {
			return true
		}
	}
	return false
}

// work runs one worker until it is through or dead. It returns how many seeds it has served,
// and an error for what cannot be blamed on a seed.
func (r *run) work(ctx context.Context) (served int, err error) {
	p, err := startProcess(r.o, firstSurroundings(r.o.Verify))
	if err != nil {
		return 0, err
	}
	defer p.kill()
	for {
		m, err := p.next(ctx, r.o.StartTimeout)
		if errors.Is(err, errEnded) {
			r.mu.Lock()
			r.complete = true
			r.mu.Unlock()
			return served, nil
		}
		if err != nil {
			return served, err
		}
		if m.Event != "ready" {
			return served, fmt.Errorf("worker sent %q out of turn", m.Event)
		}
		r.discover(m)
		served += r.serve(ctx, p, m.Test)
		if p.dead || ctx.Err() != nil {
			return served, nil
		}
		p.order("done")
	}
}

// discover makes the queue of a test that is heard of for the first time.
func (r *run) discover(m Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tests[m.Test] != nil {
		return
	}
	t := &test{queue: r.o.Seeds}
	if t.queue.IsZero() && m.Iterations > 0 {
		t.queue = Range(1, uint64(m.Iterations))
	}
	r.tests[m.Test] = t
	r.total += t.queue.Len()
	row := r.report.Test(r.o.Package, m.Test)
	row.Strict = m.Strict
	row.Declare(m.Assertions)
}

func (r *run) record(s report.SeedResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Add(s)
	r.done++
	if r.o.Observer != nil {
		r.o.Observer.Seed(s)
		r.o.Observer.Progress(r.done, r.total)
	}
}

// fail keeps an error that belongs to no seed; the same one from several workers only once.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text := err.Error(); !slices.Contains(r.report.Errors, text) {
		r.report.Errors = append(r.report.Errors, text)
		slices.Sort(r.report.Errors)
	}
}

package sim

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// seedsEnv chooses the seeds where no command line does.
const seedsEnv = "SIMGEN_SEEDS"

// native serialises tests that run in parallel: there is one simulation at a time in a
// process. It and the connection are used natively only.
var (
	native     sync.Mutex
	connection *runner.Worker
	guard      *watchdog
)

// maxStack ends an endless recursion before it takes a gigabyte in every worker.
const maxStack = 250 << 20

// ballast makes the garbage collector wait until some megabytes have been allocated: the heap
// of a simulation is so small that it would otherwise run every few seeds. It is never touched
// and takes no memory. GOGC still says what happens to heaps that are large themselves.
var ballast []byte

const ballastSize = 32 << 20

// warmUp prepares the process for its first seed.
var warmUp = sync.OnceFunc(func() {
	debug.SetMaxStack(maxStack)
	ballast = make([]byte, ballastSize)
	// The first collection waits for the collector's workers to start, which a simulated
	// goroutine must not do.
	runtime.GC()
})

// serveTest is Test in a worker process.
func serveTest(t *testing.T, cfg Config) {
	t.Helper()
	ready := runner.Message{Test: t.Name(), Iterations: cfg.Iterations, Strict: cfg.StrictCoverage, Assertions: declaredFor(t.Name())}
	if err := serve(ready, newTrial(t.Name(), cfg, testPackage())); err != nil {
		t.Fatalf("simgen worker: %v", err)
	}
}

// A subject is what can be simulated for any seed, any number of times.
type subject interface {
	// run simulates one seed. If trace is not nil, it is told everything that goes into the hash.
	run(seed uint64, verbose bool, trace func(rt.TraceEntry)) report.SeedResult
}

// serve runs the seeds the parent asks for. A seed that fails is the parent's business: as
// a test of the worker's own testing package it has passed.
func serve(ready runner.Message, s subject) error {
	native.Lock()
	defer native.Unlock()
	warmUp()
	if connection == nil {
		c, err := runner.NewWorker()
		if err != nil {
			return err
		}
		connection = c
		limits, err := runner.LimitsFromEnv()
		if err != nil {
			return err
		}
		guard = watch(limits)
	}
	if err := connection.Ready(ready); err != nil {
		return err
	}
	verbose := os.Getenv(runner.VerboseEnv) != ""
	for {
		order, err := connection.Next()
		if err != nil || order.Done {
			return err
		}
		guard.begin(ready.Test, order.Seed)
		result, err := runTraced(s, order.Seed, verbose, order.Trace)
		guard.end()
		if err != nil {
			return err
		}
		if err := connection.Result(result); err != nil {
			return err
		}
	}
}

// defaultSeeds are run in an instrumented binary that was started by hand, in a debugger for
// example.
var defaultSeeds = runner.Range(1, 10)

// runInProcess is Test in an instrumented binary without a parent.
func runInProcess(t *testing.T, cfg Config) {
	t.Helper()
	seeds, err := runner.ParseSeeds(os.Getenv(seedsEnv))
	if err != nil {
		t.Fatalf("%s: %v", seedsEnv, err)
	}
	if seeds.IsZero() {
		seeds = defaultSeeds
	}
	native.Lock()
	defer native.Unlock()
	warmUp()
	tr := newTrial(t.Name(), cfg, testPackage())
	rep := new(report.Report)
	row := rep.Test("", t.Name())
	row.Strict = cfg.StrictCoverage
	row.Declare(declaredFor(t.Name()))
	began := time.Now()
	for seed := range seeds.All {
		r := tr.run(seed, testing.Verbose(), nil)
		rep.Add(r)
		if r.Failure != nil {
			r.Failure.Replay = runner.ReplayCommand("", r.Test, r.Seed)
			t.Error(r.Text(testing.Verbose()))
		}
	}
	rep.Wall = time.Since(began)
	t.Log("\n" + rep.String())
	if !rep.OK() {
		t.Fail()
	}
}

package runner

import (
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// Options say what [Run] runs and how.
type Options struct {
	// Binary is the instrumented executable.
	Binary string
	// Args are the arguments of a worker. Nil means those of a test binary that runs the tests
	// which match Run.
	Args []string
	// Dir is the working directory of workers: the package's directory for tests.
	Dir string
	// Package is the import path, for the report.
	Package string
	// Run is a regular expression of test names, as for go test -run; empty means all.
	Run string
	// Tests are the names of the package's top-level tests that are simulation tests. Others are
	// not run, even if they match Run. Nil means that nobody knows: all that match Run are run.
	Tests []string
	// MayBeEmpty says that no test at all is no error.
	MayBeEmpty bool
	// Seeds are run in each test. The zero value means 1 to the test's own number of iterations.
	Seeds Seeds
	// Workers is the number of parallel worker processes. Zero means GOMAXPROCS.
	Workers int
	// Verify runs each seed twice, in different surroundings, and compares the hashes.
	Verify bool
	// Race says that the executable was built with the race detector.
	Race bool
	// Limits are what one seed may use.
	Limits Limits
	// Patience is how long the parent waits for one seed by the clock on the wall, before it gives up a worker that does nothing. Zero
	// means 20 times the processor time of a seed, and five minutes at least.
	Patience time.Duration
	// StartTimeout is how long a worker may take between two seeds. Zero means 2 minutes.
	StartTimeout time.Duration
	// Verbose has workers send the complete timeline of every seed.
	Verbose bool
	// Env is added to the environment of workers.
	Env []string
	// Observer is told what happens while it does; may be nil.
	Observer Observer
	// Replay is the command that runs one seed of a test again.
	Replay func(test string, seed uint64) string
}

// Observer is told what happens during a run. Its methods are called one at a time.
type Observer interface {
	// Seed is called when a seed has finished, in whatever order they do.
	Seed(report.SeedResult)
	// Progress is called after each seed. Total grows as tests are discovered.
	Progress(done, total int)
}

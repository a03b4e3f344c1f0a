package sim

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Config says what is simulated and what is done to it.
type Config struct {
	// Servers are the programs under test. Their addresses are given out in order, from 10.0.1.1.
	Servers []Server

	// Workload is one value that drives every seed. Its fields are put back to what they were
	// when [Test] was called before each seed (maps and slices are copied, what pointers point at is
	// not), so that a seed does not depend on the seeds before it. What holds connections or
	// goroutines, an http.Client with its own Transport say, is made in Setup: kept behind a
	// pointer, it would offer a seed the connections of the one before.
	Workload Workload

	// Workloads are made anew for each seed. Groups are put together with append:
	//
	//	Workloads: append(sim.Fresh(2, newWriter), sim.Fresh(1, newAuditor)...)
	Workloads []Group

	// Invariants are asked after every event of the simulation.
	Invariants []Invariant

	// Faults happen by themselves while the workloads run. The zero value has none; workloads
	// can cause faults on their own in any case, with [Context.Faults].
	Faults Faults

	// ChaosFor is the simulated time, from the start of Run, during which Faults happen.
	// Afterwards all is healed and the workloads may go on without faults. Zero means: as long
	// as a Run has not returned.
	ChaosFor time.Duration

	// RunFor, when not zero, shuts down (see [Context]) after this much simulated time of Run.
	// It is for workloads that loop until their context is done.
	RunFor time.Duration

	// Settle is the simulated time between the healing and the first Check. Zero means 5 s.
	Settle time.Duration

	// Latency is the delay of each network packet, drawn per packet. Zero means 100 µs to 2 ms.
	Latency Latency

	// Disk says when the machines write what nobody has synced.
	Disk Disk

	// WholeWrites lets TCP deliver what was written at once in one piece, as most networks do with a short write.
	// Otherwise a segment in sixteen is cut in two, since nothing in TCP promises the pieces of the writer.
	WholeWrites bool

	// Iterations is the number of seeds, 1 to Iterations, unless the command line says
	// otherwise. Zero means 100.
	Iterations int

	// MaxSimTime is the simulated time after which a seed fails as a timeout. Zero means one hour.
	MaxSimTime time.Duration

	// MaxSteps is the number of scheduler steps after which a seed fails as a livelock. Zero
	// means the runtime's own limit.
	MaxSteps uint64

	// FailOnLeaks fails a seed when something is still there ten simulated minutes after all workloads have ended: connections
	// with their machines, or, in a server that runs, what has grown with its work: ten or more goroutines at one place, or
	// descriptors of one kind (sockets, pipes, files of one directory), of which a third at least came in the first
	// half of its life and a third in the second. It also fails one in which connections are open after all servers have stopped.
	FailOnLeaks bool

	// StrictCoverage fails the test when a [Sometimes] was never true or a [Reachable] never reached in all the seeds of
	// a run. Otherwise the report shows them as a miss.
	StrictCoverage bool
}

// Disk says how long what a program has written, and not synced, stays in a machine's memory, where a power cut destroys it.
type Disk struct {
	// Data is for the content of files. Zero means 30 s, and a look every 5 s, as Linux does (vm.dirty_expire_centisecs,
	// vm.dirty_writeback_centisecs).
	Data time.Duration
	// Names is for creations, links, renames and removals. Zero means 5 s, the commit interval of ext4's journal.
	Names time.Duration
}

// Never is the age at which a [Disk] that is as strict as can be writes by itself.
const Never time.Duration = -1

// Latency is a range of network delays. Each packet's delay is drawn uniformly from it.
type Latency struct {
	Min, Max time.Duration
}

const (
	defaultIterations = 100
	defaultSettle     = 5 * time.Second
	defaultMaxSimTime = time.Hour
)

var defaultLatency = Latency{Min: 100 * time.Microsecond, Max: 2 * time.Millisecond}

// withDefaults returns the configuration with every zero value replaced by its meaning.
func (c Config) withDefaults() Config {
	if c.Settle == 0 {
		c.Settle = defaultSettle
	}
	if c.Latency == (Latency{}) {
		c.Latency = defaultLatency
	}
	if c.Iterations == 0 {
		c.Iterations = defaultIterations
	}
	if c.MaxSimTime == 0 {
		c.MaxSimTime = defaultMaxSimTime
	}
	c.Servers = append([]Server(nil), c.Servers...)
	for i := range c.Servers {
		c.Servers[i] = c.Servers[i].withDefaults()
	}
	c.Faults = c.Faults.withDefaults()
	return c
}

// validate returns what is wrong with the configuration, all of it.
func (c Config) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	names := map[string]bool{}
	for i, s := range c.Servers {
		who := fmt.Sprintf("Servers[%d] (%q)", i, s.Name)
		switch {
		case s.Program == "" && s.Main == nil:
			bad("%s: set Program (the import path of a main package) or Main (a function)", who)
		case s.Program != "" && s.Main != nil:
			bad("%s: set Program or Main, not both", who)
		}
		if strings.ContainsAny(s.Name, " \t\n/") {
			bad("%s: the name is a host name; it cannot contain spaces or slashes", who)
		}
		if names[s.Name] {
			bad("%s: the name is used twice", who)
		}
		names[s.Name] = true
		if s.Count.min < 0 || s.Count.max < s.Count.min {
			bad("%s: count %d to %d is no range", who, s.Count.min, s.Count.max)
		}
		for path := range s.Files {
			if !strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") {
				bad("%s: Files: %q is not the absolute path of a file", who, path)
			}
		}
		for path := range s.Dirs {
			if !strings.HasPrefix(path, "/") {
				bad("%s: Dirs: %q is not an absolute path", who, path)
			}
		}
		for key, values := range s.Tags {
			if len(values) == 0 {
				bad("%s: tag %q has no values", who, key)
			}
		}
	}
	for i, g := range c.Workloads {
		if g.make == nil {
			bad("Workloads[%d]: made by hand; use sim.Fresh", i)
		}
	}
	if c.Workload == nil && len(c.Workloads) == 0 {
		bad("no workload: set Workload or Workloads, otherwise nothing is asked of the servers")
	}
	if c.Latency.Min < 0 || c.Latency.Max < c.Latency.Min {
		bad("Latency: %v to %v is no range", c.Latency.Min, c.Latency.Max)
	}
	if c.Iterations < 0 {
		bad("Iterations: %d is negative", c.Iterations)
	}
	errs = append(errs, c.Faults.validate()...)
	return errors.Join(errs...)
}

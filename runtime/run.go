package runtime

// Config describes one simulation.
type Config struct {
	Seed   uint64
	Kernel Kernel

	// Program is the import path of the package whose closure is initialised
	// in the harness process; "" initialises nothing.
	Program string

	// Main is the first goroutine of the harness process, which is process 0.
	// The simulation ends when it returns.
	Main func()

	// AfterStep runs after every step (a switch or an event), as code of the
	// harness process. It must not block.
	AfterStep func()

	// Scheduler chooses who runs; the zero value is "random".
	Scheduler Scheduler

	MaxSteps uint64 // 0: 20 million. More is a livelock
	MaxTime  int64  // simulated nanoseconds, 0: 24 hours. More is a timeout

	// Logf, if set, is told what went on without being a failure.
	Logf func(format string, args ...any)

	// Trace, if set, is told everything that goes into the hash, in order. It
	// is how two runs that should be equal are compared.
	Trace func(TraceEntry)
}

// A TraceEntry is one entry of the running hash.
type TraceEntry struct {
	Step  uint64
	Now   int64
	Actor string // the goroutine it happened to, as a path that is the same on every run
	Kind  string // "run", "event", or the kind given to Draw or Note
	Count uint64 // of this kind, by this actor, so far
	Value uint64
	Hash  uint64 // after this entry
}

// Result is what a simulation came to.
type Result struct {
	Hash, Steps uint64
	Now         int64
	Failure     *Failure // nil: it passed
	Races       int      // how many data races the race detector has reported
	Spin        *Spin    // the longest wait that went round and round; nil: none did
}

// Failure says why a simulation did not pass. Kind is one of panic, exit,
// deadlock, livelock, fatal, assert, check, invariant, leak, error, timeout.
type Failure struct {
	Kind, Message, Stacks string
	Interrupted           bool // by Interrupt: where the simulation was by then is different on each run
}

const (
	defaultMaxSteps = 20_000_000
	defaultMaxTime  = 24 * 3600 * 1e9

	// startTime is the monotonic clock at the start of a simulation. It is not
	// 0, which several packages take for "not set".
	startTime = 1 << 30
)

// Run runs one simulation on the calling goroutine and returns when it is over
// and nothing of it is left. There is one simulation at a time.
//
//go:norace
func Run(cfg Config) Result {
	if sched != nil {
		return Result{Failure: &Failure{Kind: "error", Message: "a simulation is already running in this process"}}
	}
	interruption = nil
	s := newScheduler(cfg)
	sched = s
	hostBegin()
	hostRaceBegin(s)
	harness := newProcess(s, "harness", cfg.Program)
	harness.Start(cfg.Main)
	if next := s.next(); next != s.root {
		s.switchTo(next)
	}
	s.clear()
	sched = nil
	return Result{Hash: s.hash, Steps: s.steps, Now: s.now, Failure: s.failure, Races: hostRaceEnd(s), Spin: s.progress.longestSpin()}
}

// Fail ends the simulation with a failure; the first one counts. Called by a
// goroutine it does not return. Called by an event or an invariant it does, and
// the simulation ends after it.
//
//go:norace
func Fail(kind, message string) {
	s := sched
	if s == nil {
		return
	}
	s.fail(kind, message)
	if s.events.running == 0 && s.running != s.root {
		s.running.g.state = parked
		s.schedule(s.running)
	}
}

//go:norace
func (s *scheduler) fail(kind, message string) {
	if s.failure == nil {
		s.failure = &Failure{Kind: kind, Message: message, Stacks: s.stacks(kind == "livelock" || kind == "timeout" || kind == "memory")}
	}
	s.over = true
}

// Note mixes something that happened into the running hash.
//
//go:norace
func Note(kind string, value uint64) {
	s := sched
	if s == nil {
		return
	}
	s.mix(hashString(kind) ^ scramble(value))
	if s.cfg.Trace != nil {
		s.trace(kind, value)
	}
}

// warn tells the person who runs the simulation about something that is no
// failure: through Logf, or in what the process prints.
//
//go:norace
func (s *scheduler) warn(text string) {
	if s.cfg.Logf != nil {
		kernel(func() { s.cfg.Logf("%s", text) })
		return
	}
	s.stderr(s.cur.process, "simgen: "+text)
}

// Steps is how many steps the simulation has taken.
//
//go:norace
func Steps() uint64 {
	if s := sched; s != nil {
		return s.steps
	}
	return 0
}

// Now is the monotonic simulated time in nanoseconds.
//
//go:norace
func Now() int64 {
	if s := sched; s != nil {
		return s.now
	}
	return 0
}

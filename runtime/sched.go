package runtime

import (
	"math/bits"
	"unsafe"
)

// sched is the running simulation. Everything that belongs to one run hangs off
// it, so that nothing can be left over for the next.
var sched *scheduler

type scheduler struct {
	// What every switch touches.
	running  *worker // whose stack is in use
	cur      *G      // on whose behalf: running.g, or the interrupt goroutine of a process
	root     *worker // the goroutine that called Run
	runq     []*G    // who can run, in no order that means anything
	now      int64
	steps    uint64
	hash     uint64
	over     bool
	fraction bool    // the next step is only a part of one
	watched  bool    // there is an AfterStep
	killer   *worker // waits for the coroutine it is destroying
	picks    source  // schedule decisions
	order    order
	events   eventQueue
	waits    waitTable

	race raceRun

	maxSteps uint64
	maxTime  int64
	limit    uint64 // the step at which to look whether there were too many, or too many of the same
	progress progress
	cfg      Config
	failure  *Failure
	sources  [streams]source

	idle       []*worker // finished coroutines, for reuse
	processes  []*Process
	nameCounts map[string]int // how many processes have had this name
	goroutines uint64         // ids given so far
	bubbles    uint64         // numbers given so far
	run        uint64         // which simulation of the host's process it is, from 1
	polls      []*PollDesc
	freePolls  []uintptr
	counts     map[countKey]uint64 // for names of decisions, when traced
}

// runs is how many simulations there have been.
var runs uint64

//go:norace
func newScheduler(cfg Config) *scheduler {
	runs++
	s := &scheduler{
		run:        runs,
		cfg:        cfg,
		now:        startTime,
		hash:       scramble(cfg.Seed),
		maxSteps:   cfg.MaxSteps,
		maxTime:    cfg.MaxTime,
		nameCounts: map[string]int{},
		picks:      seededSource(cfg.Seed, 1),
		order:      newOrder(cfg.Scheduler.For(cfg.Seed), cfg.Seed),
	}
	if s.maxSteps == 0 {
		s.maxSteps = defaultMaxSteps
	}
	if s.maxTime == 0 {
		s.maxTime = defaultMaxTime
	}
	s.maxTime += startTime
	spins := seededSource(cfg.Seed, spinPurpose)
	s.progress.interval = 32<<10 + int32(spins.below(32<<10))
	s.moved()
	s.watched = cfg.AfterStep != nil
	s.events.next = never
	for i := range s.sources {
		s.sources[i] = seededSource(cfg.Seed, 2+uint64(i))
	}
	s.root = &worker{}
	s.running = s.root
	s.waits.init()
	return s
}

// schedule is called by the coroutine that runs, after its goroutine has been
// put where somebody will find it. It returns when the goroutine is picked. An
// event and an invariant have no coroutine of their own, and w is nil.
//
// Between the operation that blocks and the switch there are few frames, and the same
// ones wherever possible: where two goroutines are suspended below the same callers, the
// processor foresees the returns of the one that is resumed.
//
//go:noinline
//go:norace
func (s *scheduler) schedule(w *worker) {
	if w == nil {
		panic("an event or an invariant must not block (" + s.cur.reason + ")")
	}
	next := s.next()
	if w.dead {
		s.leave(next)
	}
	if next != w {
		s.switchTo(next)
	}
	w.g.state = running
	s.cur = w.g
}

// next decides who runs. Events that are due run here, on the stack of whoever
// called; if nobody can run the clock jumps to the first event. Those that
// become due while others run have to wait until a goroutine has: there are
// tickers faster than that.
//
//go:norace
func (s *scheduler) next() *worker {
	due := s.now
	for {
		if s.watched && !s.over {
			s.afterStep()
		}
		if s.over {
			return s.root
		}
		if s.events.next <= due {
			s.step()
			s.runEvent()
			continue
		}
		if len(s.runq) == 0 {
			s.jump()
			due = s.now
			continue
		}
		g := s.pick(s.step())
		s.unqueue(g)
		g.turns++
		s.mix(g.id)
		if s.cfg.Trace != nil {
			s.cur = g
			s.trace("run", g.id)
		}
		return g.worker
	}
}

// step counts a step and lets it take 50 to 500 ns, so that whoever spins on
// the clock or on an atomic gets to the end of it. It returns the random bits
// the step is decided with: the high ones pick, the low ones are its duration.
//
//go:norace
func (s *scheduler) step() uint64 {
	r := s.picks.next()
	if s.fraction {
		s.fraction = false
		return r
	}
	s.now += 50 + int64(r&0xffff)*451>>16
	s.steps++
	if s.steps > s.limit || s.now > s.maxTime {
		s.exceeded()
	}
	return r
}

// exceeded fails a simulation that has done, or lasted, more than it may, or
// that somebody wants to end.
//
//go:norace
func (s *scheduler) exceeded() {
	switch {
	case s.over:
	case interruption != nil:
		s.fail(interruption.Kind, interruption.Message+s.spenders())
		s.failure.Interrupted = true
	case s.steps > s.maxSteps:
		s.fail("livelock", "no end after "+utoa(s.maxSteps)+" steps and "+duration(s.now-startTime)+" of simulated time"+s.spenders())
	case s.now > s.maxTime:
		s.fail("timeout", "no end after "+duration(s.maxTime-startTime)+" of simulated time"+s.spenders())
	case len(s.events.heap) == 0:
		s.fail("livelock", "for "+utoa(stillSteps)+" steps no goroutine has been started or has ended and no system call was made, "+
			"and no timer is pending that could change anything"+s.spenders())
	default:
		s.moved()
	}
}

// jump moves the clock to the first event.
//
//go:norace
func (s *scheduler) jump() {
	if len(s.events.heap) == 0 {
		s.fail("deadlock", "all goroutines are asleep and no event is pending")
		return
	}
	if s.now = max(s.now, s.events.next); s.now > s.maxTime {
		s.exceeded()
	}
}

//go:norace
func (s *scheduler) mix(v uint64) {
	s.hash = (bits.RotateLeft64(s.hash, 23) ^ v) * golden
}

// enqueue makes g runnable.
//
//go:norace
func (s *scheduler) enqueue(g *G) {
	if g.resting {
		g.rested()
	}
	g.state = runnable
	g.queued = int32(len(s.runq))
	s.runq = append(s.runq, g)
	if s.order.kind != randomScheduler {
		s.order.enqueued(g)
	}
}

//go:norace
func (s *scheduler) unqueue(g *G) {
	if g == s.order.top {
		s.order.top = nil
	}
	last := len(s.runq) - 1
	moved := s.runq[last]
	s.runq[g.queued] = moved
	moved.queued = g.queued
	s.runq[last] = nil
	s.runq = s.runq[:last]
	g.queued = -1
}

// kernelly runs f with no goroutine simulated and on behalf of nobody that
// could block. It is how events run.
//
//go:norace
func (s *scheduler) kernelly(cur *G, carried unsafe.Pointer, f func()) {
	savedCur, savedG, loud := s.cur, hostG(), hostLend(s)
	s.cur = cur
	hostSetG(carried)
	s.events.running++
	defer func() {
		if v := recover(); v != nil {
			s.fail("panic", panicText(v)+"\n\n"+callerStack())
		}
		s.events.running--
		hostRestore(loud)
		hostSetG(savedG)
		s.cur = savedCur
	}()
	f()
}

//go:norace
func (s *scheduler) afterStep() {
	harness := s.processes[0]
	if harness.state != processRunning {
		return // there is nothing to look at yet
	}
	g := harness.interrupt
	s.kernelly(g, unsafe.Pointer(g), s.cfg.AfterStep)
}

// clear destroys what is left of a simulation: coroutines are goroutines of the
// host, and would stay for ever. Only a few idle ones are kept for the next.
//
//go:norace
func (s *scheduler) clear() {
	s.running = s.root
	for _, p := range s.processes {
		for len(p.goroutines) > 0 {
			s.destroy(p.goroutines[len(p.goroutines)-1])
		}
		p.release()
	}
	s.waits.clear()
	s.retire()
}

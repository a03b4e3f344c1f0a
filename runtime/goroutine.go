package runtime

import "runtime"

type gstate uint8

const (
	runnable gstate = iota
	running
	parked
	dead
)

// A G is a simulated goroutine.
type G struct {
	mark     uint64 // of its bubble, or 0; Go's runtime reads it, so it comes first
	budget   int32  // switch points left until the next switch
	priority int64  // see order; means nothing under "random"
	queued   int32  // index in the run queue, or -1
	state    gstate
	events   bool // an interrupt goroutine: code of a process that runs in an event and cannot block
	exposed  bool // somebody outside this package may hold a pointer to it
	resting  bool // durably blocked in its bubble
	wrapped  bool // started by GoCall: its first frame is the simulation's
	bubble   *bubble
	vars     *variables
	process  *Process
	worker   *worker
	fn       func()
	reason   string // why it is parked
	wait     waiter // for everything that waits for one thing
	cell     any    // *cell[T]: where a value is handed to it
	cases    []Case // the select it is blocked in
	sleep    Event
	id       uint64
	born     int64
	turns    uint64 // how often it was picked
	index    int32  // in process.goroutines
	pins     int32  // how often Pin was called
	pinned   int32  // budget before
	children uint32
	path     actorPath

	parentID uint64
	created  uintptr // the program counter of the go statement; 0: not one
	race     raceContext
	loud     raceState // between Enter and Leave: what it is outside
}

// actorPath names a goroutine by how it came to be: the third goroutine started
// by the first of the main goroutine is 3 of 1. It is the same on every run as
// long as the program does the same, which an id is not. Beyond maxDepth only
// a hash is kept, so that chains of goroutines cost no memory.
type actorPath struct {
	depth int8
	elems [maxDepth]uint32
	rest  uint32
}

const maxDepth = 6

//go:norace
func (p actorPath) child(i uint32) actorPath {
	if p.depth < maxDepth {
		p.elems[p.depth] = i
		p.depth++
		return p
	}
	p.rest = uint32(scramble(uint64(p.rest)<<32 | uint64(i)))
	return p
}

//go:norace
func (p actorPath) String() string {
	s := ""
	for i := range p.depth {
		if i > 0 {
			s += "."
		}
		s += utoa(uint64(p.elems[i]))
	}
	if p.rest != 0 {
		s += "~" + hex(uint64(p.rest))
	}
	return s
}

// current returns the simulated goroutine that runs, or nil if the caller is
// not simulated.
//
//go:norace
func current() *G { return (*G)(hostG()) }

// Simulated reports whether the calling goroutine is a simulated one. It is asked
// during system calls, when the stack must not grow, and is not always inlined.
//
//go:nosplit
//go:norace
func Simulated() bool { return hostG() != nil }

// Current returns the goroutine that runs, also in kernel mode. In an event it
// is not one that can be parked.
//
//go:norace
func Current() *G {
	if s := sched; s != nil && s.cur != nil {
		s.cur.exposed = true
		return s.cur
	}
	return nil
}

// CurrentProcess returns the process of the goroutine that runs.
//
//go:norace
func CurrentProcess() *Process {
	if s := sched; s != nil && s.cur != nil {
		return s.cur.process
	}
	return nil
}

// Process returns the process g belongs to.
//
//go:norace
func (g *G) Process() *Process { return g.process }

// ID returns a number that no other goroutine of this simulation has.
//
//go:norace
func (g *G) ID() uint64 { return g.id }

// Go is the go statement. The new goroutine may run before its creator goes on.
//
//go:noinline
//go:norace
func Go(f func()) {
	g := current()
	if g == nil {
		go f()
		return
	}
	g.point()
	if f == nil {
		panic("go of nil func value")
	}
	sched.enqueue(newG(g.process, g, f, hostCallerPC()))
	g.point()
}

// GoCall is the go statement of a call with arguments or results, which f
// makes. The frame of f is not one of the program's.
//
//go:noinline
//go:norace
func GoCall(f func()) {
	g := current()
	if g == nil {
		go f()
		return
	}
	g.point()
	child := newG(g.process, g, f, hostCallerPC())
	child.wrapped = true
	sched.enqueue(child)
	g.point()
}

// newG makes a goroutine of p that is not yet runnable. parent may be nil, and
// created 0.
//
//go:norace
func newG(p *Process, parent *G, f func(), created uintptr) *G {
	s := sched
	w := s.spawn()
	g := w.spare
	if g != nil {
		w.spare = nil
		g.children, g.parentID, g.pins, g.wrapped = 0, 0, 0, false
	} else {
		g = &G{}
		g.wait.g = g
		g.sleep.kind, g.sleep.g = wakeUp, g
	}
	g.worker, w.g = w, g
	g.process, g.vars, g.fn = p, p.vars, f
	s.goroutines++
	g.id, g.born, g.turns = s.goroutines, s.now, 0
	s.moved()
	s.did()
	g.queued = -1
	g.sleep.process = p
	g.budget = s.slice()
	s.order.admit(g)
	maker := p.interrupt
	if parent != nil && parent.process == p {
		maker = parent
	}
	if parent != nil {
		g.parentID = parent.id
		if parent.bubble != nil && maker == parent {
			g.join(parent.bubble)
		}
	}
	maker.children++
	g.path = maker.path.child(maker.children)
	g.created, g.race = created, hostFork(s, created)
	if parent == nil {
		p.initialised(g)
	}
	g.index = int32(len(p.goroutines))
	p.goroutines = append(p.goroutines, g)
	return g
}

// forget takes g out of every list; its coroutine is not touched.
//
//go:norace
func (s *scheduler) forget(g *G) {
	s.moved()
	if g.queued >= 0 {
		s.unqueue(g)
	}
	s.waits.release(g)
	if b := g.bubble; b != nil {
		b.timers.remove(&g.sleep)
		g.part()
	} else {
		s.events.remove(&g.sleep)
	}
	p := g.process
	last := len(p.goroutines) - 1
	moved := p.goroutines[last]
	p.goroutines[g.index] = moved
	moved.index = g.index
	p.goroutines[last] = nil
	p.goroutines = p.goroutines[:last]
	g.state = dead
	g.fn = nil
}

// destroy kills g where it stands: none of its deferred functions run. If its
// stack is the one in use, it is only marked, and goes when it is given up.
//
//go:norace
func (s *scheduler) destroy(g *G) {
	fresh := g.fn != nil
	s.forget(g)
	w := g.worker
	switch {
	case fresh:
		hostEnd(s, g.race)
		w.g = nil
		s.idle = append(s.idle, w)
	case w == s.running:
		w.dead = true
	default:
		s.kill(w)
	}
}

// Park blocks the calling goroutine until somebody calls Ready on it. The
// caller has put itself (Current) where it will be found. The reason is what a
// report of all goroutines shows.
//
//go:norace
func Park(reason string) {
	s := sched
	s.park(s.cur, reason)
}

// It is small enough to be inlined; see schedule.
//
//go:norace
func (s *scheduler) park(g *G, reason string) {
	g.state, g.reason = parked, reason
	s.schedule(g.worker)
}

// Ready makes a parked goroutine runnable. It does nothing to any other one,
// dead ones included.
//
//go:norace
func (g *G) Ready() {
	if g.state == parked {
		sched.enqueue(g)
	}
}

// parkForever is a wait that nothing ends.
//
//go:norace
func parkForever(g *G, reason string) {
	g.rest()
	for {
		sched.park(g, reason)
	}
}

// Point is a place where the scheduler may switch although nothing blocks. There
// is one before every operation by which goroutines synchronise, and one after
// those that let others go on or show them something: what is not synchronised
// may then be overtaken by whoever was woken.
//
// It is written out to stay small enough to be inlined.
//
//go:norace
func Point() {
	if g := current(); g != nil {
		if g.budget--; g.budget < 0 {
			pointReached()
		}
	}
}

//go:noinline
//go:norace
func pointReached() { current().yield() }

//go:norace
func (g *G) point() {
	if g.budget--; g.budget < 0 {
		g.yield()
	}
}

// Hold makes what follows pass no place to switch, until Resume gets what Hold
// returned. It is for code whose steps are not the same on every run, such as
// a lookup by a hash of the host process; nothing in it may block.
//
//go:norace
func Hold() (budget int32) {
	if g := current(); g != nil {
		budget, g.budget = g.budget, endless
	}
	return budget
}

// Resume ends what Hold began.
//
//go:norace
func Resume(budget int32) {
	if g := current(); g != nil {
		g.budget = budget
	}
}

// ResumeAndPoint is Resume, and Point.
//
//go:norace
func ResumeAndPoint(budget int32) {
	Resume(budget)
	Point()
}

const endless = 1<<31 - 1

// Pin keeps the caller on its processor, of which there is one: nobody else runs
// until Unpin has been called as often, or the caller blocks.
//
//go:norace
func Pin() int {
	g := current()
	if g.pins == 0 {
		g.pinned = Hold()
	}
	g.pins++
	return 0
}

// Unpin ends what Pin began.
//
//go:norace
func Unpin() {
	g := current()
	if g.pins--; g.pins == 0 {
		Resume(g.pinned)
	}
}

// yield lets others run if the budget of switch points is used up.
//
//go:noinline
//go:norace
func (g *G) yield() {
	s := sched
	g.budget = s.slice()
	if g.events || s.order.kind == pctScheduler && !s.overtaken(g) {
		return
	}
	if s.order.portion > 1 && !s.order.wholeStep() {
		if len(s.runq) == 0 && s.events.next > s.now {
			return
		}
		s.fraction = true
	}
	s.enqueue(g)
	s.schedule(g.worker)
}

// Gosched is runtime.Gosched.
//
//go:norace
func Gosched() {
	g := current()
	if g == nil {
		runtime.Gosched()
		return
	}
	s := sched
	s.looked(g, false)
	g.budget = s.slice()
	if g.events {
		return
	}
	s.order.yielded(g)
	s.enqueue(g)
	s.schedule(g.worker)
}

package runtime

import "unsafe"

type processState uint8

const (
	processNew     processState = iota
	processInit                 // its packages are being initialised
	processRunning              // main runs
	processOver
)

// A Process is a simulated operating-system process: goroutines, package
// variables, random numbers and signals of its own.
type Process struct {
	Data any // the kernel's

	name        string
	program     string
	id          int
	incarnation int // how many processes of this name there were before, plus 1
	state       processState
	shared      *Process // whose package variables it uses; nil: its own

	vars           *variables
	goroutines     []*G
	interrupt      *G // runs timer functions
	waiting        []func()
	waiters        []*G // in Wait
	rand           source
	signals        signals
	maxProcs       int
	memProfileRate int
	collections    uint64     // of garbage, that the process asked for
	coroutines     int        // of iter.Pull
	gc             *collector // nil: nothing to do with it yet
	mark           uint64     // the goroutine made last when Mark was called
	marked         int64      // when that was
	exit           ExitStatus
	onExit         func(code int)
}

// ExitStatus says how a process ended. A process that died of a signal has the
// negative signal number as its code.
type ExitStatus struct {
	Code   int
	Signal uint32
	Panic  string // what it panicked with, if it did
}

// NewProcess makes a process that does not run yet. program is the import path
// of the package whose closure is initialised before main; "" initialises
// nothing.
//
//go:norace
func NewProcess(name, program string) *Process { return newProcess(sched, name, program) }

//go:norace
func newProcess(s *scheduler, name, program string) *Process {
	defer hostRestore(hostHush())
	s.nameCounts[name]++
	p := &Process{
		name: name, program: program, id: len(s.processes),
		incarnation: s.nameCounts[name], maxProcs: numCPU, memProfileRate: defaultMemProfileRate,
	}
	p.vars = &variables{}
	p.rand = seededSource(s.cfg.Seed^hashString(name), 1000+uint64(p.incarnation))
	p.interrupt = &G{events: true, process: p, vars: p.vars, state: running, queued: -1}
	p.interrupt.wait.g = p.interrupt
	s.processes = append(s.processes, p)
	return p
}

// Name returns the name given to NewProcess.
//
//go:norace
func (p *Process) Name() string { return p.name }

// ID returns the process's number; the harness is 0.
//
//go:norace
func (p *Process) ID() int { return p.id }

// Incarnation counts the processes of the same name, from 1.
//
//go:norace
func (p *Process) Incarnation() int { return p.incarnation }

// Goroutines returns how many goroutines the process has.
//
//go:norace
func (p *Process) Goroutines() int { return len(p.goroutines) }

// Exit returns how the process ended, if it did.
//
//go:norace
func (p *Process) Exit() (ExitStatus, bool) { return p.exit, p.over() }

//go:norace
func (p *Process) over() bool { return p.state == processOver }

// ShareGlobals makes p use q's package variables. They are not initialised
// again. It must be called before p starts.
//
//go:norace
func (p *Process) ShareGlobals(q *Process) {
	p.vars = q.vars
	p.interrupt.vars = q.vars
	p.shared = q
}

// SharesGlobals returns the process whose package variables p uses, nil if it
// has its own.
//
//go:norace
func (p *Process) SharesGlobals() *Process { return p.shared }

// Start starts the process: its packages are initialised, then main runs, then
// the process exits. With nil it runs the program's own main.
//
//go:norace
func (p *Process) Start(main func()) {
	if main == nil {
		if main = programMain(p.program); main == nil {
			sched.fail("error", "cannot start process "+p.name+": no main package "+quote(p.program)+
				" is part of this binary, which has those that constants of type sim.Program name in the tests and what they import")
			return
		}
	}
	p.boot(func() {
		main()
		p.mainReturned()
	})
}

// boot starts the goroutine that initialises the process and goes on with main,
// which may be nil.
//
//go:norace
func (p *Process) boot(main func()) {
	p.state = processInit
	if p.vars.slots == nil {
		p.vars.slots = make([]unsafe.Pointer, slotCount)
	}
	g := newG(p, nil, func() {
		if p.shared == nil && !p.vars.initialise(p.program) {
			Fail("error", "cannot start process "+p.name+": no package "+quote(p.program)+" is part of this binary")
		}
		p.state = processRunning
		p.Mark()
		hostRelease(unsafe.Pointer(p))
		for _, f := range p.waiting {
			p.spawn(f)
		}
		p.waiting = nil
		if main != nil {
			main()
		}
	}, 0)
	sched.enqueue(g)
}

//go:norace
func (p *Process) mainReturned() {
	s := sched
	if p.id == 0 {
		s.over = true
		s.cur.state = parked
		s.schedule(s.running)
	}
	p.end(ExitStatus{})
}

// Go starts a goroutine in the process: at once, or as soon as its packages are
// initialised. A process that was not started is, without a main: it then lives
// until it is killed.
//
//go:norace
func (p *Process) Go(f func()) {
	switch p.state {
	case processRunning:
		p.spawn(f)
	case processInit:
		p.waiting = append(p.waiting, f)
	case processNew:
		p.waiting = append(p.waiting, f)
		p.boot(nil)
	}
}

//go:norace
func (p *Process) spawn(f func()) { sched.enqueue(newG(p, nil, f, 0)) }

// initialised makes a goroutine that nobody of p starts begin after the
// initialisation of the variables it sees.
//
//go:norace
func (p *Process) initialised(g *G) {
	for ; p != nil; p = p.shared {
		hostInherit(g.race, unsafe.Pointer(p))
	}
}

// Wait parks the caller until the process is over.
//
//go:norace
func (p *Process) Wait() ExitStatus {
	s := sched
	for !p.over() {
		p.waiters = append(p.waiters, Current())
		s.park(s.cur, "wait for process "+p.name)
	}
	return p.exit
}

// Kill ends the process the way a power cut does: no deferred function runs,
// nothing is flushed, timers and goroutines are gone. Called by a goroutine of
// that process it does not return.
//
//go:norace
func (p *Process) Kill() { p.end(ExitStatus{Code: -sigKILL, Signal: sigKILL}) }

// end destroys everything the process consists of, the caller last.
//
//go:norace
func (p *Process) end(st ExitStatus) {
	if p.over() {
		return
	}
	s := sched
	if p.id == 0 {
		p.endHarness(st)
		return
	}
	p.exit, p.state = st, processOver
	p.waiting = nil
	s.events.removeAll(p)
	self := s.running.g
	for len(p.goroutines) > 0 {
		s.destroy(p.goroutines[len(p.goroutines)-1])
	}
	p.freeMemory()
	if s.cfg.Kernel != nil {
		kernel(func() { s.cfg.Kernel.Exited(p, st) })
	}
	for _, g := range p.waiters {
		g.Ready()
	}
	p.waiters = nil
	if self != nil && s.running.dead && s.events.running == 0 {
		s.leave(s.next())
	}
}

// freeMemory lets go of everything that belonged to the process. Simulations
// restart servers with big heaps many times.
//
//go:norace
func (p *Process) freeMemory() {
	p.release()
	p.vars, p.interrupt.vars = nil, nil
	p.signals = signals{}
	s := sched
	s.waits.purge()
	for i, pd := range s.polls {
		if pd != nil && pd.process == p {
			s.polls[i] = nil
			s.freePolls = append(s.freePolls, uintptr(i+1))
		}
	}
}

// endHarness is for when the process that runs the test goes down.
//
//go:norace
func (p *Process) endHarness(st ExitStatus) {
	switch {
	case st.Panic != "":
		Fail("panic", st.Panic)
	case st.Signal != 0:
		Fail("exit", "the test's own process was ended by signal "+utoa(uint64(st.Signal)))
	default:
		Fail("exit", "the test's own process called os.Exit("+itoa(int64(st.Code))+")")
	}
}

// panicked ends the process whose goroutine g did not recover from v. It runs
// on g's stack, above the frames that panicked.
//
//go:norace
func (p *Process) panicked(g *G, v any) {
	s := sched
	text := panicText(v)
	trace := g.header("running", 1) + callerStack() + g.createdBy()
	if p.id == 0 {
		hostSetG(nil)
		s.fail("panic", text)
		s.failure.Stacks = trace + "\n" + s.failure.Stacks
		return
	}
	hostSetG(nil)
	s.stderr(p, "panic: "+text+"\n\n"+trace)
	p.end(ExitStatus{Code: 2, Panic: text})
}

// stderr is output of the Go runtime itself.
//
//go:norace
func (s *scheduler) stderr(p *Process, text string) {
	if s.cfg.Kernel != nil {
		kernel(func() { s.cfg.Kernel.Stderr(p, text) })
	}
}

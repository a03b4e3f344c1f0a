package runtime

import "unsafe"

// A worker is a coroutine. It runs one goroutine after the other, because a
// finished coroutine is cheaper to use again than to make.
//
// The host's slots hold a suspended coroutine each, and resuming the one in a
// slot puts the caller into that slot. So workers exchange slots with every
// switch, and each has to remember which one it is in.
type worker struct {
	slot   unsafe.Pointer // where this coroutine is suspended; nil while it runs
	g      *G
	self   unsafe.Pointer // the host's name for what runs or is suspended in slot, to see its stack
	spare  *G             // the last goroutine, if nobody can know it any more
	dead   bool           // killed: it must not run another instruction of its goroutine
	left   bool
	faults bool // its goroutine has called PanicOnFault
}

// spareWorkers are idle coroutines of simulations that are over. Nothing is left
// in them but a stack that has grown already, which no program can see.
var spareWorkers []*worker

// maxSpareWorkers bounds what a simulation with very many goroutines leaves.
const maxSpareWorkers = 256

// retire keeps the idle coroutines for the next simulation, and ends those that
// are too many.
//
//go:norace
func (s *scheduler) retire() {
	for _, w := range s.idle {
		w.g, w.spare = nil, nil
		if len(spareWorkers) < maxSpareWorkers {
			spareWorkers = append(spareWorkers, w)
		} else {
			s.switchTo(w)
		}
	}
	s.idle = nil
}

// switchTo suspends the running worker and resumes to.
//
//go:norace
func (s *scheduler) switchTo(to *worker) {
	w := s.running
	slot := to.slot
	to.slot = nil
	w.slot = slot
	s.running = to
	hostSwitch(slot)
	if w.dead {
		vanish(w)
	}
}

// vanish ends the running coroutine, which was killed, and resumes its killer.
//
//go:norace
func vanish(w *worker) {
	killer := sched.killer // s may be over, and must not be kept alive by this frame
	slot := killer.slot
	killer.slot = nil
	hostEnd(sched, w.g.race)
	hostExit(slot)
}

// kill destroys a suspended worker: it is resumed, sees that it is dead before
// it does anything else, and leaves to its killer.
//
//go:norace
func (s *scheduler) kill(w *worker) {
	me := s.running
	me.slot, w.slot = w.slot, nil
	w.dead = true
	s.killer = me
	hostSwitch(me.slot)
}

// leave destroys the running coroutine, without deferred functions, and resumes
// next.
//
//go:norace
func (s *scheduler) leave(next *worker) {
	slot := next.slot
	next.slot = nil
	hostEnd(s, s.running.g.race)
	s.running = next
	hostExit(slot)
}

// spawn returns a worker for a new goroutine.
//
//go:norace
func (s *scheduler) spawn() *worker {
	if n := len(s.idle); n > 0 {
		w := s.idle[n-1]
		s.idle[n-1] = nil
		s.idle = s.idle[:n-1]
		return w
	}
	if n := len(spareWorkers); n > 0 {
		w := spareWorkers[n-1]
		spareWorkers[n-1] = nil
		spareWorkers = spareWorkers[:n-1]
		return w
	}
	w := &worker{}
	w.slot = hostNewCoro(w.loop)
	return w
}

// loop is the whole life of a coroutine.
//
//go:norace
func (w *worker) loop() {
	w.self = hostSelf()
	defer w.unwound()
	for {
		g, s := w.g, sched
		if g == nil {
			// The simulation is over: only the way out is left.
			w.left = true
			slot := s.root.slot
			s.root.slot = nil
			s.running = s.root
			hostLeave(slot)
		}
		s.cur = g
		g.state = running
		fn := g.fn
		g.fn = nil
		hostSetG(unsafe.Pointer(g))
		hostBecome(g.race)
		fn()
		hostSetG(nil)
		if w.faults {
			w.faults = false
			hostPanicOnFault(false)
		}
		g.bubble.ended()
		hostEnd(s, g.race)
		// What next runs may start a goroutine, which may get this worker; it
		// then simply goes round the loop.
		if next := w.finish(g); next != w {
			s.switchTo(next)
		}
	}
}

// finish ends g and returns who runs next. Until it is resumed, the worker is idle.
//
//go:norace
func (w *worker) finish(g *G) *worker {
	s := sched
	s.forget(g)
	if !g.exposed {
		w.spare = g
		// A finished goroutine must not keep its process's memory alive.
		g.process, g.sleep.process, g.vars, g.cell = nil, nil, nil, nil
		g.wait.elem = nil
	}
	w.g, s.cur = nil, nil
	s.idle = append(s.idle, w)
	return s.next()
}

// unwound runs when a goroutine left its function in another way than by
// returning: with a panic, or through the host's runtime.Goexit.
//
//go:norace
func (w *worker) unwound() {
	if w.left {
		return
	}
	s := sched
	v := recover()
	g := w.g
	if v == nil {
		hostSetG(nil)
		s.forget(g)
		w.dead = true
		s.leave(s.next())
	}
	if hostG() == nil {
		// It was in kernel mode: the fault is the machine's, not the program's.
		s.fail("panic", "in the simulated machine: "+panicText(v)+"\n\n"+callerStack())
	} else {
		g.process.panicked(g, v)
	}
	if g.state != dead {
		s.forget(g)
	}
	w.dead = true
	s.leave(s.next())
}

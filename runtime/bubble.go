package runtime

import "unsafe"

// Test bubbles: what package testing/synctest makes, inside a simulation. A
// bubble is the goroutines that Run's function starts, with a clock of their
// own that stands still as long as one of them can do something. Goroutines
// outside, and the machine, go on in simulated time.
//
// A goroutine is durably blocked if only the bubble itself can wake it: in
// Sleep, at a channel made in the bubble, at a condition variable, at a wait
// group that belongs to the bubble, in a select that waits for nothing else. A
// lock, a file or a connection is not the bubble's own.

// A bubble is one run of synctest.Run.
type bubble struct {
	mark    uint64 // what its channels and objects are marked with; unique in the host process
	number  uint64 // unique in the simulation
	process *Process
	now     int64      // its clock, in nanoseconds since 1970
	timers  eventQueue // on its clock
	look    Event      // is pending when all its goroutines may be blocked

	root    *G  // in Run
	main    *G  // runs Run's function
	waiter  *G  // in Wait
	total   int // goroutines
	running int // those that are not durably blocked
	active  int // references that keep it from being blocked
	done    bool
	over    bool // Run has been told
}

// bubbleStart is where the clock of a bubble starts: midnight UTC 2000-01-01.
const bubbleStart = 946684800_000000000

// BubbleRun is synctest.Run: it runs f in a new bubble and returns when all its
// goroutines have ended.
//
//go:norace
func BubbleRun(f func()) {
	g := current()
	if g.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	s := sched
	s.bubbles++
	b := &bubble{mark: hostBubbleMark(), number: s.bubbles, process: g.process, now: bubbleStart, root: g}
	b.timers.next = never
	b.look.kind, b.look.process, b.look.call = callKernel, g.process, b.settle
	b.main = newG(g.process, g, f, hostCallerPC())
	b.main.join(b)
	s.enqueue(b.main)
	s.park(g, "synctest.Run")
	hostAcquire(unsafe.Pointer(b))
	switch {
	case b.total == 0:
	case b.done:
		panic(bubbleDeadlock("deadlock: main bubble goroutine has exited but blocked goroutines remain"))
	default:
		panic(bubbleDeadlock("deadlock: all goroutines in bubble are blocked"))
	}
}

// A bubbleDeadlock is what Run panics with.
type bubbleDeadlock string

//go:norace
func (e bubbleDeadlock) Error() string { return string(e) }

// BubbleWait is synctest.Wait: it returns when every other goroutine of the
// bubble is durably blocked.
//
//go:norace
func BubbleWait() {
	g := current()
	b := g.bubble
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	if b.waiter != nil {
		panic("wait already in progress")
	}
	b.waiter = g
	g.rest()
	sched.park(g, "synctest.Wait")
	hostAcquire(unsafe.Pointer(b))
}

// InBubble is synctest.IsInBubble.
//
//go:norace
func InBubble() bool {
	g := current()
	return g != nil && g.bubble != nil
}

// BubbleAcquire returns the caller's bubble, which then does not count as
// blocked until BubbleRelease, or nil.
//
//go:norace
func BubbleAcquire() any {
	b := current().bubble
	if b == nil {
		return nil
	}
	b.active++
	return b
}

// BubbleRelease undoes BubbleAcquire.
//
//go:norace
func BubbleRelease(v any) {
	b := v.(*bubble)
	b.active--
	b.mayBeBlocked()
}

// BubbleEnter runs f as if the caller were in the bubble.
//
//go:norace
func BubbleEnter(v any, f func()) {
	g := current()
	if g.bubble != nil {
		panic("goroutine is already bubbled")
	}
	g.join(v.(*bubble))
	defer g.part()
	f()
}

// BubbleAssociate makes the object at p belong to the caller's bubble, unless it
// belongs to one. The result is 0 for an object that can belong to none, 1 for
// this bubble and 2 for another.
//
//go:norace
func BubbleAssociate(p unsafe.Pointer) int {
	g := current()
	if g.vars.variable(p) {
		return 0
	}
	return hostAssociate(p, g.mark, true)
}

// BubbleAssociated reports whether the object at p belongs to the caller's
// bubble.
//
//go:norace
func BubbleAssociated(p unsafe.Pointer) bool {
	g := current()
	return !g.vars.variable(p) && hostAssociate(p, g.mark, false) == 1
}

// BubbleDisassociate makes the object at p belong to no bubble.
//
//go:norace
func BubbleDisassociate(p unsafe.Pointer) { hostDisassociate(p) }

// variable reports whether p points to a package-level variable, which belongs
// to no bubble.
//
//go:norace
func (vars *variables) variable(p unsafe.Pointer) bool {
	for _, v := range vars.slots {
		if v == p {
			return true
		}
	}
	return false
}

// join puts g, which is in no bubble, into b.
//
//go:norace
func (g *G) join(b *bubble) {
	g.bubble, g.mark = b, b.mark
	b.total++
	b.running++
}

// carry makes an interrupt goroutine act in b, of which it is no part, or in none.
//
//go:norace
func (g *G) carry(b *bubble) {
	g.bubble, g.mark = b, 0
	if b != nil {
		g.mark = b.mark
	}
}

// part takes g out of its bubble.
//
//go:norace
func (g *G) part() {
	b := g.bubble
	b.total--
	if g.resting {
		g.resting = false
	} else {
		b.running--
	}
	if g == b.main {
		b.done = true
	}
	b.ended()
	g.bubble, g.mark = nil, 0
	b.mayBeBlocked()
}

// ended says that what the running goroutine of the bubble did, which is at its
// end, happens before the return from a later Wait.
//
//go:norace
func (b *bubble) ended() {
	if b != nil {
		hostRelease(unsafe.Pointer(b))
	}
}

// rest notes that g, if it is in a bubble, is about to be durably blocked.
//
//go:norace
func (g *G) rest() {
	if b := g.bubble; b != nil && !g.resting {
		g.resting = true
		b.running--
		hostRelease(unsafe.Pointer(b))
		b.mayBeBlocked()
	}
}

// restAt is rest for one in a bubble who waits at a channel, which must not come
// from outside.
//
//go:norace
func (g *G) restAt(ch unsafe.Pointer) {
	if hostChanMark(ch) == g.mark {
		g.rest()
	}
}

// restIn is rest for a select.
//
//go:norace
func (g *G) restIn(cases []Case) {
	if g.bubble == nil {
		return
	}
	for _, c := range cases {
		if ch := c.channel(); ch != nil && hostChanMark(ch) != g.mark {
			return
		}
	}
	g.rest()
}

// rested is called when g, which was durably blocked, can run again.
//
//go:norace
func (g *G) rested() {
	g.resting = false
	g.bubble.running++
}

// mayBeBlocked has the bubble looked at before anybody runs.
//
//go:norace
func (b *bubble) mayBeBlocked() {
	if s := sched; b.running == 0 && b.active == 0 && b.look.pos == 0 && !b.process.over() && !s.over {
		s.events.add(&b.look, s.now)
	}
}

// settle finds something to do for a bubble whose goroutines are all durably
// blocked: timers that are due, then the goroutine in Wait, then the clock. At
// the end, or if there is nothing, it is Run's turn.
//
//go:norace
func (b *bubble) settle() {
	s := sched
	for b.running == 0 && b.active == 0 && !b.over && !b.process.over() && !s.over {
		s.step()
		switch {
		case b.timers.next <= b.now:
			b.runTimers()
		case b.waiter != nil:
			g := b.waiter
			b.waiter = nil
			g.Ready()
		case b.done || b.timers.next == never:
			b.over = true
			b.root.Ready()
		default:
			b.now = b.timers.next
		}
	}
}

// runTimers runs all that are due.
//
//go:norace
func (b *bubble) runTimers() {
	for b.timers.next <= b.now && !b.process.over() {
		e := b.timers.heap[0]
		b.timers.remove(e)
		sched.happen(e)
	}
}

// add puts an event on the bubble's clock. Those of the same time happen in an
// order that is drawn.
//
//go:norace
func (b *bubble) add(e *Event, when int64) {
	b.timers.seq = sched.picks.next() >> 1
	b.timers.add(e, when)
}

// checkBubble stops a process in which a channel of a bubble is used outside.
//
//go:norace
func (g *G) checkBubble(ch unsafe.Pointer, what string) {
	if mark := hostChanMark(ch); mark != 0 && mark != g.mark {
		Fatal(what + " synctest channel from outside bubble")
	}
}

// checkCases is checkBubble for a select.
//
//go:norace
func (g *G) checkCases(cases []Case) {
	if sched.bubbles == 0 {
		return
	}
	for _, c := range cases {
		if ch := c.channel(); ch != nil {
			g.checkBubble(ch, "select on")
		}
	}
}

// checkWake is checkBubble for somebody who waits at a condition variable.
//
//go:norace
func (w *waiter) checkWake() {
	if b := w.g.bubble; b != nil && sched.cur.bubble != b {
		Fatal("semaphore wake of synctest goroutine from outside bubble")
	}
}

// TimeNano is the clock by which the calling goroutine sets its timers: its
// bubble's, or the machine's.
//
//go:norace
func TimeNano() int64 {
	if b := current().bubble; b != nil {
		return b.now
	}
	return Nanotime()
}

// BubbleTime is the wall clock of the caller's bubble.
//
//go:norace
func BubbleTime() (sec int64, nsec int32) {
	now := current().bubble.now
	return now / 1e9, int32(now % 1e9)
}

package runtime

import "unsafe"

// A timer is what package time believes to be a time.Timer or a time.Ticker:
// it begins with their fields.
//
// One with a channel is an event only while somebody waits for the channel.
// Otherwise it is looked at when the channel is: nothing can tell the
// difference, a ticker that nobody listens to costs no steps, and one that
// nobody can reach any more is garbage. In a bubble all are events: its clock
// stands still meanwhile.
type timer struct {
	c    unsafe.Pointer // the channel the program receives from; package time sets it
	init bool           // package time refuses a timer without it

	event     Event
	bubble    *bubble // on whose clock it is; nil: the machine's
	when      int64   // the next time it is due, if it runs
	period    int64
	active    bool  // it runs
	listeners int32 // goroutines that wait for the channel
	f         func(arg any, seq uintptr, delta int64)
	arg       any
	ch        unsafe.Pointer // what a channel timer sends to; nil for functions
	run       uint64         // the simulation whose queue and process it knows
}

// timeValue has the layout of a time.Time, for the one thing done with it here:
// taking a stale one out of a timer's channel.
type timeValue struct {
	wall uint64
	ext  int64
	loc  unsafe.Pointer
}

// NewTimer makes a running timer for package time. With a channel c it has the
// semantics of Go 1.23: after Stop or Reset no stale value is received.
//
//go:norace
func NewTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c unsafe.Pointer) unsafe.Pointer {
	t := &timer{init: true, period: period, f: f, arg: arg, ch: c}
	t.belong()
	t.bubble = sched.cur.bubble
	if c != nil {
		hostSetChanTimer(c, t)
	}
	hostRelease(unsafe.Pointer(t))
	t.start(when)
	return unsafe.Pointer(t)
}

// belong makes the timer one of the process that uses it. One that outlives its
// simulation is stopped, and whoever waited for it is gone.
//
//go:norace
func (t *timer) belong() {
	if t.run == sched.run {
		return
	}
	t.run = sched.run
	t.active, t.listeners, t.bubble = false, 0, nil
	t.event = Event{kind: fireTimer, process: sched.cur.process, timer: t}
}

// arm makes the timer, which is in no bubble, an event if it has to be one.
//
//go:norace
func (t *timer) arm() {
	if t.active && (t.ch == nil || t.listeners > 0) && !t.event.process.over() {
		sched.events.add(&t.event, t.when)
	}
}

// listen is called by a goroutine that begins to wait for the channel, ignore
// when it has ended. Nearly no channel has a timer, so whoever blocks asks
// first and saves the call.
//
//go:norace
func (t *timer) listen() {
	if t.bubble == nil {
		t.listeners++
		t.arm()
	}
}

//go:norace
func (t *timer) ignore() {
	if t.bubble != nil {
		return
	}
	if t.listeners--; t.listeners == 0 {
		sched.events.remove(&t.event)
	}
}

// lookAt lets the timer behind an empty channel, if it is due, send what it has
// to.
//
//go:norace
func (s *scheduler) lookAt(t *timer) {
	t.belong()
	if t.bubble == nil && t.active && t.when <= s.now && !t.event.process.over() {
		s.events.remove(&t.event)
		s.fire(t)
	}
}

// StopTimer reports whether the timer was running: it has not fired, or what it
// sent has not been received. It is a switch point: a timer that is due may fire
// first.
//
//go:norace
func StopTimer(p unsafe.Pointer) bool {
	Point()
	t := (*timer)(p)
	t.belong()
	t.checkBubble("stop of")
	pending := t.stop()
	Point()
	return pending
}

//go:norace
func (t *timer) stop() bool {
	t.queue().remove(&t.event)
	pending := t.active
	t.active = false
	return t.drain() || pending
}

//go:norace
func (t *timer) queue() *eventQueue {
	if t.bubble != nil {
		return &t.bubble.timers
	}
	return &sched.events
}

// start lets a timer run. One of a bubble that is due at once does not wait for
// the bubble to be blocked.
//
//go:norace
func (t *timer) start(when int64) {
	t.when, t.active = when, true
	b := t.bubble
	switch {
	case b == nil:
		t.arm()
	case when <= b.now:
		sched.fire(t)
	default:
		b.add(&t.event, when)
	}
}

// checkBubble stops a process in which a timer of a bubble is used outside.
//
//go:norace
func (t *timer) checkBubble(what string) {
	if t.bubble != nil && sched.cur.bubble == nil {
		Fatal(what + " synctest timer from outside bubble")
	}
}

// ResetTimer starts the timer again and reports what StopTimer would have.
//
//go:norace
func ResetTimer(p unsafe.Pointer, when, period int64) bool {
	Point()
	t := (*timer)(p)
	t.belong()
	t.checkBubble("reset of")
	pending := t.stop()
	hostRelease(p)
	t.period = period
	t.start(when)
	Point()
	return pending
}

// drain takes a value that was sent but not received out of the channel.
//
//go:norace
func (t *timer) drain() bool {
	if t.ch == nil || chanHeader(t.ch).count == 0 {
		return false
	}
	defer hostRestore(hostHush())
	select {
	case <-*(*chan timeValue)(unsafe.Pointer(&t.ch)):
		return true
	default:
		return false
	}
}

// fire runs the timer's function as code of its process. A ticker that is late
// skips the ticks it has missed, as Go's does.
//
//go:norace
func (s *scheduler) fire(t *timer) {
	now, b := s.now, t.bubble
	if b != nil {
		now = b.now
	}
	delta := now - t.when
	if t.active = t.period > 0; t.active {
		if t.when += t.period * (1 + delta/t.period); t.when < 0 {
			t.when = never // it is so far away that its time is no number
		}
		if b != nil {
			b.timers.add(&t.event, t.when)
		} else {
			t.arm()
		}
	}
	g := t.event.process.interrupt
	outer := g.bubble
	g.carry(b)
	s.kernelly(g, unsafe.Pointer(g), func() {
		ctx, me := hostTimer(s, t)
		t.f(t.arg, 0, delta)
		b.ended()
		hostTimerDone(s, ctx, me)
	})
	g.carry(outer)
}

// Nanotime is the monotonic clock. Looking at it takes a little time and is a
// switch point: a loop that waits for the clock gets to its end.
//
//go:norace
func Nanotime() int64 {
	s := sched
	if g := current(); g != nil {
		s.now += 20
		s.looked(g, true)
		g.point()
	}
	return s.now
}

// Walltime is the wall clock of the calling process's machine.
//
//go:norace
func Walltime() (sec int64, nsec int32) {
	s := sched
	p := s.cur.process
	mono := Nanotime()
	carried, loud := hostG(), hostHush()
	hostSetG(nil)
	t := s.cfg.Kernel.Walltime(p, mono)
	hostSetG(carried)
	hostRestore(loud)
	sec, rest := t/1e9, t%1e9
	if rest < 0 {
		sec, rest = sec-1, rest+1e9
	}
	return sec, int32(rest)
}

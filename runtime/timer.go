package runtime

import "unsafe"

// A timer is what package time believes to be a time.Timer or a time.Ticker:
// it begins with their fields.
type timer struct {
	c    unsafe.Pointer // the channel the program receives from; package time sets it
	init bool           // package time refuses a timer without it

	event  Event
	period int64
	f      func(arg any, seq uintptr, delta int64)
	arg    any
	ch     unsafe.Pointer // what a channel timer sends to; nil for functions
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
	t.event.kind, t.event.timer = fireTimer, t
	t.event.process = sched.cur.process
	hostRelease(unsafe.Pointer(t))
	sched.events.add(&t.event, when)
	return unsafe.Pointer(t)
}

// StopTimer reports whether the timer was running: it has not fired, or what it
// sent has not been received. It is a switch point: a timer that is due may fire
// first.
//
//go:norace
func StopTimer(p unsafe.Pointer) bool {
	Point()
	t := (*timer)(p)
	pending := sched.events.remove(&t.event)
	return t.drain() || pending
}

// ResetTimer starts the timer again and reports what StopTimer would have.
//
//go:norace
func ResetTimer(p unsafe.Pointer, when, period int64) bool {
	t := (*timer)(p)
	pending := StopTimer(p)
	hostRelease(p)
	t.period = period
	sched.events.add(&t.event, when)
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
	when := t.event.when
	delta := s.now - when
	if t.period > 0 {
		s.events.add(&t.event, when+t.period*(1+delta/t.period))
	}
	g := t.event.process.interrupt
	s.kernelly(g, unsafe.Pointer(g), func() {
		ctx, me := hostTimer(s, t)
		t.f(t.arg, 0, delta)
		hostTimerDone(s, ctx, me)
	})
}

// unheard reports whether the timer is a ticker whose next tick will change
// nothing.
//
//go:norace
func (t *timer) unheard() bool {
	return t.ch != nil && t.period > 0 && chanHeader(t.ch).count > 0
}

// Nanotime is the monotonic clock. Looking at it takes a little time and is a
// switch point: a loop that waits for the clock gets to its end.
//
//go:norace
func Nanotime() int64 {
	s := sched
	if g := current(); g != nil {
		s.now += 20
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

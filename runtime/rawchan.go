package runtime

import "unsafe"

// A RawCase is a case of a select over a channel whose element type is known
// only when the program runs: what package reflect makes. It meets the typed
// operations at the same waiters.
type RawCase struct {
	wait  waiter
	ch    unsafe.Pointer
	value unsafe.Pointer
	move  func(dst, src unsafe.Pointer)
	ok    bool
}

// NewRawCase returns a case that sends what elem points to, or receives to
// there. It must be on the heap, because stacks move; move copies an element.
//
//go:norace
func NewRawCase(send bool, ch, elem unsafe.Pointer, move func(dst, src unsafe.Pointer)) *RawCase {
	return &RawCase{wait: waiter{sending: send}, ch: ch, value: elem, move: move}
}

// Elem is where the value lies.
//
//go:norace
func (c *RawCase) Elem() unsafe.Pointer { return c.value }

// Received reports whether the value was sent, rather than the zero value of a
// closed channel.
//
//go:norace
func (c *RawCase) Received() bool { return c.ok }

//go:norace
func (c *RawCase) waiter() *waiter { return &c.wait }

//go:norace
func (c *RawCase) channel() unsafe.Pointer { return c.ch }

//go:norace
func (c *RawCase) elem() unsafe.Pointer { return c.value }

//go:norace
func (c *RawCase) try() bool { return hostTry(c) }

//go:norace
func (c *RawCase) perform(s *scheduler) {
	if c.wait.sending {
		if w := s.waits.atChannel(c.ch).receiver(); w != nil {
			c.hand(s, w)
			return
		}
		hostTry(c)
		return
	}
	if h := chanHeader(c.ch); h.count > 0 || h.closed != 0 {
		hostTry(c)
		if w := s.waits.atChannel(c.ch).sender(); w != nil && c.ok {
			me := hostAs(w)
			hostTry(NewRawCase(true, c.ch, w.elem, nil))
			hostRestore(me)
			w.ok = true
			s.claim(w)
		}
		return
	}
	w := s.waits.atChannel(c.ch).sender()
	hostMeet(c.ch, w)
	c.copy(c.value, w.elem)
	c.ok, w.ok = true, true
	s.claim(w)
}

// copy moves a value between two goroutines, which no race detector is to see.
//
//go:norace
func (c *RawCase) copy(dst, src unsafe.Pointer) {
	loud := hostHush()
	c.move(dst, src)
	hostRestore(loud)
}

// hand gives the value to a waiting receiver; see handTo.
//
//go:norace
func (c *RawCase) hand(s *scheduler, w *waiter) {
	if hostRace && chanHeader(c.ch).size > 0 {
		hostTry(c)
		me := hostAs(w)
		hostTry(NewRawCase(false, c.ch, w.elem, nil))
		hostRestore(me)
	} else {
		hostSending(c.ch)
		hostMeet(c.ch, w)
		c.copy(w.elem, c.value)
	}
	w.ok = true
	s.claim(w)
}

//go:norace
func (c *RawCase) done(ok bool) {
	c.ok = ok
	if c.wait.sending && !ok {
		hostTry(c) // closed meanwhile: the panic is Go's own
	}
}

// ElemType is the descriptor of a channel's element type.
//
//go:norace
func ElemType(ch unsafe.Pointer) unsafe.Pointer { return chanHeader(ch).elemType }

// Closed wakes who waits for a channel that has just been closed natively.
//
//go:norace
func Closed(ch unsafe.Pointer) {
	s := sched
	q := s.waits.atChannel(ch)
	if q == nil {
		return
	}
	for q.recv.head != nil { // they get the zero value
		q.recv.head.ok = false
		hostClosed(ch, q.recv.head)
		s.claim(q.recv.head)
	}
	for q.send.head != nil { // they panic
		q.send.head.ok = false
		hostClosed(ch, q.send.head)
		s.claim(q.send.head)
	}
}

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
		if w := s.waits.receiver(c.ch); w != nil {
			c.pass(s, w, w.elem, c.value)
			return
		}
		hostTry(c)
		return
	}
	if h := chanHeader(c.ch); h.count > 0 || h.closed != 0 {
		hostTry(c)
		if w := s.waits.sender(c.ch); w != nil && c.ok {
			hostTry(NewRawCase(true, c.ch, w.elem, nil))
			w.ok = true
			s.claim(w)
		}
		return
	}
	w := s.waits.sender(c.ch)
	c.pass(s, w, c.value, w.elem)
	c.ok = true
}

// pass copies a value from or to a waiting goroutine, which can then go on.
//
//go:norace
func (c *RawCase) pass(s *scheduler, w *waiter, dst, src unsafe.Pointer) {
	c.move(dst, src)
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
	q := s.waits.find(ch)
	if q == nil {
		return
	}
	for q.recv.head != nil { // they get the zero value
		q.recv.head.ok = false
		s.claim(q.recv.head)
	}
	for q.send.head != nil { // they panic
		q.send.head.ok = false
		s.claim(q.send.head)
	}
}

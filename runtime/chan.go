package runtime

import "unsafe"

// Channels stay Go's own: buffer and closed flag live in the native channel,
// and an operation that does not have to wait is the native one. Only who
// waits is kept here. Since one goroutine runs at a time, a native operation
// that the header says is possible cannot block.

// channel is the beginning of a channel of Go's runtime.
type channel struct {
	count    uint // values in the buffer
	size     uint // of the buffer
	buffer   unsafe.Pointer
	elemSize uint16
	closed   uint32
	timer    unsafe.Pointer
	elemType unsafe.Pointer
}

//go:norace
func chanHeader(ch unsafe.Pointer) *channel { return (*channel)(ch) }

// Go promises nothing about that layout, so it is looked at before it is relied
// on: a release that moves a field stops here, not in somebody's test.
//
//go:norace
func init() {
	ch := make(chan int64, 3)
	ch <- 1
	h := chanHeader(*(*unsafe.Pointer)(unsafe.Pointer(&ch)))
	open := h.count == 1 && h.size == 3 && h.elemSize == 8 && h.closed == 0 && h.elemType == unsafe.Pointer(typeOf[int64]())
	close(ch)
	if !open || h.closed != 1 {
		panic("simgen: this release of Go lays channels out in another way than simgen knows; see type channel in simgen's runtime/chan.go")
	}
}

// A cell is where a waiting goroutine's value lies: on the heap, because stacks
// move.
type cell[T any] struct{ v T }

//go:norace
func cellOf[T any](g *G) *cell[T] {
	if c, ok := g.cell.(*cell[T]); ok {
		return c
	}
	c := &cell[T]{}
	g.cell = c
	return c
}

// Send is ch <- v.
//
//go:norace
func Send[T any](ch chan<- T, v T) {
	g := current()
	if g == nil {
		ch <- v
		return
	}
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
	}
	g.point()
	if ch == nil {
		parkForever(g, "chan send (nil chan)")
	}
	s := sched
	key := *(*unsafe.Pointer)(unsafe.Pointer(&ch))
	if s.bubbles > 0 {
		g.checkBubble(key, "send on")
	}
	if w := s.waits.atChannel(key).receiver(); w != nil {
		handTo(s, key, w, v)
		g.point()
		return
	}
	if h := chanHeader(key); h.count < h.size || h.closed != 0 {
		ch <- v // or the panic of a closed channel
		s.did()
		g.point()
		return
	}
	hostSending(key)
	c := cellOf[T](g)
	c.v = v
	g.wait.sending, g.wait.elem = true, unsafe.Pointer(&c.v)
	s.waits.chanQueue(key).add(&g.wait, false)
	if g.bubble != nil {
		g.restAt(key)
	}
	s.park(g, "chan send")
	var zero T
	c.v = zero
	if !g.wait.ok {
		ch <- v // closed meanwhile: the panic is Go's own
	}
}

// handTo gives v to a waiting receiver. To the race detector, which is to know
// that a receive from a buffer happens before a later send, it goes through the
// buffer of a channel that has one.
//
//go:norace
func handTo[T any](s *scheduler, key unsafe.Pointer, w *waiter, v T) {
	if hostRace && chanHeader(key).size > 0 {
		ch := *(*chan T)(unsafe.Pointer(&key))
		ch <- v
		me := hostAs(w)
		*(*T)(w.elem) = <-ch
		hostRestore(me)
	} else {
		hostSending(key)
		hostMeet(key, w)
		*(*T)(w.elem) = v
	}
	w.ok = true
	s.claim(w)
}

// A Sender is the left side of a send statement.
type Sender[T any] struct{ ch chan<- T }

// SendTo(ch).Value(v) is ch <- v where v is assignable to T but of another
// type.
//
//go:norace
func SendTo[T any](ch chan<- T) Sender[T] { return Sender[T]{ch} }

// Value sends.
//
//go:norace
func (s Sender[T]) Value(v T) { Send(s.ch, v) }

// Recv is <-ch. It and its like are small enough to be inlined; see schedule.
//
//go:norace
func Recv[T any](ch <-chan T) T {
	v, _ := receive(ch)
	return v
}

// Recv2 is v, ok := <-ch.
//
//go:norace
func Recv2[T any](ch <-chan T) (T, bool) { return receive(ch) }

// Recv2As is v, ok = <-ch where ok has a boolean type of its own.
//
//go:norace
func Recv2As[B ~bool, T any](ch <-chan T) (T, B) {
	v, ok := Recv2(ch)
	return v, B(ok)
}

//go:norace
func receive[T any](ch <-chan T) (T, bool) {
	g := current()
	if g == nil {
		v, ok := <-ch
		return v, ok
	}
	g.point()
	if ch == nil {
		parkForever(g, "chan receive (nil chan)")
	}
	s := sched
	key := *(*unsafe.Pointer)(unsafe.Pointer(&ch))
	if s.bubbles > 0 {
		g.checkBubble(key, "receive on")
	}
	h := chanHeader(key)
	var t *timer
	if h.count == 0 {
		if t = hostChanTimer(key); t != nil {
			s.lookAt(t)
		}
	}
	if h.count > 0 || h.closed != 0 {
		v, ok := <-ch
		if ok {
			refill(s, key, ch)
			s.did()
			g.point()
		}
		return v, ok
	}
	if w := s.waits.atChannel(key).sender(); w != nil {
		v := collect[T](s, key, w)
		g.point()
		return v, true
	}
	c := cellOf[T](g)
	g.wait.sending, g.wait.elem = false, unsafe.Pointer(&c.v)
	s.waits.chanQueue(key).add(&g.wait, false)
	if t != nil {
		t.listen()
	}
	if g.bubble != nil {
		g.restAt(key)
	}
	s.park(g, "chan receive")
	if t != nil {
		t.ignore()
	}
	v := c.v
	var zero T
	c.v = zero
	return v, g.wait.ok
}

// refill moves the value of the first waiting sender into the buffer, where a
// receive has just made room.
//
//go:norace
func refill[T any](s *scheduler, key unsafe.Pointer, ch <-chan T) {
	w := s.waits.atChannel(key).sender()
	if w == nil {
		return
	}
	me := hostAs(w)
	*(*chan T)(unsafe.Pointer(&ch)) <- *(*T)(w.elem)
	hostRestore(me)
	taken[T](s, w)
}

// collect takes the value of a sender that waits for a receiver.
//
//go:norace
func collect[T any](s *scheduler, key unsafe.Pointer, w *waiter) T {
	hostMeet(key, w)
	return taken[T](s, w)
}

// taken lets a sender go on whose value has been taken.
//
//go:norace
func taken[T any](s *scheduler, w *waiter) T {
	p := (*T)(w.elem)
	v := *p
	var zero T
	*p = zero
	w.ok = true
	s.claim(w)
	return v
}

// Close is close(ch).
//
//go:norace
func Close[T any](ch chan<- T) {
	g := current()
	if g == nil {
		close(ch)
		return
	}
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
	}
	g.point()
	if sched.bubbles > 0 && ch != nil {
		g.checkBubble(*(*unsafe.Pointer)(unsafe.Pointer(&ch)), "close of")
	}
	close(ch)
	Closed(*(*unsafe.Pointer)(unsafe.Pointer(&ch)))
	g.point()
}

// CloseAny is close(ch) where C has several channel types: a channel is closed
// in the same way whatever its elements are.
//
//go:norace
func CloseAny[C any](ch C) { Close(*(*chan struct{})(unsafe.Pointer(&ch))) }

// A ChanIter is a range over a channel.
type ChanIter[T any] struct {
	ch <-chan T
	v  T
}

// RangeChan is range ch.
//
//go:norace
func RangeChan[T any](ch <-chan T) *ChanIter[T] { return &ChanIter[T]{ch: ch} }

// Next receives; it reports false when the channel is closed and empty.
//
//go:norace
func (it *ChanIter[T]) Next() (ok bool) {
	it.v, ok = receive(it.ch)
	return ok
}

// Value is what Next received.
//
//go:norace
func (it *ChanIter[T]) Value() T { return it.v }

package runtime

import (
	"math/bits"
	"unsafe"
)

// A Case is one communication of a select statement: a [RecvCase] or a
// [SendCase]. Channel and value have been evaluated when it is made, in source
// order, as the language demands.
type Case interface {
	waiter() *waiter
	channel() unsafe.Pointer
	elem() unsafe.Pointer
	perform(s *scheduler) // the operation, known not to block
	done(ok bool)         // somebody else performed it; ok as in waiter
	try() bool            // the native operation, if it does not block
}

// A RecvCase is a case that receives.
type RecvCase[T any] struct {
	wait waiter
	ch   <-chan T
	v    T
	ok   bool
}

// A SendCase is a case that sends.
type SendCase[T any] struct {
	wait waiter
	ch   chan<- T
	v    T
}

// CaseRecv is case <-ch.
//
//go:norace
func CaseRecv[T any](ch <-chan T) *RecvCase[T] { return &RecvCase[T]{ch: ch} }

// CaseSend is case ch <- v.
//
//go:norace
func CaseSend[T any](ch chan<- T, v T) *SendCase[T] {
	return &SendCase[T]{wait: waiter{sending: true}, ch: ch, v: v}
}

// A CaseSender is the left side of a case that sends.
type CaseSender[T any] struct{ ch chan<- T }

// CaseSendTo(ch).Value(v) is case ch <- v where v is assignable to T but of
// another type.
//
//go:norace
func CaseSendTo[T any](ch chan<- T) CaseSender[T] { return CaseSender[T]{ch} }

// Value completes the case.
//
//go:norace
func (c CaseSender[T]) Value(v T) *SendCase[T] { return CaseSend(c.ch, v) }

// Value is what was received.
//
//go:norace
func (c *RecvCase[T]) Value() T { return c.v }

// Value2 is what was received, and whether it was sent (rather than the zero
// value of a closed channel).
//
//go:norace
func (c *RecvCase[T]) Value2() (T, bool) { return c.v, c.ok }

// Value2As is Value2 where the second value has a boolean type of its own.
//
//go:norace
func Value2As[B ~bool, T any](c *RecvCase[T]) (T, B) { return c.v, B(c.ok) }

//go:norace
func (c *RecvCase[T]) waiter() *waiter { return &c.wait }

//go:norace
func (c *SendCase[T]) waiter() *waiter { return &c.wait }

//go:norace
func (c *RecvCase[T]) channel() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&c.ch)) }

//go:norace
func (c *SendCase[T]) channel() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&c.ch)) }

//go:norace
func (c *RecvCase[T]) perform(s *scheduler) {
	key := c.channel()
	if h := chanHeader(key); h.count > 0 || h.closed != 0 {
		if c.v, c.ok = <-c.ch; c.ok {
			refill(s, key, c.ch)
		}
		return
	}
	c.v, c.ok = collect[T](s, key, s.waits.atChannel(key).sender()), true
}

//go:norace
func (c *SendCase[T]) perform(s *scheduler) {
	key := c.channel()
	if w := s.waits.atChannel(key).receiver(); w != nil {
		handTo(s, key, w, c.v)
		return
	}
	c.ch <- c.v
}

//go:norace
func (c *RecvCase[T]) elem() unsafe.Pointer { return unsafe.Pointer(&c.v) }

//go:norace
func (c *SendCase[T]) elem() unsafe.Pointer { return unsafe.Pointer(&c.v) }

//go:norace
func (c *RecvCase[T]) done(ok bool) { c.ok = ok }

//go:norace
func (c *SendCase[T]) done(ok bool) {
	if !ok {
		c.ch <- c.v // closed meanwhile: the panic is Go's own
	}
}

//go:norace
func (c *RecvCase[T]) try() bool {
	select {
	case c.v, c.ok = <-c.ch:
		return true
	default:
		return false
	}
}

//go:norace
func (c *SendCase[T]) try() bool {
	select {
	case c.ch <- c.v:
		return true
	default:
		return false
	}
}

// possible reports whether a case can go on at once.
//
//go:norace
func (s *scheduler) possible(c Case) bool {
	key := c.channel()
	if key == nil {
		return false
	}
	h := chanHeader(key)
	if h.closed != 0 {
		return true
	}
	if c.waiter().sending {
		return h.count < h.size || s.waits.atChannel(key).receiver() != nil
	}
	if h.count == 0 {
		if t := hostChanTimer(key); t != nil {
			s.lookAt(t)
		}
	}
	return h.count > 0 || s.waits.atChannel(key).sender() != nil
}

// Select is a select statement without default. It returns the index of the
// case that was carried out; without cases it blocks for ever.
//
//go:norace
func Select(cases ...Case) int {
	g := current()
	if g == nil {
		return nativeSelect(cases, true)
	}
	if len(cases) == 0 {
		parkForever(g, "select (no cases)")
	}
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
	}
	g.point()
	s := sched
	g.checkCases(cases)
	if i := s.choose(cases); i >= 0 {
		g.point()
		return i
	}
	s.enlist(g, cases)
	s.park(g, "select")
	ignoreTimers(cases)
	i := int(g.wait.index)
	cases[i].done(cases[i].waiter().ok)
	return i
}

// SelectDefault is a select statement with a default case: -1 if that was
// taken.
//
//go:norace
func SelectDefault(cases ...Case) int {
	g := current()
	if g == nil {
		return nativeSelect(cases, false)
	}
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
	}
	g.point()
	g.checkCases(cases)
	i := sched.choose(cases)
	if i >= 0 {
		sched.did()
		g.point()
	} else {
		sched.looked(g, false)
	}
	return i
}

// choose carries out one of the cases that are possible, drawn uniformly, or
// returns -1.
//
//go:norace
func (s *scheduler) choose(cases []Case) int {
	n, first := 0, -1
	for i, c := range cases {
		if s.possible(c) {
			if n == 0 {
				first = i
			}
			n++
		}
	}
	if n == 0 {
		return -1
	}
	chosen := first
	if n > 1 {
		hi, _ := bits.Mul64(s.picks.next(), uint64(n))
		chosen = s.nth(cases, first, int(hi))
		s.mix(uint64(chosen))
	}
	cases[chosen].perform(s)
	return chosen
}

// nth returns the k-th possible case, counted from first.
//
//go:norace
func (s *scheduler) nth(cases []Case, first, k int) int {
	i := first
	for ; k > 0; k-- {
		for i++; !s.possible(cases[i]); i++ {
		}
	}
	return i
}

// enlist makes g wait at every channel until somebody carries out one of the
// cases.
//
//go:norace
func (s *scheduler) enlist(g *G, cases []Case) {
	registered := false
	for i, c := range cases {
		key := c.channel()
		if key == nil {
			continue
		}
		w := c.waiter()
		w.g, w.index, w.elem = g, int32(i), c.elem()
		if w.sending {
			hostSending(key)
		}
		s.waits.chanQueue(key).add(w, false)
		if !w.sending {
			if t := hostChanTimer(key); t != nil {
				t.listen()
			}
		}
		registered = true
	}
	if !registered {
		parkForever(g, "select (all channels nil)")
	}
	g.cases = cases
	g.restIn(cases)
}

// ignoreTimers ends the listening that enlist has begun.
//
//go:norace
func ignoreTimers(cases []Case) {
	for _, c := range cases {
		if key := c.channel(); key != nil && !c.waiter().sending {
			if t := hostChanTimer(key); t != nil {
				t.ignore()
			}
		}
	}
}

// nativeSelect is a select statement outside a simulation.
//
//go:norace
func nativeSelect(cases []Case, block bool) int {
	if !block && len(cases) == 1 {
		if cases[0].try() {
			return 0
		}
		return -1
	}
	return hostSelect(cases, block)
}

package runtime

// An order is the part of a scheduler that differs: who of those that can run
// is next, and how many switch points it may pass before others are asked.
//
// Under "random" nobody has a priority. The other two run whoever has the
// highest one.
//
// Under "rr" that is the goroutine that became runnable first.
//
// Under "pct:d" (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010) every
// goroutine gets a random priority when it is made. A goroutine is overtaken at
// the first switch point at which one of higher priority can run, and at d-1
// random places whoever runs gets a priority below all of those. A bug that
// needs d ordered events is then found by one run in n*k^(d-1) at least, with
// n goroutines and k places.
//
// That needs k, the length of the run, in advance. It cannot be taken from an
// earlier run, since a seed must do the same alone and in a range. So it is
// guessed: a power of two from 2^minRound to 2^maxRound, drawn from the seed,
// each as likely as the other. One guess in ten or so is at most twice too
// long, which costs the guarantee a factor of ten and of 2^(d-1), however long
// the run is. Only switch points at which somebody else could run are counted,
// so that what a program does alone, such as its initialisation, does not
// make the run longer.
//
// A run that is longer than its guess begins another round: everybody gets a new
// priority, whoever runs the lowest, and new places are drawn. So a goroutine
// that spins until another one has done something, or two that keep each other
// busy, hold nobody up for ever. One that yields (runtime.Gosched) goes below all
// others three times out of four.
type order struct {
	kind   schedulerKind
	length int32 // random: mean distance of switches * ln 2. rr: places to pass
	top    *G    // of the highest priority of those that can run; nil: not known
	lowest int64 // the lowest priority given so far

	draws   source
	places  uint32 // switch points of this round at which somebody else could run
	round   uint32 // how many there are in a round
	depth   int
	changes []priorityChange // of this round, the next one last
	alone   uint8            // switch points since the clock was last moved
}

// A priorityChange gives whoever runs at a place a priority below all that were
// drawn. Which of two changes gives the lower one does not depend on which
// comes first.
type priorityChange struct {
	place    uint32
	priority int64
}

const minRound, maxRound = 4, 13

//go:norace
func newOrder(c Scheduler, seed uint64) order {
	o := order{kind: c.kind, draws: seededSource(seed, orderPurpose)}
	n := int32(c.n)
	switch c.kind {
	case randomScheduler:
		if n == 0 {
			n = defaultDistance
		}
		if n > 1 { // 1 is a switch at every point
			o.length = int32((int64(n)*ln2 + 1<<15) >> 16)
		}
	case rrScheduler:
		if n == 0 {
			n = 1 << o.draws.below(7)
		}
		o.length = n - 1
	case pctScheduler:
		if n == 0 {
			n = defaultDepth
		}
		o.depth = int(n)
		o.newRound()
	}
	return o
}

const ln2 = 45426 // of 1<<16

// slice is how many switch points a goroutine passes before it is asked to let
// others run.
//
//go:norace
func (s *scheduler) slice() int32 {
	if s.order.kind == randomScheduler {
		return s.picks.geometric(s.order.length)
	}
	return s.order.length
}

// newRound draws the length of a round and its changes.
//
//go:norace
func (o *order) newRound() {
	o.places, o.round = 0, 1<<(minRound+o.draws.below(maxRound-minRound+1))
	o.lowest = -int64(o.depth)
	o.changes = o.changes[:0]
	for i := 1; i < o.depth; i++ {
		c := priorityChange{uint32(o.draws.below(uint64(o.round))), -int64(i)}
		o.changes = append(o.changes, c)
		for j := i - 1; j > 0 && o.changes[j-1].place < c.place; j-- {
			o.changes[j], o.changes[j-1] = o.changes[j-1], c
		}
	}
}

// admit gives a new goroutine its priority.
//
//go:norace
func (o *order) admit(g *G) {
	if o.kind == pctScheduler {
		g.priority = o.draw()
	}
}

//go:norace
func (o *order) draw() int64 { return int64(o.draws.next() >> 1) }

// enqueued is told that g can run.
//
//go:norace
func (o *order) enqueued(g *G) {
	if o.kind == rrScheduler {
		o.lower(g)
		g.budget = o.length
	}
	if o.top != nil && g.priority > o.top.priority {
		o.top = g
	}
}

// yielded is told that g gives way of its own accord. Usually, under "pct", it
// goes below all others; it need not, since Go does not promise that either.
//
//go:norace
func (o *order) yielded(g *G) {
	if o.kind == pctScheduler && o.draws.below(4) > 0 {
		o.lower(g)
	}
}

// lower puts g below all others.
//
//go:norace
func (o *order) lower(g *G) {
	o.lowest--
	g.priority = o.lowest
}

// highest is who of the run queue, which is not empty, is next. Of equal
// priorities, which hardly happens, the younger one.
//
//go:norace
func (s *scheduler) highest() *G {
	o := &s.order
	if o.top == nil {
		o.top = s.runq[0]
		for _, g := range s.runq[1:] {
			if g.priority > o.top.priority || g.priority == o.top.priority && g.id > o.top.id {
				o.top = g
			}
		}
	}
	return o.top
}

// overtaken reports, under "pct", whether g, which has come to a switch point,
// is to be put back among those that can run.
//
//go:norace
func (s *scheduler) overtaken(g *G) bool {
	o := &s.order
	o.alone++
	if len(s.runq) > 0 {
		s.place(g)
		if s.highest().priority > g.priority {
			return true
		}
	}
	return o.alone%pulse == 0 || s.events.next <= s.now
}

// pulse is how many switch points pass, if nobody overtakes, until the clock
// moves and the step is counted.
const pulse = 16

// place counts a place where somebody else could run instead of g, and does
// what is to happen there.
//
//go:norace
func (s *scheduler) place(g *G) {
	o := &s.order
	if n := len(o.changes); n > 0 && o.changes[n-1].place == o.places {
		g.priority = o.changes[n-1].priority
		for n > 0 && o.changes[n-1].place == o.places {
			n--
		}
		o.changes = o.changes[:n]
	}
	if o.places++; o.places >= o.round {
		o.newRound()
		for _, p := range s.processes {
			for _, other := range p.goroutines {
				other.priority = o.draw()
			}
		}
		o.lower(g)
		o.top = nil
	}
}

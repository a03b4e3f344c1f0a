package runtime

import "math/bits"

// An order is the part of a scheduler that differs: who of those that can run
// is next, and how many switch points it passes before others are asked.
//
// Under "random" all are equal.
//
// Under "weighted" a goroutine has a weight between 1 and 2^maxWeight, and is as
// likely to be next as its weight says. So one may hardly move while another
// does a hundred things, which equal chances do not bring about. The weights
// are drawn when a goroutine is made and, for all, at the end of a round.
//
// Under "rr" it is the one that became runnable first.
//
// Under "pct:d" (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010) every
// goroutine gets a random priority when it is made, and the highest one runs.
// It is overtaken at the first switch point at which a higher one can run, and
// at d-1 random places whoever runs gets a priority below all of those. A bug
// that needs d ordered events is then found by one run in n*k^(d-1) at least,
// with n goroutines and k places.
//
// That needs k, the length of the run, in advance. It cannot be taken from an
// earlier run, since a seed must do the same alone and in a range. So it is
// guessed: a power of two up to 2^maxRound, drawn from the seed, each as likely
// as the other. One guess in a dozen is at most twice too long, which costs the
// guarantee a factor of twelve and of 2^(d-1), however long the run is. Only
// switch points at which somebody else could run are counted, so that what a
// program does alone, such as its initialisation, makes the run no longer.
//
// A run that is longer than its guess begins another round: everybody gets a new
// priority, whoever runs the lowest, and new places are drawn. So a goroutine
// that spins until another one has done something, or two that keep each other
// busy, hold nobody up for ever. One that yields (runtime.Gosched) goes below all
// others three times out of four.
type order struct {
	kind   schedulerKind
	length int32 // random, weighted: mean distance of switches * ln 2. rr: longest turn
	draws  source

	// Where the scheduler is asked at every switch point or every other, that
	// is less than a step: one in portion is. Otherwise the clock would run
	// ahead and the limit on steps would come too early.
	portion, points uint8

	// Those of the priorities, "rr" and "pct".
	top    *G    // of the highest priority of those that can run; nil: not known
	lowest int64 // the lowest priority given so far

	// Those that have rounds, "weighted" and "pct".
	round   uint32 // how many places there are in this one
	places  uint32 // how many there were
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

const (
	minRound, maxRound = 2, 13 // log2 of the number of places in a round
	minShare           = 4     // the same for "weighted"
	maxWeight          = 7     // log2
	maxTurn            = 6     // log2 of the longest turn drawn
	pointsInStep       = 4
)

//go:norace
func newOrder(c Scheduler, seed uint64) order {
	o := order{kind: c.kind, draws: seededSource(seed, orderPurpose), portion: 1}
	switch c.kind {
	case randomScheduler:
		o.setDistance(c.n, defaultDistance)
	case weightedScheduler:
		o.setDistance(c.n, 1)
		o.newShares()
	case rrScheduler:
		o.length = int32(c.n)
		if c.n == 0 {
			o.length = 1 << o.draws.below(maxTurn+1)
		}
	case pctScheduler:
		o.depth = int(c.n)
		if c.n == 0 {
			o.depth = defaultDepth
		}
		o.round = 1 << (minRound + o.draws.below(maxRound-minRound+1))
		o.newRound()
	}
	return o
}

// setDistance makes switches happen at about every n-th switch point.
//
//go:norace
func (o *order) setDistance(n, otherwise uint32) {
	const ln2 = 45426 // of 1<<16
	if n == 0 {
		n = otherwise
	}
	if n > 1 { // 1 is every one
		o.length = int32((int64(n)*ln2 + 1<<15) >> 16)
	}
	o.portion = uint8(max(1, pointsInStep/n))
}

// wholeStep reports whether the switch point that is reached makes a step.
//
//go:norace
func (o *order) wholeStep() bool {
	o.points++
	return o.points%o.portion == 0
}

// slice is how many switch points a goroutine passes before others are asked.
//
//go:norace
func (s *scheduler) slice() int32 {
	o := &s.order
	switch o.kind {
	case pctScheduler:
		return 0
	case rrScheduler:
		return int32(o.draws.below(uint64(o.length)))
	default:
		return s.picks.geometric(o.length)
	}
}

// pick chooses one of those that can run; r are random bits.
//
//go:norace
func (s *scheduler) pick(r uint64) *G {
	n := len(s.runq)
	if n == 1 {
		return s.runq[0]
	}
	switch s.order.kind {
	case randomScheduler:
		i, _ := bits.Mul64(r, uint64(n))
		return s.runq[i]
	case weightedScheduler:
		return s.byWeight(r)
	default:
		return s.highest()
	}
}

// admit gives a new goroutine its priority.
//
//go:norace
func (o *order) admit(g *G) {
	switch o.kind {
	case pctScheduler:
		g.priority = o.draw()
	case weightedScheduler:
		g.priority = o.weight()
	}
}

// admitAll gives everybody a new priority.
//
//go:norace
func (s *scheduler) admitAll() {
	for _, p := range s.processes {
		for _, g := range p.goroutines {
			s.order.admit(g)
		}
	}
}

//go:norace
func (o *order) draw() int64 { return int64(o.draws.next() >> 1) }

//go:norace
func (o *order) weight() int64 { return 1 << o.draws.below(maxWeight+1) }

// newShares begins a round of weights.
//
//go:norace
func (o *order) newShares() {
	o.places, o.round = 0, 1<<(minShare+o.draws.below(maxRound-minShare+1))
}

// summed is up to how many weights are added up. Of more, somebody is drawn
// until one is taken, with the chance that the weight says: that takes the
// same time for any number, unless all weights are low.
const summed = 64

// byWeight draws one of those that can run.
//
//go:norace
func (s *scheduler) byWeight(r uint64) *G {
	o := &s.order
	if o.places++; o.places >= o.round {
		o.newShares()
		s.admitAll()
	}
	if n := uint64(len(s.runq)); n > summed {
		for {
			g := s.runq[o.draws.below(n)]
			if int64(o.draws.below(1<<maxWeight)) < g.priority {
				return g
			}
		}
	}
	sum := uint64(0)
	for _, g := range s.runq {
		sum += uint64(g.priority)
	}
	left, _ := bits.Mul64(r, sum)
	last := len(s.runq) - 1
	for _, g := range s.runq[:last] {
		if left < uint64(g.priority) {
			return g
		}
		left -= uint64(g.priority)
	}
	return s.runq[last]
}

// enqueued is told that g can run.
//
//go:norace
func (o *order) enqueued(g *G) {
	if o.kind == rrScheduler {
		o.lower(g)
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

// highest is who of the run queue is next. Of equal priorities, which hardly
// happens, the younger one.
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

// pulse is how many switch points pass under "pct", if nobody overtakes, until
// the clock moves and a step is counted.
const pulse = 16

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
		s.admitAll()
		o.lower(g)
		o.top = nil
	}
}

// newRound draws the changes of a round of "pct".
//
//go:norace
func (o *order) newRound() {
	o.places = 0
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

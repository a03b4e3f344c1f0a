package runtime

// Whether a simulation gets anywhere.
//
// A goroutine that waits by going round and round, looking at the clock or
// polling a channel, would take as many rounds as on a real machine, of which
// there are millions in a second. So once there have been a million looks in
// vain, each makes the clock go on faster, twice as fast after every interval, up
// to fastestLook: what the spin waits for comes, if it is a matter of time. What
// others do meanwhile makes up for looks: a program that computes or
// communicates is none that spins, and its clock is left alone.
//
// A spin, or an exchange between goroutines, that no time can end is a livelock.
// It is taken for one after stillSteps in which nothing but the same operations
// happened and with no timer pending.

const (
	patience    = 1_000_000 // looks in vain before the clock goes on faster
	lookWeight  = 100       // looks that something done makes up for
	slowestLook = 20        // ns
	fastestLook = 1_000_000 // ns
	maxSpins    = 8         // that are remembered
)

// stillSteps is a variable for tests.
var stillSteps uint64 = 10_000_000

// spinPurpose is that of the random numbers; see mixPurpose.
const spinPurpose = 902

type progress struct {
	looks    uint64 // in vain, without those made up for
	interval int32
	spins    []Spin
	spinners []*G // of spins
}

// A Spin is a wait that went round and round for so long that the clock was made
// to go on faster.
type Spin struct {
	Actor string
	Where string // the function and its place
	Time  int64  // simulated nanoseconds, from when the clock went on faster
	from  int64
}

// looked is told that g has looked at something, the clock or a channel, and
// nothing else.
//
//go:norace
func (s *scheduler) looked(g *G, clock bool) {
	p := &s.progress
	if p.looks++; p.looks > patience && (clock || len(s.events.heap) > 0) {
		s.hurry(g)
	}
}

// did is told that something was done: a value passed on, a goroutine woken.
//
//go:norace
func (s *scheduler) did() {
	if p := &s.progress; p.looks > 0 {
		p.looks -= min(p.looks, lookWeight)
	}
}

// moved is told of what does not only go round: goroutines that begin and end,
// system calls, events.
//
//go:norace
func (s *scheduler) moved() { s.limit = min(s.maxSteps, s.steps+stillSteps) }

// hurry moves the clock for a look of g.
//
//go:norace
func (s *scheduler) hurry(g *G) {
	p := &s.progress
	faster := min((p.looks-patience)/uint64(p.interval), 30)
	s.now += min(int64(slowestLook)<<faster, fastestLook)
	for i, known := range p.spinners {
		if known == g {
			p.spins[i].Time = s.now - p.spins[i].from
			return
		}
	}
	if len(p.spins) < maxSpins {
		p.spinners = append(p.spinners, g)
		p.spins = append(p.spins, Spin{Actor: g.Actor(), Where: s.where(g), from: s.now})
	}
}

// longestSpin is the longest of those remembered, nil if there was none.
//
//go:norace
func (p *progress) longestSpin() *Spin {
	var longest *Spin
	for i := range p.spins {
		if longest == nil || p.spins[i].Time > longest.Time {
			longest = &p.spins[i]
		}
	}
	return longest
}

// interruption, if there is one, is how the running simulation is to end. It is
// written by another goroutine of the host.
var interruption *Failure

// Interrupt ends the running simulation with a failure at its next step. It may
// be called by any goroutine of the host: what it decides by is not part of the
// simulation, and another run of the seed may go on.
//
//go:norace
func Interrupt(kind, message string) {
	interruption = &Failure{Kind: kind, Message: message}
	if s := sched; s != nil {
		s.maxSteps, s.limit = 0, 0 // moved makes the one of the other
	}
}

// maxSpenders is how many goroutines are named.
const maxSpenders = 3

// spenders says which goroutines took the steps.
//
//go:norace
func (s *scheduler) spenders() string {
	all := s.byTurns()
	text := ""
	for i, g := range all {
		share := g.turns * 100 / max(s.steps, 1)
		if i == maxSpenders || share == 0 {
			break
		}
		text += "\n" + utoa(share) + "% of the steps: " + g.Actor()
		if where := s.where(g); where != "" {
			text += " in " + where
		}
	}
	return text
}

// byTurns are all goroutines, those that ran most often first.
//
//go:norace
func (s *scheduler) byTurns() []*G {
	var all []*G
	for _, p := range s.processes {
		all = append(all, p.byAge()...)
	}
	sortBy(all, func(a, b *G) bool { return a.turns > b.turns })
	return all
}

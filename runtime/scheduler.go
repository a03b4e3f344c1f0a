package runtime

// A Scheduler says how a simulation chooses who runs next, and how often a
// goroutine that could go on is overtaken. The zero value is "random".
// [ParseScheduler] makes the others.
type Scheduler struct {
	kind schedulerKind
	n    uint32 // random, weighted: mean distance of switches, rr: longest turn, in switch points. pct: depth. 0: not given
}

type schedulerKind uint8

const (
	randomScheduler schedulerKind = iota
	pctScheduler
	rrScheduler
	weightedScheduler
	mixScheduler
)

const (
	defaultDistance = 20
	defaultDepth    = 3
	maxDistance     = 1_000_000
	maxPCTDepth     = 64
)

// mixture is what a seed of "mix" draws from. docs/schedulers.md has the
// measurements it was chosen by.
var mixture = [...]Scheduler{
	{randomScheduler, 1},
	{randomScheduler, 1},
	{randomScheduler, 2},
	{randomScheduler, 2},
	{randomScheduler, 2},
	{randomScheduler, 5},
	{randomScheduler, 0},
	{weightedScheduler, 0},
	{weightedScheduler, 2},
	{pctScheduler, 3},
}

// ParseScheduler understands
//
//	random      equal chances for all that can run, a switch about every 20 switch points
//	random:n    the same with a switch about every n switch points
//	weighted    chances that differ by the goroutine, a switch at every switch point
//	weighted:n  the same with a switch about every n switch points
//	pct:d       fixed random priorities that change at d-1 random places
//	rr          turns, of a length up to a number of switch points that is drawn from the seed
//	rr:n        the same with turns of up to n switch points
//	mix         one of several of these, drawn from the seed; also ""
//
// An order (order.go) says more about each.
//
//go:norace
func ParseScheduler(text string) (Scheduler, error) {
	name, arg := text, ""
	if i := index(text, ":"); i >= 0 {
		name, arg = text[:i], text[i+1:]
	}
	n := uint32(0)
	if len(name) < len(text) {
		var ok bool
		if n, ok = parseCount(arg, maxDistance); !ok {
			return Scheduler{}, schedulerError(text)
		}
	}
	switch {
	case name == "random":
		return Scheduler{randomScheduler, n}, nil
	case name == "rr":
		return Scheduler{rrScheduler, n}, nil
	case name == "weighted":
		return Scheduler{weightedScheduler, n}, nil
	case name == "pct" && n <= maxPCTDepth:
		return Scheduler{pctScheduler, n}, nil
	case (name == "mix" || name == "") && name == text:
		return Scheduler{mixScheduler, 0}, nil
	}
	return Scheduler{}, schedulerError(text)
}

// parseCount reads a number from 1 to limit.
//
//go:norace
func parseCount(text string, limit uint32) (n uint32, ok bool) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < '0' || c > '9' || n > limit {
			return 0, false
		}
		n = n*10 + uint32(c-'0')
	}
	return n, n >= 1 && n <= limit
}

// A schedulerError is a text that names no scheduler.
type schedulerError string

//go:norace
func (e schedulerError) Error() string {
	return "unknown scheduler " + quote(string(e)) + ": want mix, random, weighted, pct:d or rr; random:n and weighted:n switch about every n " +
		"switch points, rr:n after at most n (n from 1 to " + utoa(maxDistance) + "), d is from 1 to " + utoa(maxPCTDepth)
}

// String returns what ParseScheduler understands.
//
//go:norace
func (s Scheduler) String() string {
	names := [...]string{"random", "pct", "rr", "weighted", "mix"}
	if s.n == 0 {
		return names[s.kind]
	}
	return names[s.kind] + ":" + utoa(uint64(s.n))
}

// For returns the scheduler that a seed gets: of "mix" the one it draws, of
// every other itself.
//
//go:norace
func (s Scheduler) For(seed uint64) Scheduler {
	if s.kind != mixScheduler {
		return s
	}
	r := seededSource(seed, mixPurpose)
	return mixture[r.below(uint64(len(mixture)))]
}

// The purposes of the schedulers' own random numbers. Those that every
// simulation has (see newScheduler) end far below, those of processes begin
// above.
const (
	mixPurpose   = 900
	orderPurpose = 901
)

package net

// Env is what the network takes from its surroundings: time, later, and chance. In a simulation all three come
// from the simulation's runtime; the tests of this package bring a small event loop of their own.
type Env interface {
	// Now is the time in nanoseconds on a clock that never goes back.
	Now() int64
	// After runs f once d nanoseconds have passed. f never blocks.
	After(d int64, f func()) Timer
	// Draw chooses a number in [0,n), or any 64 bits when n is 0. The kind names the decision.
	Draw(kind string, n uint64) uint64
}

// Timer is a pending call of After.
type Timer interface {
	// Cancel prevents the call and reports whether it did.
	Cancel() bool
}

const (
	microsecond = int64(1000)
	millisecond = 1000 * microsecond
	second      = 1000 * millisecond
)

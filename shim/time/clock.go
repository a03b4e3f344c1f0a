package time

import "math/bits"

const (
	// Epoch is the time at which every simulation starts, 2020-01-01T00:00:00Z, in nanoseconds since 1970.
	Epoch = int64(1577836800) * 1e9
	// Start is what the monotonic clock of package runtime shows at that moment.
	Start = int64(1) << 30
)

// Clock is the wall clock of one machine. The zero Clock is right.
type Clock struct {
	offset int64 // wall time minus simulation time at since
	since  int64 // simulation time of the last change of drift
	drift  int64 // nanoseconds gained per second
}

// Wall returns what the clock shows when the monotonic clock shows mono, in nanoseconds since 1970.
func (c *Clock) Wall(mono int64) int64 {
	return Epoch + mono - Start + c.offset + c.gained(mono)
}

func (c *Clock) gained(mono int64) int64 {
	if c.drift == 0 {
		return 0
	}
	elapsed, drift, negative := mono-c.since, c.drift, false
	if drift < 0 {
		drift, negative = -drift, true
	}
	hi, lo := bits.Mul64(uint64(elapsed), uint64(drift))
	gained, _ := bits.Div64(hi, lo, 1e9)
	if negative {
		return -int64(gained)
	}
	return int64(gained)
}

// Step sets the clock forwards or, with a negative d, backwards.
func (c *Clock) Step(d int64) { c.offset += d }

// SetDrift lets the clock gain, or with a negative value lose, that many nanoseconds per second from now on.
// A clock cannot stand still or run backwards: it loses at most half of each second.
func (c *Clock) SetDrift(mono, perSecond int64) {
	c.offset += c.gained(mono)
	c.since = mono
	c.drift = max(perSecond, -500_000_000)
}

// Offset is how far the clock is ahead of the simulation.
func (c *Clock) Offset(mono int64) int64 { return c.offset + c.gained(mono) }

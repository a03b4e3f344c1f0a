package httpkv

import "fmt"

// Tally is what all clients together know about one counter. An increment that was acknowledged has happened; one without an
// answer may have, or still may. So the counter lies between the two numbers.
type Tally struct {
	Tried        int // increments that were sent and not refused
	Acknowledged int
}

// Bounds are what a read may return that was sent when the tally was t and answered when it is now.
func (t Tally) Bounds(now Tally) (min, max int) { return t.Acknowledged, now.Tried }

// Check returns an error if a read that was sent when the tally was t, and answered when it is now, cannot return n.
func (t Tally) Check(now Tally, n int) error {
	if min, max := t.Bounds(now); n < min || n > max {
		return fmt.Errorf("the counter is %d; %d increments were acknowledged before it was read, and %d tried", n, min, max)
	}
	return nil
}

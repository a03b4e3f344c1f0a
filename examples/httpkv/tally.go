package httpkv

import (
	"fmt"
	"sync/atomic"
)

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

// SharedTally is a tally that several goroutines use, and an invariant, which must not wait for a lock.
type SharedTally struct{ tried, acknowledged atomic.Int64 }

// Add adds to the numbers of increments that were tried and acknowledged.
func (s *SharedTally) Add(tried, acknowledged int) {
	s.tried.Add(int64(tried))
	s.acknowledged.Add(int64(acknowledged))
}

// Now is the tally as it is now. What is acknowledged was tried before, and is looked at first.
func (s *SharedTally) Now() (t Tally) {
	t.Acknowledged = int(s.acknowledged.Load())
	t.Tried = int(s.tried.Load())
	return t
}

package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
)

// steps passes n places at which a goroutine can be overtaken.
func steps(n int) {
	var mu sync.Mutex
	for range n {
		mu.Lock()
		mu.Unlock()
	}
}

func starved(t *testing.T, long int, fixed bool) {
	var draining, closed atomic.Bool
	parallel(
		func() {
			if !fixed {
				draining.Store(true)
			}
			closed.Store(true)
			draining.Store(true)
		},
		func() {
			steps(long)
			if draining.Load() && !closed.Load() {
				t.Error("draining, but open")
			}
		},
	)
}

// One is stopped between two neighbouring statements for as long as another one takes for thirty operations.
//
// Class: order violation of depth 2, far from the beginning.
//
//want:fail
func TestStarved(t *testing.T)      { starved(t, 30, false) }
func TestStarvedFixed(t *testing.T) { starved(t, 30, true) }

func twoPreemptions(t *testing.T, around int, fixed bool) {
	var owner, request, granted atomic.Int32
	parallel(
		func() {
			steps(around)
			owner.Store(1)
			if request.Load() == 2 || fixed {
				granted.Store(2)
			}
			owner.Store(0)
			steps(around)
		},
		func() {
			steps(around)
			if owner.Load() == 1 {
				request.Store(2)
				if granted.Load() == 2 && !fixed {
					t.Error("granted by an owner that was on its way out")
				}
			}
			steps(around)
		},
	)
}

// One has to be stopped at one place, another one at another, and the first has to go on between.
//
// Class: depth 3: two preemptions are needed, as in Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.
//
//want:fail
func TestTwoPreemptions(t *testing.T)      { twoPreemptions(t, 3, false) }
func TestTwoPreemptionsFixed(t *testing.T) { twoPreemptions(t, 3, true) }

// A journal is compacted in two steps, and read in two.
type journal struct {
	mu         sync.Mutex
	generation int
	offset     int
}

func (j *journal) get(p *int) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return *p
}

func (j *journal) put(p *int, v int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	*p = v
}

func compactions(t *testing.T, fixed bool) {
	j := journal{generation: 0, offset: 100}
	var whole sync.Mutex
	lock := func() func() {
		if !fixed {
			return func() {}
		}
		whole.Lock()
		return whole.Unlock
	}
	compact := func(generation int) {
		defer lock()()
		j.put(&j.generation, generation)
		steps(2)
		j.put(&j.offset, 100*(1-generation))
	}
	parallel(
		func() {
			compact(1)
			steps(2)
			compact(0)
		},
		func() {
			steps(5)
			unlock := lock()
			before := j.get(&j.generation)
			offset := j.get(&j.offset)
			after := j.get(&j.generation)
			unlock()
			if before == after && offset != 100*(1-before) {
				t.Errorf("offset %d in generation %d", offset, before)
			}
		},
	)
}

// A reader looks twice whether anything has changed, while the writer is between its two steps.
//
// Class: atomicity violation that a second look hides on most schedules.
//
//want:fail
func TestCompaction(t *testing.T)      { compactions(t, false) }
func TestCompactionFixed(t *testing.T) { compactions(t, true) }

func pipeline(t *testing.T, fixed bool) {
	// Seven stages hand on a value; the last one must not see the one-but-last's flag before its value.
	var value, flag atomic.Int32
	stages := make([]chan int, 6)
	for i := range stages {
		stages[i] = make(chan int, 1)
	}
	var work []func()
	for i := range len(stages) - 1 {
		work = append(work, func() {
			for v := range stages[i] {
				stages[i+1] <- v
			}
			close(stages[i+1])
		})
	}
	work = append(work,
		func() {
			for v := range 3 {
				stages[0] <- v
			}
			close(stages[0])
		},
		func() {
			for v := range stages[len(stages)-1] {
				if v != 2 {
					continue
				}
				if fixed {
					value.Store(7)
					flag.Store(1)
				} else {
					flag.Store(1)
					value.Store(7)
				}
			}
		},
		func() {
			for flag.Load() == 0 {
				steps(1)
			}
			if value.Load() != 7 {
				t.Error("flagged, but without its value")
			}
		},
	)
	parallel(work...)
}

// A wrong order at the end of a long pipeline, among many goroutines, seen by one that polls.
//
// Class: order violation among many goroutines.
//
//want:fail
func TestPipeline(t *testing.T)      { pipeline(t, false) }
func TestPipelineFixed(t *testing.T) { pipeline(t, true) }

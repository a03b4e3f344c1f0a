package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Two add to a number.
//
// Class: data race.
//
//want:race
func TestRaceCounter(t *testing.T) {
	n := 0
	parallel(func() { n++ }, func() { n++ })
}

func TestRaceCounterFixed(t *testing.T) {
	var n atomic.Int32
	parallel(func() { n.Add(1) }, func() { n.Add(1) })
}

// Two write to a map. Go's own check for that, which ends the program, needs both to be inside at the same moment.
//
// Class: data race (concurrent map writes).
//
//want:race
func TestRaceMap(t *testing.T) {
	m := map[int]int{}
	parallel(func() { m[1] = 1 }, func() { m[2] = 2 })
}

func TestRaceMapFixed(t *testing.T) {
	var mu sync.Mutex
	m := map[int]int{}
	set := func(i int) func() {
		return func() {
			mu.Lock()
			defer mu.Unlock()
			m[i] = i
		}
	}
	parallel(set(1), set(2))
}

// One reads the map under a read lock, and puts in what is missing.
//
// Class: data race (write under a read lock).
//
//want:race
func TestRaceReadLock(t *testing.T)      { readLock(false) }
func TestRaceReadLockFixed(t *testing.T) { readLock(true) }

func readLock(fixed bool) {
	var mu sync.RWMutex
	m := map[int]int{}
	get := func() {
		mu.RLock()
		n := m[1]
		if n == 0 && !fixed {
			m[1] = 1
		}
		mu.RUnlock()
		if n == 0 && fixed {
			mu.Lock()
			m[1] = 1
			mu.Unlock()
		}
	}
	parallel(get, get)
}

// A slice is appended to by all who have a result.
//
// Class: data race.
//
//want:race
func TestRaceAppend(t *testing.T) {
	var results []int
	parallel(func() { results = append(results, 1) }, func() { results = append(results, 2) })
}

func TestRaceAppendFixed(t *testing.T) {
	results := make(chan int, 2)
	parallel(func() { results <- 1 }, func() { results <- 2 })
}

// A value is set without the lock under which it is looked at.
//
// Class: data race (publication).
//
//want:race
func TestRacePublication(t *testing.T)      { publication(false) }
func TestRacePublicationFixed(t *testing.T) { publication(true) }

func publication(fixed bool) {
	var mu sync.Mutex
	var value *int
	parallel(
		func() {
			v := 1
			if fixed {
				mu.Lock()
				defer mu.Unlock()
			}
			value = &v
		},
		func() {
			mu.Lock()
			defer mu.Unlock()
			if value != nil {
				_ = *value
			}
		},
	)
}

// A goroutine assigns to the err of the function that started it.
//
// Class: data race through a captured variable. GoBench, kubernetes#70892.
//
//want:race
func TestRaceCapturedError(t *testing.T)      { capturedError(false) }
func TestRaceCapturedErrorFixed(t *testing.T) { capturedError(true) }

func capturedError(fixed bool) {
	step := func() error { return nil }
	err := step()
	done := make(chan bool)
	go func() {
		defer close(done)
		if fixed {
			err := step()
			_ = err
			return
		}
		err = step()
	}()
	if err = step(); err != nil {
		return
	}
	<-done
}

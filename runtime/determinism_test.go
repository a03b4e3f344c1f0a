package runtime

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// busy is a program with a bit of everything: what it does depends on every
// decision there is.
func busy() {
	type key struct {
		p *int
		s string
	}
	work, results := make(chan int), make(chan uint64, 4)
	byPointer := map[key]int{}
	for i := range 20 {
		byPointer[MapKey(key{new(int), "k"})] = i
	}
	for i := range 5 {
		Go(func() {
			for it := RangeChan(work); it.Next(); {
				Sleep(int64(Draw(Network, "delay", 1000)))
				for range it.Value() {
					Point()
				}
				v := Rand64()
				for m := RangeMap(byPointer); m.Next(); {
					v = v*31 + uint64(m.Value())
				}
				Select(CaseSend(results, v), CaseSend(results, uint64(i)))
			}
		})
	}
	Go(func() {
		for i := range 60 {
			Send(work, i)
		}
		Close(work)
	})
	for range 60 {
		Note("result", Recv(results))
	}
}

// Equal seeds give equal hashes, whatever the garbage collector and the host's
// processors do, in a fresh process of the host or in a warm one; different
// seeds give different ones.
func TestSameSeedSameHash(t *testing.T) {
	first := map[uint64]Result{}
	hashes := map[uint64]bool{}
	for seed := range uint64(10) {
		first[seed] = passes(t, seed, busy)
		hashes[first[seed].Hash] = true
	}
	if len(hashes) != 10 {
		t.Errorf("10 seeds gave %d different hashes", len(hashes))
	}
	var garbage [][]byte
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, procs := range []int{1, 4} {
		for _, gc := range []int{1, -1} {
			runtime.GOMAXPROCS(procs)
			debug.SetGCPercent(gc)
			for seed := range uint64(10) {
				garbage = append(garbage, make([]byte, 1000*seed)) // other addresses
				if r := passes(t, seed, busy); r != first[seed] {
					t.Errorf("seed %d with GOMAXPROCS=%d GOGC=%d: %+v, before: %+v", seed, procs, gc, r, first[seed])
				}
			}
		}
	}
	runtime.KeepAlive(garbage)
}

// A trace names what happened; two runs of one seed have the same trace, and the
// last entry's hash is the result's.
func TestTrace(t *testing.T) {
	run := func() (list []TraceEntry, r Result) {
		r = Run(Config{Seed: 3, Main: busy, Trace: func(e TraceEntry) { list = append(list, e) }})
		return list, r
	}
	a, ra := run()
	b, _ := run()
	if len(a) != len(b) {
		t.Fatalf("%d entries, then %d", len(a), len(b))
	}
	named := false
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("entry %d: %+v, then %+v", i, a[i], b[i])
		}
		named = named || a[i].Kind == "delay" && a[i].Actor == "harness/1.2" && a[i].Count == 3
	}
	if !named {
		t.Error(`no decision is called "delay" 3 of harness/1.2`)
	}
	if ra != passes(t, 3, busy) {
		t.Error("tracing changes the run")
	}
}

// What one stream is asked does not shift another.
func TestStreamsAreIndependent(t *testing.T) {
	draws := func(extra int) (list []uint64) {
		passes(t, 1, func() {
			for range 10 {
				for range extra {
					Draw(Disk, "x", 10)
					Rand64()
				}
				list = append(list, Draw(Network, "y", 0))
			}
		})
		return list
	}
	a, b := draws(0), draws(3)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("draw %d of the network is %d, and %d if the disk draws too", i, a[i], b[i])
		}
	}
}

func TestDrawIsUniform(t *testing.T) {
	const n, rounds = 7, 70000
	var count [n]int
	passes(t, 1, func() {
		for range rounds {
			count[Draw(Workload, "die", n)]++
		}
	})
	for v, c := range count {
		if c < rounds/n*95/100 || c > rounds/n*105/100 {
			t.Errorf("%d was drawn %d times in %d, should be about %d", v, c, rounds, rounds/n)
		}
	}
}

func TestGeometricMean(t *testing.T) {
	r, sum := source(1), 0
	for range 100000 {
		sum += int(r.geometric(14))
	}
	if mean := float64(sum) / 100000; mean < 18 || mean > 22 {
		t.Errorf("the mean number of switch points between switches is %.1f, should be about 20", mean)
	}
}

// Nothing of a simulation is left when it is over, however it ended.
func TestNothingIsLeft(t *testing.T) {
	if !Spliced {
		t.Skip("the plain host cannot end a goroutine without its deferred functions")
	}
	before := runtime.NumGoroutine()
	for seed := range uint64(1000) {
		Run(Config{Seed: seed, Main: func() {
			for range 10 {
				Go(func() { Recv(make(chan int)) })
			}
			Sleep(1e6)
		}})
	}
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines before 1000 simulations, %d after", before, after)
	}
}

package report

import (
	"cmp"
	"slices"
	"time"
)

// Report is the outcome of a run. The order in which results are added does not matter.
type Report struct {
	// Tests are sorted by package and name.
	Tests []*Test
	// Errors are what went wrong outside of any seed, each with its way out.
	Errors []string
	// Wall is how long the run took.
	Wall time.Duration
	// Interrupted says that the run was ended before it had done all Planned seeds.
	Interrupted bool
	Planned     int
}

// Test is the outcome of one test over its seeds.
type Test struct {
	Package, Name string
	// Strict says that a missed assertion fails the test.
	Strict     bool
	Passed     int
	Failed     int
	SimSeconds float64
	Steps      uint64
	// Failures are sorted by seed.
	Failures []SeedResult
	// Assertions are the sums over all seeds, sorted by kind and message.
	Assertions []Assertion
	// Unmodelled are the sums over all seeds, sorted by name and caller.
	Unmodelled []Unmodelled
	// Spins are the waits that went round and round, sorted by place.
	Spins []Spins
}

// Spins are waits at one place that went round and round, over all seeds.
type Spins struct {
	Where   string  `json:"where"`
	Seeds   int     `json:"seeds"`
	Seconds float64 `json:"seconds"` // simulated, of the longest
}

// Test returns the part of the report that belongs to a test, which is made if need be.
func (r *Report) Test(pkg, name string) *Test {
	i, ok := slices.BinarySearchFunc(r.Tests, [2]string{pkg, name}, func(t *Test, key [2]string) int {
		return cmp.Or(cmp.Compare(t.Package, key[0]), cmp.Compare(t.Name, key[1]))
	})
	if !ok {
		r.Tests = slices.Insert(r.Tests, i, &Test{Package: pkg, Name: name})
	}
	return r.Tests[i]
}

// Add counts the result of one seed.
func (r *Report) Add(s SeedResult) {
	t := r.Test(s.Package, s.Test)
	t.SimSeconds += s.SimSeconds
	t.Steps += s.Steps
	if s.Result == Pass {
		t.Passed++
	} else {
		t.Failed++
		s.Assertions, s.Unmodelled = slices.Clip(s.Assertions), slices.Clip(s.Unmodelled)
		i, _ := slices.BinarySearchFunc(t.Failures, s.Seed, func(f SeedResult, seed uint64) int { return cmp.Compare(f.Seed, seed) })
		t.Failures = slices.Insert(t.Failures, i, s)
	}
	t.addAssertions(s.Assertions)
	t.addUnmodelled(s.Unmodelled)
	t.addSpin(s.Spin)
}

// Declare adds assertions that exist in the program, whether or not they are ever reached.
func (t *Test) Declare(as []Assertion) {
	for _, a := range as {
		t.assertion(a).addPlaces(a.Where)
	}
}

func (t *Test) addAssertions(as []Assertion) {
	for _, a := range as {
		sum := t.assertion(a)
		sum.Passed += a.Passed
		sum.Failed += a.Failed
	}
}

// assertion finds or makes the row of an assertion. The pointer is good until the next call.
func (t *Test) assertion(a Assertion) *Assertion {
	i, ok := slices.BinarySearchFunc(t.Assertions, a, func(a, b Assertion) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	if !ok {
		t.Assertions = slices.Insert(t.Assertions, i, Assertion{Kind: a.Kind, Message: a.Message, Unknown: a.Unknown})
	}
	return &t.Assertions[i]
}

func (a *Assertion) addPlaces(where []string) {
	for _, w := range where {
		if i, ok := slices.BinarySearch(a.Where, w); !ok {
			a.Where = slices.Insert(a.Where, i, w)
		}
	}
}

func (t *Test) addSpin(s *Spin) {
	if s == nil {
		return
	}
	i, ok := slices.BinarySearchFunc(t.Spins, s.Where, func(a Spins, where string) int { return cmp.Compare(a.Where, where) })
	if !ok {
		t.Spins = slices.Insert(t.Spins, i, Spins{Where: s.Where})
	}
	t.Spins[i].Seeds++
	t.Spins[i].Seconds = max(t.Spins[i].Seconds, s.Seconds)
}

func (t *Test) addUnmodelled(us []Unmodelled) {
	for _, u := range us {
		i, ok := slices.BinarySearchFunc(t.Unmodelled, u, func(a, b Unmodelled) int {
			return cmp.Or(cmp.Compare(a.Syscall, b.Syscall), cmp.Compare(a.Caller, b.Caller))
		})
		if ok {
			t.Unmodelled[i].Count += u.Count
		} else {
			t.Unmodelled = slices.Insert(t.Unmodelled, i, u)
		}
	}
}

// Seeds is the number of seeds that were run.
func (t *Test) Seeds() int { return t.Passed + t.Failed }

// FailingSeeds are the seeds that failed, sorted.
func (t *Test) FailingSeeds() []uint64 {
	seeds := make([]uint64, len(t.Failures))
	for i, f := range t.Failures {
		seeds[i] = f.Seed
	}
	return seeds
}

// Missed are the assertions that were demanded at least once and never seen.
func (t *Test) Missed() []Assertion {
	var out []Assertion
	for _, a := range t.Assertions {
		if a.Status() == Missed {
			out = append(out, a)
		}
	}
	return out
}

// OK says whether the test passed.
func (t *Test) OK() bool {
	return t.Failed == 0 && !(t.Strict && len(t.Missed()) > 0)
}

// OK says whether everything passed.
func (r *Report) OK() bool {
	return len(r.Errors) == 0 && !slices.ContainsFunc(r.Tests, func(t *Test) bool { return !t.OK() })
}

// Totals are the sums over all tests: seeds run, passed, failed.
func (r *Report) Totals() (seeds, passed, failed int) {
	for _, t := range r.Tests {
		passed += t.Passed
		failed += t.Failed
	}
	return passed + failed, passed, failed
}

// Merge puts the reports of several packages together. Wall times add up, since packages are run one
// after the other.
func Merge(reports ...*Report) *Report {
	out := new(Report)
	for _, r := range reports {
		if r == nil {
			continue
		}
		out.Tests = append(out.Tests, r.Tests...)
		out.Errors = append(out.Errors, r.Errors...)
		out.Wall += r.Wall
		out.Interrupted = out.Interrupted || r.Interrupted
		out.Planned += r.Planned
	}
	slices.SortStableFunc(out.Tests, func(a, b *Test) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name))
	})
	return out
}

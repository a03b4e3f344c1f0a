package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
)

const root = "../.."

func load(t *testing.T) []bug {
	t.Helper()
	bugs, err := loadBugs(filepath.Join(root, bugsDir))
	if err != nil {
		t.Fatal(err)
	}
	return bugs
}

// The comments of the bugs can be read by the program that measures.
func TestBugsAreDescribed(t *testing.T) {
	kinds := []string{"fail", "panic", "fatal", "deadlock", "leak", "livelock", "race"}
	seen := map[string]bool{}
	for _, b := range load(t) {
		for _, k := range b.want {
			if !slices.Contains(kinds, k) {
				t.Errorf("%s wants %q, which is no kind of failure", b.test, k)
			}
			seen[k] = true
		}
	}
	for _, k := range kinds {
		if !seen[k] {
			t.Errorf("no bug wants %q", k)
		}
	}
}

// What docs/schedulers.md says besides numbers is true.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "schedulers.md"))
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(words, "<!-- tables -->\n")
	first, before, _ := strings.Cut(before, "<!-- switch points -->\n")
	for _, part := range []string{first, before, kinds(slices.DeleteFunc(load(t), bug.lasts)), after} {
		if !strings.Contains(string(text), part) {
			t.Errorf("docs/schedulers.md lacks these words or these bugs; run go run ./internal/schedulers\n%s", part)
		}
	}
	mix, err := runtime.ParseScheduler("mix")
	if err != nil {
		t.Fatal(err)
	}
	shares := map[string]float64{}
	for seed := range uint64(10000) {
		shares[mix.For(seed).String()] += 1.0 / 1000
	}
	for name, want := range map[string]float64{"random:1": 2, "random:2": 3, "random:5": 1, "random": 1, "weighted": 1, "weighted:2": 1, "pct:3": 1} {
		if math.Abs(shares[name]-want) > 0.2 {
			t.Errorf("%.2f of ten seeds of mix are %s, should be %g", shares[name], name, want)
		}
		delete(shares, name)
	}
	if len(shares) > 0 {
		t.Errorf("mix has also %v", shares)
	}
}

// The default scheduler finds every bug, with the kind it should have, and nothing else; what is fixed passes.
func TestDefaultFindsEveryBug(t *testing.T) {
	bugs := load(t)
	s := newTestStresser(t)
	var twins, quick, slow, races []string
	for _, b := range bugs {
		twins = append(twins, b.test+fixed)
		switch {
		case b.race():
			races = append(races, b.test)
		case b.lasts():
			slow = append(slow, b.test)
		default:
			quick = append(quick, b.test)
		}
	}
	t.Run("fixed", func(t *testing.T) {
		runs := 0
		stress(t, s, twins, "1-100", func(r *report.SeedResult) {
			runs++
			if r.Failure != nil {
				t.Errorf("%s, seed %d: %s: %s", r.Test, r.Seed, r.Failure.Kind, r.Failure.Message)
			}
		})
		if want := 100 * len(twins); runs != want {
			t.Errorf("%d runs, should be %d", runs, want)
		}
	})
	// Most are found soon; only those that are not are looked for among many seeds.
	t.Run("found", func(t *testing.T) {
		left := find(t, s, bugs, quick, "1-300")
		left = find(t, s, bugs, left, "301-1500")
		left = find(t, s, bugs, left, "1501-6000")
		left = append(left, find(t, s, bugs, slow, "1-2")...)
		for _, test := range left {
			t.Errorf("%s was not found", test)
		}
	})
	t.Run("races", func(t *testing.T) {
		stress(t, s, races, "1-20", func(r *report.SeedResult) {
			if r.Failure != nil {
				t.Errorf("%s, seed %d: %s, without the race detector: %s", r.Test, r.Seed, r.Failure.Kind, r.Failure.Message)
			}
		})
		for _, test := range find(t, s, bugs, races, "1-20", "-race") {
			t.Errorf("%s was not found", test)
		}
		stress(t, s, twins, "1-20", func(r *report.SeedResult) {
			if r.Failure != nil {
				t.Errorf("%s, seed %d: %s, with the race detector: %s", r.Test, r.Seed, r.Failure.Kind, r.Failure.Message)
			}
		}, "-race")
	})
}

// At every operation that does not block one goroutine may overtake another, and the page says so: there are all three orders of a before
// b, and c; and others run before what can be seen of an operation, and after it.
func TestEveryOrder(t *testing.T) {
	kinds, err := newTestStresser(t).operations()
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) < 35 {
		t.Errorf("%d kinds of operations: %v", len(kinds), kinds)
	}
	for _, k := range kinds {
		if o := k.orders; o != nil && (len(o) != 3 || !o["abc"] || !o["acb"] || !o["cab"]) {
			t.Errorf("%s: %v, should have abc, acb and cab", k.name, o)
		}
		if p := k.places; p != nil && (!p["before"] || !p["after"]) {
			t.Errorf("%s: others run %v, should be before and after", k.name, p)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "schedulers.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := switchPoints(kinds); !strings.Contains(string(text), want) {
		t.Errorf("docs/schedulers.md lacks this table; run go run ./internal/schedulers\n%s", want)
	}
}

func newTestStresser(t *testing.T) *stresser {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles a program and runs it on many seeds")
	}
	s, err := newStresser(root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// find runs tests on seeds and returns those in which no seed found the bug.
func find(t *testing.T, s *stresser, bugs []bug, tests []string, seeds string, flags ...string) (left []string) {
	t.Helper()
	if len(tests) == 0 {
		return nil
	}
	found := map[string]bool{}
	stress(t, s, tests, seeds, func(r *report.SeedResult) {
		if r.Failure == nil {
			return
		}
		b := bugs[slices.IndexFunc(bugs, func(b bug) bool { return b.test == r.Test })]
		if !b.shows(r) {
			t.Errorf("%s, seed %d: %s, should be %v: %s", r.Test, r.Seed, r.Failure.Kind, b.want, r.Failure.Message)
		}
		found[r.Test] = true
	}, flags...)
	for _, test := range tests {
		if !found[test] {
			left = append(left, test)
		}
	}
	t.Logf("seeds %s: %d of %d found; left %v", seeds, len(tests)-len(left), len(tests), left)
	return left
}

func stress(t *testing.T, s *stresser, tests []string, seeds string, each func(*report.SeedResult), flags ...string) {
	t.Helper()
	if err := s.run(tests, seeds, flags, each); err != nil {
		t.Fatal(err)
	}
}

// The table says what was found when.
func TestCells(t *testing.T) {
	in := func(n int, at uint64) *finding {
		f := &finding{}
		for r := range uint64(n) {
			f.add(r*rangeSize + 500)
			f.add(r*rangeSize + at)
			f.add(r*rangeSize + 1000)
		}
		return f
	}
	for _, c := range []struct {
		f    *finding
		want string
	}{
		{in(0, 0), "-"},
		{in(ranges, 3), "3.0"},
		{in(2, 1), "> 801 (2/10)"},
	} {
		if got := cell(c.f); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

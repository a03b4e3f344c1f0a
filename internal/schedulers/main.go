package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
)

func main() {
	flag.Parse()
	if flag.NArg() > 0 {
		fail(fmt.Errorf("no arguments are wanted"))
	}
	if err := measure("."); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "schedulers:", err)
	os.Exit(1)
}

// schedulers are the columns of the table.
var schedulers = []string{"mix", "random", "random:5", "random:2", "random:1", "weighted", "pct:2", "pct:3", "rr"}

// Each bug is looked for in some disjoint ranges of seeds.
const (
	ranges    = 10
	rangeSize = 1000
)

// parts are where a range is cut: after each part only the bugs that some range has not found go on.
var parts = []uint64{20, 150, rangeSize}

// A finding is how far a scheduler got with a bug.
type finding struct {
	first [ranges]uint64 // the position in the range of the first seed that finds the bug; 0: none does
}

// table has a finding for each bug and scheduler.
type table map[string]map[string]*finding

// measure runs everything and writes the page. root is the repository's directory.
func measure(root string) error {
	bugs, err := loadBugs(filepath.Join(root, bugsDir))
	if err != nil {
		return err
	}
	bugs = slices.DeleteFunc(bugs, bug.lasts)
	tmp, err := os.MkdirTemp("", "schedulers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	s, err := newStresser(root, tmp)
	if err != nil {
		return err
	}
	operations, err := s.operations()
	if err != nil {
		return err
	}
	t := table{}
	for _, name := range schedulers {
		fmt.Fprintln(os.Stderr, name)
		if err := t.fill(s, name, bugs); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(root, "docs", "schedulers.md"), []byte(page(operations, bugs, t)), 0o666)
}

// fill measures one scheduler.
func (t table) fill(s *stresser, scheduler string, bugs []bug) error {
	groups := []struct {
		include func(bug) bool
		flags   []string
	}{
		{func(b bug) bool { return !b.race() }, nil},
		{bug.race, []string{"-race"}},
	}
	for _, g := range groups {
		var left []bug
		for _, b := range bugs {
			if g.include(b) {
				left = append(left, b)
				t.set(b.test, scheduler, &finding{})
			}
		}
		done := uint64(0)
		for _, end := range parts {
			if err := t.part(s, scheduler, left, done, end, g.flags); err != nil {
				return err
			}
			left = slices.DeleteFunc(left, func(b bug) bool { return t[b.test][scheduler].found() == ranges })
			done = end
		}
	}
	return nil
}

// part runs bugs on the seeds from begin to end of each range.
func (t table) part(s *stresser, scheduler string, bugs []bug, begin, end uint64, flags []string) error {
	if len(bugs) == 0 {
		return nil
	}
	var tests, seeds []string
	for _, b := range bugs {
		tests = append(tests, b.test)
	}
	for r := range uint64(ranges) {
		seeds = append(seeds, fmt.Sprintf("%d-%d", r*rangeSize+begin+1, r*rangeSize+end))
	}
	return s.run(tests, strings.Join(seeds, ","), append([]string{"-scheduler", scheduler}, flags...), func(r *report.SeedResult) {
		b := bugs[slices.IndexFunc(bugs, func(b bug) bool { return b.test == r.Test })]
		if b.shows(r) {
			t[r.Test][scheduler].add(r.Seed)
		}
	})
}

func (t table) set(test, scheduler string, f *finding) {
	if t[test] == nil {
		t[test] = map[string]*finding{}
	}
	t[test][scheduler] = f
}

// add notes a seed that finds the bug.
func (f *finding) add(seed uint64) {
	r, at := (seed-1)/rangeSize, (seed-1)%rangeSize+1
	if f.first[r] == 0 || at < f.first[r] {
		f.first[r] = at
	}
}

// found is in how many ranges the bug was.
func (f *finding) found() (n int) {
	for _, at := range f.first {
		if at > 0 {
			n++
		}
	}
	return n
}

// mean is how many seeds it took, on average over the ranges. A range without a find counts as if the seed
// after it had been one.
func (f *finding) mean() float64 {
	sum := 0.0
	for _, at := range f.first {
		if at == 0 {
			at = rangeSize + 1
		}
		sum += float64(at)
	}
	return sum / ranges
}

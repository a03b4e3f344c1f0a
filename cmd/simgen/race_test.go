package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/build"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// raceSeeds is how many seeds each program gets to show its race, or that it has none.
const raceSeeds = 12

// Every race of testdata/races is found, by a seed that is the same in a fresh worker and in a warm one; where
// nothing races, nothing is reported.
func TestRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the standard library")
	}
	dir, err := filepath.Abs("testdata/races")
	if err != nil {
		t.Fatal(err)
	}
	binaries, _, err := build.OrdinaryTests(context.Background(), build.Config{Dir: dir, Race: true}, []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	b := binaries[0]
	options := runner.Stress{Dir: dir, Dirs: []string{dir}}
	r, err := runner.Run(context.Background(), runner.Options{
		Binary: b.Path, Dir: dir, Package: b.ImportPath, Args: []string{}, Race: true, Verify: true,
		Seeds: runner.Range(1, raceSeeds), Env: options.Environ(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Errors {
		t.Error(e)
	}
	racy, ordered := 0, 0
	for _, test := range r.Tests {
		if strings.HasPrefix(test.Name, "TestRacy") {
			racy++
			checkRacy(t, test)
			continue
		}
		ordered++
		for _, f := range test.Failures {
			t.Errorf("%s has no race, but seed %d fails: %s: %s\n%s", test.Name, f.Seed, f.Failure.Kind, f.Failure.Message, f.Failure.Stacks)
		}
	}
	if racy < 30 || ordered < 30 {
		t.Errorf("%d racy and %d ordered programs have run", racy, ordered)
	}
}

// checkRacy requires a race in at least one seed, and nothing else in any.
func checkRacy(t *testing.T, test *report.Test) {
	if len(test.Failures) == 0 {
		t.Errorf("%s: no seed has found the race", test.Name)
	}
	for _, f := range test.Failures {
		if f.Failure.Kind != "race" {
			t.Errorf("%s seed %d: %s: %s\n%s", test.Name, f.Seed, f.Failure.Kind, f.Failure.Message, f.Failure.Stacks)
		} else if n := strings.Count(f.Failure.Stacks, "_test.go:"); n < 2 {
			t.Errorf("%s seed %d: the report does not show both sides:\n%s", test.Name, f.Seed, f.Failure.Stacks)
		}
	}
}

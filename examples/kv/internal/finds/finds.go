// Package finds has the test of the simulations that fail by design: some seed finds the bug, and leads to it again.
package finds

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"strconv"
	"testing"

	"github.com/simgen-dev/simgen/sim"
)

// seed is what simgen test -json says about one seed.
type seed struct {
	Event   string `json:"event"`
	Seed    uint64 `json:"seed"`
	Result  string `json:"result"`
	Hash    string `json:"hash"`
	Steps   uint64 `json:"steps"`
	Failure struct {
		Kind    string `json:"kind"`
		Message string `json:"message"`
	} `json:"failure"`
}

// Bug runs the simulation called test in the present directory. One of the seeds, such as "1-40", has to fail, and to come to
// the same failure at the same step again.
func Bug(t *testing.T, test, seeds string) {
	if sim.Instrumented() {
		t.Skip("this test runs the simgen command, which a simulation cannot")
	}
	if testing.Short() {
		t.Skip("builds an instrumented binary")
	}
	var failed []seed
	for _, s := range simulate(t, test, seeds) {
		if s.Result == "fail" {
			failed = append(failed, s)
		}
	}
	if len(failed) == 0 {
		t.Fatalf("none of the seeds %s fails", seeds)
	}
	first := failed[0]
	again := simulate(t, test, strconv.FormatUint(first.Seed, 10))
	if len(again) != 1 || again[0] != first {
		t.Errorf("seed %d was\n%+v\nand is now\n%+v", first.Seed, first, again)
	}
}

func simulate(t *testing.T, test, seeds string) []seed {
	t.Helper()
	out, err := exec.Command("go", "tool", "simgen", "test", "-json", "-seeds", seeds, "-run", "^"+test+"$", ".").Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() != 1 {
		t.Fatalf("simgen test: %v\n%s", err, exit.Stderr)
	} else if err != nil && exit == nil {
		t.Fatal(err)
	}
	var all []seed
	for line := range bytes.Lines(out) {
		var s seed
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatalf("simgen test -json wrote %q: %v", line, err)
		}
		if s.Event == "seed" {
			all = append(all, s)
		}
	}
	return all
}

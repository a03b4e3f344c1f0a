package unsynced

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

// The lost write is found, and the seed that found it leads to the same failure at the same step again.
func TestLostWriteIsFound(t *testing.T) {
	if sim.Instrumented() {
		t.Skip("this test runs the simgen command, which a simulation cannot")
	}
	if testing.Short() {
		t.Skip("builds an instrumented binary")
	}
	var failed []seed
	for _, s := range simulate(t, "1-40") {
		if s.Result == "fail" {
			failed = append(failed, s)
		}
	}
	if len(failed) == 0 {
		t.Fatal("forty seeds, and no acknowledged write was lost")
	}
	first := failed[0]
	again := simulate(t, strconv.FormatUint(first.Seed, 10))
	if len(again) != 1 || again[0] != first {
		t.Errorf("seed %d was\n%+v\nand is now\n%+v", first.Seed, first, again)
	}
}

func simulate(t *testing.T, seeds string) []seed {
	t.Helper()
	out, err := exec.Command("go", "tool", "simgen", "test", "-json", "-seeds", seeds, "-run", "^TestKVUnsynced$", ".").Output()
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

package nofsync

import (
	"bytes"
	"errors"
	"os/exec"
	"testing"

	"github.com/simgen-dev/simgen/sim"
)

// Some seeds find a member that has forgotten what it promised: it stops with a panic of the raft library, or clients see
// a history that is not linearizable.
func TestForgottenPromiseIsFound(t *testing.T) {
	if sim.Instrumented() {
		t.Skip("this test runs the simgen command, which a simulation cannot")
	}
	if testing.Short() {
		t.Skip("builds an instrumented binary")
	}
	out, err := exec.Command("go", "tool", "simgen", "test", "-json", "-run", "^TestNoFsync$", ".").Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("simgen test: %v; want exit code 1, a failed seed\n%s", err, out)
	}
	for _, want := range []string{"Was the raft log corrupted, truncated, or lost?", "are not linearizable"} {
		if bytes.Contains(out, []byte(want)) {
			return
		}
	}
	t.Errorf("the seeds failed for another reason:\n%s", out)
}

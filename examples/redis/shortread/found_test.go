package shortread

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/sim"
)

// The mistake is found. Once freecache's server is mended this test fails, and the package has done its duty.
func TestShortReadIsFound(t *testing.T) {
	if sim.Instrumented() {
		t.Skip("this test runs the simgen command, which a simulation cannot")
	}
	if testing.Short() {
		t.Skip("builds an instrumented binary")
	}
	out, err := exec.Command("go", "tool", "simgen", "test", "-run", "^TestShortRead$", ".").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("simgen test: %v, want exit status 1\n%s", err, out)
	}
	if !strings.Contains(string(out), "; possible: ") {
		t.Errorf("no wrong read in\n%s", out)
	}
}

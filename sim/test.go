package sim

import (
	"os"
	"testing"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/runner"
)

// Test runs a simulation test over its seeds.
//
// In a binary built by the simgen command it simulates. In an ordinary one it has the command build
// the instrumented binary and run this very test in it, and reports each failing seed through t.
// The environment variable SIMGEN_SEEDS ("7", "1-100", "1,5,9-12") chooses the seeds.
func Test(t *testing.T, cfg Config) {
	t.Helper()
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		t.Fatalf("sim.Config: %v", err)
	}
	switch {
	case !rt.Spliced:
		runThroughCommand(t, cfg)
	case os.Getenv(runner.WorkerEnv) != "":
		serveTest(t, cfg)
	default:
		runInProcess(t, cfg)
	}
}

// Instrumented says whether this binary was built by the simgen command, so that [Test] simulates
// in it. In an ordinary one Test has the command build another binary.
func Instrumented() bool { return rt.Spliced }

// HostNow is the time on the host's clock, also inside a simulation. It is for measuring how
// fast a simulation is; what depends on it is not reproducible.
func HostNow() (t time.Time) {
	rt.Kernelly(func() { t = time.Now() })
	return t
}

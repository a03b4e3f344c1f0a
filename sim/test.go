package sim

import (
	"os"
	"testing"

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

package unsynced

import (
	"testing"
	"time"

	"example.com/kv"
	"github.com/simgen-dev/simgen/sim"
)

func TestKVUnsynced(t *testing.T) {
	if !sim.Instrumented() {
		t.Skip("fails by design; run it with: simgen test ./unsynced")
	}
	sim.Test(t, sim.Config{
		Servers: []sim.Server{{
			Name:    "kv",
			Program: "example.com/kv/cmd/server",
			Args:    []string{"-addr", ":" + kv.Port, "-wal", "/data.wal", "-sync=false"},
			Count:   sim.Between(1, 3),
		}},
		Workloads:  sim.Fresh(2, func(i int) sim.Workload { return &kv.Workload{ID: i, Ops: 200, Keys: 8} }),
		Invariants: []sim.Invariant{kv.Accounted},
		Faults:     sim.AllFaults(),
		ChaosFor:   30 * time.Second,
	})
}

package nofsync

import (
	"testing"
	"time"

	"example.com/etcd"
	"github.com/simgen-dev/simgen/sim"
)

func TestNoFsync(t *testing.T) {
	if !sim.Instrumented() {
		t.Skip("fails by design; run it with: simgen test ./nofsync")
	}
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{etcd.Servers("--unsafe-no-fsync")},
		Workload:   &etcd.Clients{N: 3, Ops: 60, Keys: 3},
		Faults:     sim.Faults{Attrition: &sim.Attrition{Crash: 1}, Partitions: &sim.Partitions{}},
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

package etcd

import (
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

func TestEtcd(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{Servers()},
		Workload:   &Clients{N: 3, Ops: 60, Keys: 3},
		Faults:     sim.AllFaults(),
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

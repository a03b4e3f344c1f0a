package shortread

import (
	"testing"

	"example.com/redis"
	"github.com/simgen-dev/simgen/sim"
)

// No faults are needed: TCP promises the bytes, not the pieces in which they were written.
func TestShortRead(t *testing.T) {
	if !sim.Instrumented() {
		t.Skip("fails by design; run it with: simgen test ./shortread")
	}
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "freecache", Program: "github.com/coocood/freecache/server"}},
		Workload:   &redis.Workload{Port: "7788", Ops: 200, Keys: 5, NoCrashes: true},
		Iterations: 10,
	})
}

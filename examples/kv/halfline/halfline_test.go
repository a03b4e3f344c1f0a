package halfline

import (
	"testing"
	"time"

	"example.com/kv"
	"github.com/simgen-dev/simgen/sim"
)

func TestKVHalfLine(t *testing.T) {
	if !sim.Instrumented() {
		t.Skip("fails by design; run it with: simgen test ./halfline")
	}
	sim.Test(t, config("-lenient"))
}

// The same faults, and servers that insist on whole lines.
func TestKVWholeLine(t *testing.T) { sim.Test(t, config("-lenient=false")) }

func config(lenient string) sim.Config {
	return sim.Config{
		Servers: []sim.Server{{
			Name:    "kv",
			Program: "example.com/kv/cmd/server",
			Args:    []string{"-addr", ":" + kv.Port, "-wal", "/data.wal", lenient},
			Count:   sim.Between(1, 3),
		}},
		Workloads:  sim.Fresh(8, func(i int) sim.Workload { return &kv.Workload{ID: i, Ops: 200, Keys: 8} }),
		Invariants: []sim.Invariant{kv.Accounted},
		Faults: sim.Faults{
			Attrition: &sim.Attrition{
				Graceful: 1,
				Every:    sim.Span{Min: 50 * time.Millisecond, Max: 500 * time.Millisecond},
				Recovery: sim.Span{Min: 50 * time.Millisecond, Max: 500 * time.Millisecond},
			},
			Slow: &sim.Slow{Every: sim.Span{Min: time.Second, Max: 2 * time.Second}},
		},
		ChaosFor: 30 * time.Second,
	}
}

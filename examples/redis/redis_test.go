package redis_test

import (
	"testing"
	"time"

	"example.com/redis"
	"github.com/simgen-dev/simgen/sim"
)

func TestFreecache(t *testing.T) {
	test(t, sim.Server{
		Name:    "freecache",
		Program: "github.com/coocood/freecache/server",
		Count:   sim.Between(1, 2),
	}, "7788")
}

func TestRedcon(t *testing.T) {
	test(t, sim.Server{
		Name:    "redcon",
		Program: "github.com/tidwall/redcon/example",
		Count:   sim.Between(1, 3),
	}, "6380")
}

// test is one workload and one model for both servers. The workload causes the crashes itself.
func test(t *testing.T, server sim.Server, port string) {
	sim.Test(t, sim.Config{
		Servers:  []sim.Server{server},
		Workload: &redis.Workload{Port: port, Ops: 200, Keys: 5},
		Faults:   sim.Faults{Partitions: &sim.Partitions{}, Slow: &sim.Slow{}, Swarm: true},
		ChaosFor: 30 * time.Second,
		// Freecache's server does not survive a request that arrives in two pieces: see package shortread.
		WholeWrites: true,
		Iterations:  40,
	})
}

package httpkv_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/httpkv"
	"example.com/httpkv/client"
	"github.com/simgen-dev/simgen/sim"
)

// No acknowledged increment is lost and none is done twice, under every fault.
func TestCounters(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers: []sim.Server{{
			Name:    "httpkv",
			Program: "example.com/httpkv/cmd/server",
			Args:    []string{"-addr", ":" + httpkv.Port, "-data", "/data.json"},
			Count:   sim.Between(1, 2),
		}},
		Workloads: sim.Fresh(3, func(i int) sim.Workload {
			return &httpkv.Counting{ID: i, Ops: 60, Counters: 4}
		}),
		Invariants: []sim.Invariant{httpkv.Conserved},
		Faults:     sim.AllFaults(),
		ChaosFor:   20 * time.Second,
	})
}

// Without -data, a crash takes everything. This one needs no random faults: the workload causes the crash.
func TestCrash(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers: []sim.Server{{
			Name:    "httpkv",
			Program: "example.com/httpkv/cmd/server",
			Args:    []string{"-addr", ":" + httpkv.Port},
		}},
		Workload: sim.Func("client", crashAndRestart),
	})
}

func crashAndRestart(ctx *sim.Context) error {
	c := client.New("httpkv:"+httpkv.Port, 2*time.Second)
	defer c.Close()
	for i := range 3 {
		if _, err := c.Put("a", i, i); err != nil {
			return err
		}
	}
	var n int
	if version, err := c.Get("a", &n); err != nil || n != 2 || version != 3 {
		return fmt.Errorf("before the crash: a is %d at version %d, %v", n, version, err)
	}

	ctx.Faults().Crash("httpkv")
	if version, err := c.Get("a", &n); err == nil {
		return fmt.Errorf("a server that is down says that a has version %d", version)
	}
	ctx.Faults().Restart("httpkv")

	for try := 0; ; try++ {
		version, err := c.Get("a", &n)
		if err != nil && try < 10 {
			time.Sleep(100 * time.Millisecond) // it has not begun to listen
			continue
		}
		if err != nil || version != 0 {
			return fmt.Errorf("after the crash: a has version %d, %v", version, err)
		}
		return nil
	}
}

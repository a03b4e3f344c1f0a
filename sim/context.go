package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
)

// Context is a workload's view of the simulation. As a context.Context it is done when the
// phase it was made for is over: the context of Run when [Context.Shutdown] was called, when
// [Config.RunFor] has passed, or when all Runs have returned. The contexts of Setup and Check are done
// when that method has returned.
//
// An error that is context.Canceled, returned by Run after the shutdown, does not fail the seed.
type Context struct {
	context.Context
	sim    *simulation
	client *client
}

// Topology says which servers and workloads there are.
func (c *Context) Topology() *Topology { return c.sim.topology }

// Rand is the workload's own stream of random numbers, which depends on the seed and on nothing
// else. It is the only randomness to use where the model of the workload depends on it.
func (c *Context) Rand() *rand.Rand { return c.client.rand }

// State is where workloads publish values for each other and for the invariants.
func (c *Context) State() *State { return c.sim.state }

// Faults causes faults by hand.
func (c *Context) Faults() *Injector { return &Injector{sim: c.sim, by: c.client.self.Name} }

// MyIP is the address of the workload's machine.
func (c *Context) MyIP() string { return c.client.self.IP }

// MyName is the host name of the workload's machine.
func (c *Context) MyName() string { return c.client.self.Name }

// ClientID is the workload's number in its group, from 0.
func (c *Context) ClientID() int { return c.client.id }

// ClientCount is the number of workloads in the group.
func (c *Context) ClientCount() int { return c.client.count }

// Seed is the seed of this simulation.
func (c *Context) Seed() uint64 { return c.sim.seed }

// Now is the simulated time since the start of the simulation.
func (c *Context) Now() time.Duration { return c.sim.now() }

// Log writes a line to the timeline, which is printed when the seed fails or with -v.
func (c *Context) Log(format string, args ...any) {
	c.sim.timeline.addLog(c.client.self.Name, fmt.Sprintf(format, args...))
}

// Shutdown makes the context of every Run done. Workloads are still waited for.
func (c *Context) Shutdown() { c.sim.shutdown(c.client.self.Name) }

// workloadSource is the random stream of one workload.
type workloadSource struct{}

func (workloadSource) Uint64() uint64 { return rt.Draw(rt.Workload, "rand", 0) }

// Package sim is what a simulation test is written against: servers, workloads, faults,
// invariants, assertions.
//
// A simulation test is an ordinary Go test:
//
//	func TestKV(t *testing.T) {
//		sim.Test(t, sim.Config{
//			Servers:  []sim.Server{{Name: "kv", Program: "example.com/kv/cmd/server", Args: []string{"-addr", ":7000"}}},
//			Workload: &KV{Ops: 200},
//			Faults:   sim.Faults{Attrition: &sim.Attrition{MaxDead: 1}},
//			ChaosFor: 30 * time.Second,
//		})
//	}
//
// Run by "go test" it builds its own instrumented binary through the simgen command and runs
// that; run by "simgen test" it is that binary. Either way each seed is one simulation: a set
// of machines, each with its own address, disk and clock, on which the servers and the
// workloads run as processes.
//
// # One seed
//
//  1. Every server is started and awaited until it is ready (see [Server.ReadyAfter]).
//  2. Setup of every workload runs, one after the other, without faults.
//  3. Run of every workload runs, all at the same time. The faults of [Config.Faults] happen
//     from now until [Config.ChaosFor] is over or the last Run has returned.
//  4. All is made well: partitions are healed, dead servers are started again, the settle
//     time passes.
//  5. Check of every workload runs, one after the other. The servers are up and can be asked.
//  6. The servers are stopped as an operator would: SIGTERM, a grace period, SIGKILL.
//
// A seed fails when a workload returns an error or panics, a server panics or exits although
// nobody asked it to, an invariant or an [Always] assertion does not hold, everything is blocked for ever
// (deadlock), or simulated time runs on without an end (livelock).
//
// # Addresses
//
// Servers have the addresses 10.0.1.1, 10.0.1.2, ..., workloads 10.0.0.1, 10.0.0.2, ... Every
// node's /etc/hosts knows all names.
//
// # What this package is not
//
// It has no replacement for net, time, os or sync: workloads use the standard library and
// real client libraries, which meet the simulated machine underneath.
package sim

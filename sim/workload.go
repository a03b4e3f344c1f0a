package sim

// Workload drives the servers and knows what is right. Its methods run as a process on a
// machine of its own, which never crashes. They are ordinary Go: they dial with net, sleep with time, start
// goroutines, use real client libraries.
//
// All workloads of a seed share the test's package variables, and those of the packages it imports. Connections in
// [net/http.DefaultTransport] are thus everybody's, and may be those of another workload's machine: a client with a Transport
// of its own keeps to its own machine, and notices when that is cut off.
type Workload interface {
	// Name is the host name of the workload's machine and its name in logs.
	Name() string
	// Setup runs before any Run, without faults, workload after workload.
	Setup(ctx *Context) error
	// Run runs at the same time as the other workloads and the faults.
	Run(ctx *Context) error
	// Check runs when all is quiet again: faults healed, servers alive. Workload after workload.
	Check(ctx *Context) error
}

// Base has a Setup and a Check that do nothing, to be embedded in workloads.
type Base struct{}

// Setup does nothing.
func (Base) Setup(*Context) error { return nil }

// Check does nothing.
func (Base) Check(*Context) error { return nil }

// Group is a number of workloads made anew for each seed; see [Fresh].
type Group struct {
	count Count
	make  func(i int) Workload
}

// Fresh is n workloads that are made by f for each seed, f(0) to f(n-1).
func Fresh(n int, f func(i int) Workload) []Group {
	return []Group{{Exactly(n), f}}
}

// FreshBetween is like [Fresh] with a number of workloads that is drawn per seed, both ends included.
func FreshBetween(min, max int, f func(i int) Workload) []Group {
	return []Group{{Between(min, max), f}}
}

// Func is a workload that is only a Run.
func Func(name string, run func(ctx *Context) error) Workload {
	return &funcWorkload{name: name, run: run}
}

type funcWorkload struct {
	Base
	name string
	run  func(ctx *Context) error
}

func (w *funcWorkload) Name() string           { return w.name }
func (w *funcWorkload) Run(ctx *Context) error { return w.run(ctx) }

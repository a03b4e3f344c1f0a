// Package runtime is a deterministic Go runtime: the goroutines, channels,
// select statements, locks, timers, map order, randomness and package variables
// of simulated processes, all driven by one seed.
//
// # What it is
//
// A simulation is started by [Run]. Inside it every goroutine is a coroutine
// and exactly one of them runs at a time. A goroutine that has to wait picks
// its successor itself and switches to it directly: there is no scheduler
// goroutine in between. When nobody can run, the virtual clock jumps to the
// next event. Each choice comes from a stream seeded by [Config.Seed], and each
// choice goes into a running hash: equal seeds give equal hashes on every
// machine, whatever the number of processors and the garbage collector do.
//
// Goroutines live in a [Process], which has its own instance of every package
// variable ([Var]), runs the initialisation of its packages again when it
// starts, and can be killed without one deferred function being run.
//
// # Who calls it
//
//   - Rewritten code: every go statement, channel operation, map range and
//     package variable became a call of this package (Go, Send, Select,
//     RangeMap, Var, ...).
//   - The standard library's floor: where sync, time, internal/poll, syscall and
//     others would enter the real Go runtime (Semacquire, NewTimer, PollWait,
//     Syscall6, ...).
//   - The simulated machine, which implements [Kernel], and the test framework,
//     which makes processes.
//
// Every operation of the first group first asks whether the goroutine that
// calls is simulated. If it is not, the operation does what the original code
// would have done.
//
// # Kernel mode
//
// While the machine works (system calls, events) the calling goroutine is not
// simulated: the standard library it uses is the native one, there is no switch
// point, and a race detector sees nothing. It may still [Park], [Draw] and start processes.
//
// # What it is not
//
// It knows no files, no network and no test framework. It imports nothing that
// it hooks, because an instrumented build compiles this very source as a
// package of the standard library, below sync and time. The few things it needs
// of Go's own runtime are in host_spliced.go; host_plain.go has the same on
// ordinary goroutines, so that plain "go test" works on it.
package runtime

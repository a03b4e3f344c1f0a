package runtime

import "runtime"

// The functions of package runtime whose answers depend on the machine. A
// simulated program gets the same answers everywhere.

// numCPU is the number of processors of a simulated machine.
const numCPU = 4

// NumGoroutine is runtime.NumGoroutine: the goroutines of the caller's process,
// and the coroutines of its iter.Pull, which Go counts among them.
//
//go:norace
func NumGoroutine() int {
	if g := current(); g != nil {
		return len(g.process.goroutines) + g.process.coroutines
	}
	return runtime.NumGoroutine()
}

// Coroutines counts the coroutines of iter.Pull: more of them began than ended.
//
//go:norace
func (p *Process) Coroutines(more int) { p.coroutines += more }

// NumCPU is runtime.NumCPU.
//
//go:norace
func NumCPU() int {
	if current() != nil {
		return numCPU
	}
	return runtime.NumCPU()
}

// GOMAXPROCS is runtime.GOMAXPROCS: a number each process remembers.
//
//go:norace
func GOMAXPROCS(n int) int {
	g := current()
	if g == nil {
		return runtime.GOMAXPROCS(n)
	}
	old := g.process.maxProcs
	if n > 0 {
		g.process.maxProcs = n
	}
	return old
}

// LockOSThread and UnlockOSThread do nothing to simulated goroutines: they all
// share one thread already, and must not be bound to it.
//
//go:norace
func LockOSThread() {
	if current() == nil {
		runtime.LockOSThread()
	}
}

// UnlockOSThread undoes LockOSThread.
//
//go:norace
func UnlockOSThread() {
	if current() == nil {
		runtime.UnlockOSThread()
	}
}

// Goexit is runtime.Goexit.
//
//go:norace
func Goexit() { runtime.Goexit() }

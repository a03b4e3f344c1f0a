package runtime

import "runtime"

// The functions of package runtime whose answers depend on the machine. A
// simulated program gets the same answers everywhere.

// numCPU is the number of processors of a simulated machine.
const numCPU = 4

// NumGoroutine is runtime.NumGoroutine: the goroutines of the caller's process.
//
//go:norace
func NumGoroutine() int {
	if g := current(); g != nil {
		return len(g.process.goroutines)
	}
	return runtime.NumGoroutine()
}

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

// SetFinalizer is runtime.SetFinalizer. When the garbage collector runs is
// nothing a simulation may depend on, so simulated finalizers never run.
//
//go:norace
func SetFinalizer(obj, finalizer any) {
	if current() == nil {
		runtime.SetFinalizer(obj, finalizer)
	}
}

// AddCleanup is runtime.AddCleanup; see SetFinalizer.
//
//go:norace
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) runtime.Cleanup {
	if current() == nil {
		return runtime.AddCleanup(ptr, cleanup, arg)
	}
	return runtime.Cleanup{}
}

// GC is runtime.GC.
//
//go:norace
func GC() {
	if g := current(); g != nil {
		g.point()
		return
	}
	runtime.GC()
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

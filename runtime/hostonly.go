package runtime

import (
	"runtime"
	"unsafe"
)

// Functions of package runtime that are about the host's process: its profiles,
// its traces, its debugger, where Go is installed. A simulated process has none, or its own.

// SetCPUProfileRate does nothing.
//
//go:norace
func SetCPUProfileRate(hz int) {
	if current() == nil {
		runtime.SetCPUProfileRate(hz)
	}
}

// SetBlockProfileRate does nothing.
//
//go:norace
func SetBlockProfileRate(rate int) {
	if current() == nil {
		runtime.SetBlockProfileRate(rate)
	}
}

// SetMutexProfileFraction does nothing: the fraction is always 0.
//
//go:norace
func SetMutexProfileFraction(rate int) int {
	if current() == nil {
		return runtime.SetMutexProfileFraction(rate)
	}
	return 0
}

// MemProfile has no records.
//
//go:norace
func MemProfile(p []runtime.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	if current() == nil {
		return runtime.MemProfile(p, inuseZero)
	}
	return 0, true
}

// BlockProfile has no records.
//
//go:norace
func BlockProfile(p []runtime.BlockProfileRecord) (n int, ok bool) {
	if current() == nil {
		return runtime.BlockProfile(p)
	}
	return 0, true
}

// MutexProfile has no records.
//
//go:norace
func MutexProfile(p []runtime.BlockProfileRecord) (n int, ok bool) {
	if current() == nil {
		return runtime.MutexProfile(p)
	}
	return 0, true
}

// StartTrace says that there is no tracing.
//
//go:norace
func StartTrace() error {
	if current() == nil {
		return runtime.StartTrace()
	}
	return noTrace{}
}

type noTrace struct{}

//go:norace
func (noTrace) Error() string { return "tracing is not available in a simulation" }

// StopTrace has nothing to stop.
//
//go:norace
func StopTrace() {
	if current() == nil {
		runtime.StopTrace()
	}
}

// ReadTrace is at its end.
//
//go:norace
func ReadTrace() (buf []byte) {
	if current() == nil {
		return runtime.ReadTrace()
	}
	return nil
}

// Breakpoint ends the process with SIGTRAP: no debugger is attached to it.
//
//go:norace
func Breakpoint() {
	g := current()
	if g == nil {
		runtime.Breakpoint()
		return
	}
	const sigTRAP = 5
	g.process.end(ExitStatus{Code: -sigTRAP, Signal: sigTRAP})
}

// SetCgoTraceback does nothing: there are no C frames.
//
//go:norace
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {
	if current() == nil {
		runtime.SetCgoTraceback(version, traceback, context, symbolizer)
	}
}

// defaultMemProfileRate is what runtime.MemProfileRate is when a program starts.
const defaultMemProfileRate = 512 << 10

// MemProfileRate is where runtime.MemProfileRate is.
//
//go:norace
func MemProfileRate() *int {
	if g := current(); g != nil {
		return &g.process.memProfileRate
	}
	return &runtime.MemProfileRate
}

// GOROOT is where the process's environment says that Go is, or else where it was when the executable was built.
//
//go:norace
func GOROOT() string {
	if current() == nil {
		return runtime.GOROOT()
	}
	const name = "GOROOT="
	for _, v := range Env() {
		if hasPrefix(v, name) && v != name {
			return v[len(name):]
		}
	}
	return hostGOROOT()
}

// PanicOnFault is runtime/debug.SetPanicOnFault. The host keeps the setting with
// the coroutine, which another goroutine may have next.
//
//go:norace
func PanicOnFault(on bool) (was bool) {
	sched.running.faults = true
	return hostPanicOnFault(on)
}

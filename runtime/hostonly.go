package runtime

import "runtime"

// Functions of package runtime that are about the host's process: its profiles,
// its traces, its debugger. A simulated process has none.

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

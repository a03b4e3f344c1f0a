//go:build simgen_spliced

package runtime

import (
	"runtime"
	"unsafe"
)

// Spliced says whether this package is part of the standard library and
// switches real coroutines.
const Spliced = true

// hostG is the simulated goroutine that the running goroutine carries, or nil.
func hostG() unsafe.Pointer { return runtime.SimgenG() }

func hostSetG(p unsafe.Pointer) { runtime.SimgenSetG(p) }

// hostNewCoro returns a slot that holds a new, suspended goroutine.
func hostNewCoro(f func()) unsafe.Pointer { return runtime.SimgenNewCoro(f) }

// hostSwitch resumes the goroutine that slot holds and leaves the caller in it.
func hostSwitch(slot unsafe.Pointer) { runtime.SimgenSwitch(slot) }

// hostExit destroys the caller without running its deferred functions and
// resumes the goroutine that slot holds.
func hostExit(slot unsafe.Pointer) { runtime.SimgenExit(slot) }

// hostLeave is hostExit for a goroutine that has no frames worth keeping.
func hostLeave(slot unsafe.Pointer) { runtime.SimgenExit(slot) }

// hostBegin is called by the goroutine that starts a simulation.
func hostBegin() {}

func hostSelf() unsafe.Pointer { return runtime.SimgenSelf() }

// hostCallers is runtime.Callers for a suspended goroutine.
func hostCallers(self unsafe.Pointer, pcs []uintptr) int {
	return runtime.SimgenCallers(self, pcs)
}

// hostCallerPC is where the caller of its caller will go on. It is inlined, so
// that its caller is the one SimgenCallerPC sees.
func hostCallerPC() uintptr { return runtime.SimgenCallerPC() }

// hostSelect is a native select.
func hostSelect(cases []Case, block bool) int {
	list := make([]runtime.SimgenCase, len(cases), len(cases)+1)
	for i, c := range cases {
		list[i] = runtime.SimgenCase{Send: c.waiter().sending, Chan: c.channel(), Elem: c.elem()}
	}
	i, ok := runtime.SimgenSelect(list, block)
	if i >= 0 {
		cases[i].done(ok || list[i].Send)
	}
	return i
}

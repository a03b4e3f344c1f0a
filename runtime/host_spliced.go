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
//
//go:nosplit
//go:norace
func hostG() unsafe.Pointer { return runtime.SimgenG() }

//go:norace
func hostSetG(p unsafe.Pointer) { runtime.SimgenSetG(p) }

// hostNewCoro returns a slot that holds a new, suspended goroutine.
//
//go:norace
func hostNewCoro(f func()) unsafe.Pointer {
	slot := runtime.SimgenNewCoro(f)
	hostQuietCoro(slot)
	return slot
}

// hostSwitch resumes the goroutine that slot holds and leaves the caller in it.
//
//go:norace
func hostSwitch(slot unsafe.Pointer) { runtime.SimgenSwitch(slot) }

// hostExit destroys the caller without running its deferred functions and
// resumes the goroutine that slot holds.
//
//go:norace
func hostExit(slot unsafe.Pointer) {
	hostNobody()
	runtime.SimgenExit(slot)
}

// hostLeave is hostExit for a goroutine that has no frames worth keeping.
//
//go:norace
func hostLeave(slot unsafe.Pointer) { hostExit(slot) }

// hostBegin is called by the goroutine that starts a simulation.
//
//go:norace
func hostBegin() {}

// hostChanMark is what a channel was marked with when it was made: the first
// word of the simulated goroutine that made it.
//
//go:norace
func hostChanMark(ch unsafe.Pointer) uint64 { return runtime.SimgenChanMark(ch) }

// hostMain is the main function of the executable.
//
//go:norace
func hostMain() { runtime.SimgenMain() }

// hostGodebug are the $GODEBUG settings that the executable was built with.
//
//go:norace
func hostGodebug() string { return runtime.SimgenGodebug() }

//go:norace
func hostSelf() unsafe.Pointer { return runtime.SimgenSelf() }

// hostCallers is runtime.Callers for a suspended goroutine.
//
//go:norace
func hostCallers(self unsafe.Pointer, pcs []uintptr) int {
	return runtime.SimgenCallers(self, pcs)
}

// hostCallerPC is where the caller of its caller will go on. It is inlined, so
// that its caller is the one SimgenCallerPC sees.
//
//go:norace
func hostCallerPC() uintptr { return runtime.SimgenCallerPC() }

// hostChanTimer is the timer that sends to a channel, or nil. The channel is
// empty to len and cap then, as Go says since 1.23.
//
//go:norace
func hostChanTimer(ch unsafe.Pointer) *timer { return (*timer)(runtime.SimgenChanTimer(ch)) }

//go:norace
func hostSetChanTimer(ch unsafe.Pointer, t *timer) {
	runtime.SimgenSetChanTimer(ch, unsafe.Pointer(t))
}

// hostChanQueue is the queue of a channel, or nil; hostSetChanQueue sets it.
//
//go:norace
func hostChanQueue(_ *waitTable, ch unsafe.Pointer) *waitQueue {
	return (*waitQueue)(runtime.SimgenChanQueue(ch))
}

//go:norace
func hostSetChanQueue(ch unsafe.Pointer, q *waitQueue) {
	runtime.SimgenSetChanQueue(ch, unsafe.Pointer(q))
}

// hostCollect collects garbage and returns when everything that was found has
// been noted.
//
//go:norace
func hostCollect() { runtime.SimgenCollect() }

// hostWeak makes a weak pointer to something on the heap; hostStrong is where one
// points to, nil if that is gone.
//
//go:norace
func hostWeak(p unsafe.Pointer) unsafe.Pointer { return runtime.SimgenWeak(p) }

//go:norace
func hostStrong(handle unsafe.Pointer) unsafe.Pointer { return runtime.SimgenStrong(handle) }

//go:norace
func hostOnHeap(p unsafe.Pointer) bool { return runtime.SimgenOnHeap(p) }

// hostMethods is the method table of an interface that holds obj.
//
//go:norace
func hostMethods(t *abiType, obj any) unsafe.Pointer {
	return runtime.SimgenMethods(unsafe.Pointer(t), obj)
}

//go:norace
func init() {
	runtime.SimgenStopped, runtime.SimgenWaitFinalized = stopped, waitFinalized
	runtime.SimgenPrint, runtime.SimgenPrinted, runtime.SimgenAddress = printing, printed, Address
}

// hostNoArguments reports whether the function that begins at entry takes none.
//
//go:norace
func hostNoArguments(entry uintptr) bool { return runtime.SimgenNoArguments(entry) }

// hostProgram says that a main package is part of the executable, hostUnderTest
// that the executable is a test of it.
//
//go:norace
func hostProgram(path string) { runtime.SimgenProgram(path) }

//go:norace
func hostUnderTest() { runtime.SimgenUnderTest() }

// hostTypeString, hostPkgPath and hostFuncName are what a program calls a type, a
// package and a function that the executable calls so.
//
//go:norace
func hostTypeString(s string) string { return runtime.SimgenTypeString(s) }

//go:norace
func hostPkgPath(path string) string { return runtime.SimgenPkgPath(path) }

//go:norace
func hostFuncName(name string) string { return runtime.SimgenFuncName(name) }

// hostSelect is a native select.
//
//go:norace
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

// hostTry is the native operation of a case, if it does not block.
//
//go:norace
func hostTry(c *RawCase) bool { return hostSelect([]Case{c}, false) == 0 }

// hostGOROOT is where Go was when the executable was built.
//
//go:norace
func hostGOROOT() string { return runtime.SimgenGOROOT() }

// hostPanicOnFault sets whether a fault of the running coroutine is a panic.
//
//go:norace
func hostPanicOnFault(on bool) (was bool) { return runtime.SimgenPanicOnFault(on) }

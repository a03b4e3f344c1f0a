package runtime

import (
	"runtime"
	"unsafe"
)

// What a program reads about its own goroutines: as Go's runtime would tell it,
// but about the process's simulated ones.

// maxDepthShown is how deep a stack is followed.
const maxDepthShown = 128

// Stack is runtime.Stack.
//
//go:norace
func Stack(buf []byte, all bool) int {
	self := current()
	if self == nil {
		return runtime.Stack(buf, all)
	}
	n := copy(buf, self.traceback())
	if !all {
		return n
	}
	for _, g := range self.process.byAge() {
		if g != self && n < len(buf) {
			n += copy(buf[n:], "\n"+g.traceback())
		}
	}
	return n
}

// GoroutineProfile is runtime.GoroutineProfile.
//
//go:norace
func GoroutineProfile(p []runtime.StackRecord) (n int, ok bool) {
	if current() == nil {
		return runtime.GoroutineProfile(p)
	}
	stacks := GoroutineStacks()
	if len(stacks) > len(p) {
		return len(stacks), false
	}
	for i, pcs := range stacks {
		p[i] = runtime.StackRecord{}
		copy(p[i].Stack0[:], pcs)
	}
	return len(stacks), true
}

// GoroutineStacks returns the stacks of the process's goroutines as program
// counters, the caller's first.
//
//go:norace
func GoroutineStacks() [][]uintptr {
	self := current()
	list := [][]uintptr{self.callers()}
	for _, g := range self.process.byAge() {
		if g != self {
			list = append(list, g.callers())
		}
	}
	return list
}

// byAge returns the process's goroutines in the order they were started.
//
//go:norace
func (p *Process) byAge() []*G {
	all := append([]*G(nil), p.goroutines...)
	sortBy(all, func(a, b *G) bool { return a.id < b.id })
	return all
}

// status says what g does, in Go's words.
//
//go:norace
func (g *G) status() string {
	text := sched.stateOf(g)
	if g.resting {
		text += " (durable)"
	}
	if g.bubble != nil {
		text += ", synctest bubble " + utoa(g.bubble.number)
	}
	return text
}

// traceback is the goroutine's part of a traceback.
//
//go:norace
func (g *G) traceback() string {
	text := "goroutine " + utoa(g.id) + " [" + g.status() + "]:\n"
	pcs := g.callers()
	if len(pcs) > 0 {
		list := runtime.CallersFrames(pcs)
		for more := true; more; {
			var f runtime.Frame
			if f, more = list.Next(); more || !g.inWrapper() {
				text += call(f)
			}
		}
	}
	if g.created == 0 {
		return text
	}
	f := frameAt(g.created)
	return text + "created by " + f.Function + " in goroutine " + utoa(g.parentID) + "\n" + place(f)
}

// inWrapper reports whether the last frame of g's stack is not the program's.
//
//go:norace
func (g *G) inWrapper() bool { return g.wrapped && g.fn == nil }

// call is a frame: the function and where in it.
//
//go:norace
func call(f runtime.Frame) string { return signature(f) + "\n" + place(f) }

// signature is a frame's function as Go writes it, but for the values of its
// arguments: f() without any, f(...) with some, or if it was inlined.
//
//go:norace
func signature(f runtime.Frame) string {
	name := hostFuncName(f.Function)
	if name == "runtime.gopanic" {
		name = "panic"
	}
	if f.Func != nil && hostNoArguments(f.Entry) {
		return name + "()"
	}
	return name + "(...)"
}

//go:norace
func place(f runtime.Frame) string {
	text := "\t" + f.File + ":" + utoa(uint64(f.Line))
	if f.Func != nil && f.PC > f.Entry {
		text += " +0x" + hex(uint64(f.PC+1-f.Entry)) // the return address, as Go has it
	}
	return text + "\n"
}

// callers is where g is, without the frames of the simulation.
//
//go:norace
func (g *G) callers() []uintptr {
	if g.fn != nil { // not started yet: it is at the beginning of its function
		return []uintptr{**(**uintptr)(unsafe.Pointer(&g.fn)) + 1}
	}
	pcs := make([]uintptr, maxDepthShown)
	if g == current() {
		pcs = pcs[:runtime.Callers(1, pcs)]
	} else {
		pcs = pcs[:hostCallers(g.worker.self, pcs)]
	}
	first := 0
	for first < len(pcs) && below(pcs[first]) {
		first++
	}
	last := first
	for last < len(pcs) && !starts(pcs[last]) {
		last++
	}
	for last > first && below(pcs[last-1]) {
		last--
	}
	return pcs[first:last]
}

// below reports whether a frame is what a program does not see of the runtime.
//
//go:norace
func below(pc uintptr) bool {
	f := frameAt(pc)
	return own(f) || hasPrefix(f.Function, "runtime.")
}

// starts reports whether a frame is one that runs goroutines or events.
//
//go:norace
func starts(pc uintptr) bool {
	f := frameAt(pc)
	return own(f) && hasPrefix(f.Function, ownPrefix+"(*")
}

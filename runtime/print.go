package runtime

import "unsafe"

// What the builtins print and println write in a simulated goroutine goes to its
// process's standard error, a statement at a time. The pieces come from Go's own
// functions, between which nothing switches, so that they look as in any program.

var printedText []byte // of the statement in progress

//go:norace
func printing(p unsafe.Pointer, n int) {
	printedText = append(printedText, unsafe.Slice((*byte)(p), n)...)
}

//go:norace
func printed() {
	text := printedText
	printedText = nil
	write(text)
}

// Write is the runtime's write of n bytes to standard error.
//
//go:norace
func Write(p unsafe.Pointer, n int32) int32 {
	write(append([]byte(nil), unsafe.Slice((*byte)(p), n)...))
	return n
}

//go:norace
func write(text []byte) {
	g := current()
	if len(text) == 0 || g == nil {
		return
	}
	g.point()
	kernel(func() { sched.cfg.Kernel.Print(g.process, text) })
	g.point()
}

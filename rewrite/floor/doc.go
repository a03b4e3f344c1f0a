// Package floor is the place where the standard library meets the real
// runtime and the real kernel.
//
// Everything above the floor is rewritten by package rewrite like any other
// Go code. What is left are some sixty functions that are implemented by Go's
// runtime, in assembly, or by a system call: semaphores, timers, the network
// poller, randomness, exit. The table in rows.go lists each of them with its
// replacement and the reason. A row is found by name in the source of the
// release that is being compiled; a row that finds nothing is an error that
// names the row and the release, so that a new Go release says by itself what
// to look at.
//
// A replacement never takes the original away. A patched function first asks
// whether the calling goroutine is simulated and otherwise does what it always
// did:
//
//	func Sleep(d Duration)
//
// becomes
//
//	func Sleep(d Duration) { if simgen.Simulated() { simgen.Sleep(int64(d)); return }; simgenNative_Sleep(d) }
//
// and the definition that Go's runtime pushes to time.Sleep is renamed to
// time.simgenNative_Sleep. Patches never add or remove a line, so positions in
// the standard library stay true.
//
// The package works on bytes and syntax only: no types, no files, no
// processes. Package build is its only caller.
package floor

package runtime

import "unsafe"

// Release and Acquire tell the race detector, if there is one, that what the
// caller has done happens before what another goroutine does after it has
// acquired p. They are for who hands values from one goroutine to another in a
// way that the detector does not know.
//
//go:norace
func Release(p unsafe.Pointer) { hostRelease(p) }

// Acquire is the other side of Release.
//
//go:norace
func Acquire(p unsafe.Pointer) { hostAcquire(p) }

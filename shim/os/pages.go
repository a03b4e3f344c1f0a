package os

import (
	"runtime"
	"syscall"
	"unsafe"
)

// Pages are memory of the host, outside of Go's heap, for programs that map memory: it can be protected, and it is
// not there before it is touched.
type Pages struct {
	Memory []byte
	mapped []byte // with what comes before Memory and after it
	free   runtime.Cleanup
}

// pagesAlign is what Pages are aligned to. Allocators map more than they need, and unmap what comes before and after an aligned
// part of it. How much that is must not depend on where the host puts the memory: each unmapping is an event of the simulation.
const pagesAlign = 2 << 20

// NewPages returns at least length bytes of zeros to read and write. They go with Free, or when nothing knows the
// Pages any more.
func NewPages(length int) (*Pages, syscall.Errno) {
	length = (length + pageSize - 1) &^ (pageSize - 1)
	b, err := syscall.Mmap(-1, 0, length+pagesAlign-pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		return nil, errnoOf(err)
	}
	skip := int(-uintptr(unsafe.Pointer(&b[0])) & (pagesAlign - 1))
	p := &Pages{Memory: b[skip : skip+length : skip+length], mapped: b}
	p.free = runtime.AddCleanup(p, func(b []byte) { _ = syscall.Munmap(b) }, b)
	return p, 0
}

// Free gives the memory back.
func (p *Pages) Free() {
	p.free.Stop()
	_ = syscall.Munmap(p.mapped) // it is mapped: nothing can be wrong with it
	p.Memory, p.mapped = nil, nil
}

// Protect changes what may be done with a part of the memory.
func (p *Pages) Protect(part []byte, protection int) syscall.Errno {
	return errnoOf(syscall.Mprotect(part, protection))
}

// Zero makes a part of the memory zeros.
func (p *Pages) Zero(part []byte) syscall.Errno {
	return errnoOf(syscall.Madvise(part, syscall.MADV_DONTNEED))
}

// Discard takes a part of the memory away: it may not be touched any more.
func (p *Pages) Discard(part []byte) syscall.Errno {
	if errno := p.Zero(part); errno != 0 {
		return errno
	}
	return p.Protect(part, syscall.PROT_NONE)
}

func errnoOf(err error) syscall.Errno {
	errno, _ := err.(syscall.Errno)
	return errno
}

package os

import (
	"testing"
	"unsafe"
)

func TestPagesAreAligned(t *testing.T) {
	for i := range 50 {
		length := i*pageSize + 1
		p, errno := NewPages(length)
		if errno != 0 {
			t.Fatal(errno)
		}
		if at := uintptr(unsafe.Pointer(&p.Memory[0])); at%pagesAlign != 0 {
			t.Errorf("%d bytes are at %#x", length, at)
		}
		if len(p.Memory) != (i+1)*pageSize {
			t.Errorf("%d bytes, want %d pages", len(p.Memory), i+1)
		}
		p.Memory[0], p.Memory[len(p.Memory)-1] = 1, 1
		if i%2 == 0 {
			p.Free()
		}
	}
}

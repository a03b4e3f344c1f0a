package os

import (
	"syscall"
	"unsafe"
)

// mapping is memory in which pages of a file lie, for programs that have mapped the file: what is written to
// the file is seen there at once. The programs themselves must not write to it, since nothing would notice.
type mapping struct {
	first  int // the file's page at the beginning of memory
	memory []byte
	users  int
}

// page is the place of page i of the file, or nil if it is outside of the mapping.
func (m *mapping) page(i int) *page {
	if m == nil || i < m.first || i >= m.first+len(m.memory)/pageSize {
		return nil
	}
	at := (i - m.first) * pageSize
	return (*page)(m.memory[at : at+pageSize])
}

// Memory returns n bytes of zeros, rounded up to pages, that begin at a page boundary as mapped memory does.
func Memory(n int) []byte {
	n = (n + pageSize - 1) &^ (pageSize - 1)
	b := make([]byte, n+pageSize)
	skip := int(-uintptr(unsafe.Pointer(&b[0])) & (pageSize - 1))
	return b[skip : skip+n : skip+n]
}

// Map returns memory that shows length bytes of a regular file from off on, a page boundary, for reading. A file
// that is mapped already can be mapped again inside of what is mapped only; otherwise the errno is ENOSYS.
func (n *Inode) Map(off int64, length int) ([]byte, syscall.Errno) {
	c := &n.data
	first, pages := int(off/pageSize), (length+pageSize-1)/pageSize
	if m := c.mapped; m != nil {
		if m.page(first) == nil || m.page(first+pages-1) == nil {
			return nil, syscall.ENOSYS
		}
		m.users++
		return m.memory[(first-m.first)*pageSize:][:pages*pageSize], 0
	}
	c.own()
	c.mapped = &mapping{first: first, memory: Memory(pages * pageSize), users: 1}
	for i := first; i < min(first+pages, len(c.pages)); i++ {
		if pg := c.pages[i]; pg != nil {
			c.pages[i] = c.mapped.page(i)
			*c.pages[i] = *pg
		}
	}
	return c.mapped.memory, 0
}

// Unmap gives back what Map returned. The file keeps its pages there until they are written again.
func (n *Inode) Unmap() {
	m := n.data.mapped
	if m == nil {
		return // it did not outlive a crash
	}
	if m.users--; m.users == 0 {
		n.data.mapped = nil
	}
}

package os

import "syscall"

// mapping is memory in which pages of a file lie, for programs that have mapped the file: what is written to
// the file is seen there at once.
//
// What programs write there, if they may, is in the file at once as well, since the file's pages lie there; but nothing tells that
// it happened. So the file remembers how its pages were, and compares whenever it matters; see content.notice.
type mapping struct {
	first  int // the file's page at the beginning of memory
	memory []byte
	users  int

	pages *Pages        // hold memory, if programs only read it
	host  *sharedMemory // holds it, if they may write to it
	seen  map[int]*page // pages as they were when last looked at, if programs may write to them; nil for those that were all zeros
}

// page is the place of page i of the file, or nil if it is outside of the mapping.
func (m *mapping) page(i int) *page {
	if m == nil || i < m.first || i >= m.first+len(m.memory)/pageSize {
		return nil
	}
	at := (i - m.first) * pageSize
	return (*page)(m.memory[at : at+pageSize])
}

// writable reports whether programs may write to the memory.
func (m *mapping) writable() bool { return m != nil && m.seen != nil }

// touched calls f for each page of a file of this many pages that may not be zeros.
func (m *mapping) touched(pages int, f func(i int)) {
	if m.host != nil {
		m.host.touched(func(i int) { f(m.first + i) })
		return
	}
	for i := m.first; i < min(pages, m.first+len(m.memory)/pageSize); i++ {
		f(i)
	}
}

// Map returns memory that shows length bytes of a regular file from off on, a page boundary. A file that is mapped already can
// be mapped again inside of what is mapped only; otherwise the errno is ENOSYS.
func (n *Inode) Map(off int64, length int, write bool) ([]byte, syscall.Errno) {
	c := &n.data
	first, pages := int(off/pageSize), (length+pageSize-1)/pageSize
	if m := c.mapped; m != nil {
		if m.page(first) == nil || m.page(first+pages-1) == nil {
			return nil, syscall.ENOSYS
		}
		m.users++
		if write && !m.writable() {
			c.watch()
			n.disk.remember(n)
		}
		return m.memory[(first-m.first)*pageSize:][:pages*pageSize], 0
	}
	m := &mapping{first: first, users: 1}
	var errno syscall.Errno
	if write {
		if m.host, errno = newSharedMemory(pages); errno != 0 {
			return nil, errno
		}
		m.memory = m.host.memory
	} else {
		if m.pages, errno = NewPages(pages * pageSize); errno != 0 {
			return nil, errno
		}
		m.memory = m.pages.Memory
	}
	c.show(m)
	if write {
		n.disk.remember(n)
	}
	return m.memory, 0
}

// MappedWritable reports whether programs may write to the file through memory.
func (n *Inode) MappedWritable() bool { return n.data.mapped.writable() }

// Unmap gives back what Map returned. The file keeps what is there.
func (n *Inode) Unmap() {
	m := n.data.mapped
	if m == nil {
		return // it did not outlive a crash
	}
	if m.users--; m.users == 0 {
		n.notice()
		n.data.hide()
	}
}

// Remap makes the only mapping of a file longer or shorter. It may move. The errno is ENOSYS if the file is mapped
// more than once.
func (n *Inode) Remap(length int) ([]byte, syscall.Errno) {
	m := n.data.mapped
	if m == nil || m.users != 1 {
		return nil, syscall.ENOSYS
	}
	off, write := int64(m.first)*pageSize, m.writable()
	n.Unmap()
	return n.Map(off, length, write)
}

// show lets the file's pages lie in a new mapping.
func (c *content) show(m *mapping) {
	c.own()
	c.mapped = m
	if m.host != nil {
		m.host.end(c.pageCount() - m.first)
	}
	for i := m.first; i < min(m.first+len(m.memory)/pageSize, len(c.pages)); i++ {
		if pg := c.pages[i]; pg != nil {
			c.pages[i] = m.page(i)
			*c.pages[i] = *pg
		}
	}
	if m.host != nil {
		c.watch()
	}
}

// watch begins to look for changes that programs make in mapped memory.
func (c *content) watch() {
	m := c.mapped
	m.seen = map[int]*page{}
	for i := m.first; i < min(m.first+len(m.memory)/pageSize, len(c.pages)); i++ {
		if pg := c.pages[i]; pg != nil {
			now := *pg
			m.seen[i] = &now
		}
	}
}

// hide takes the file's pages out of its mapping, in which all changes have been noticed.
func (c *content) hide() {
	m := c.mapped
	c.mapped = nil
	if m.writable() {
		for i, pg := range m.seen { // in any order: each is another page
			c.pages[i] = pg
		}
	} else {
		for i := m.first; i < len(c.pages) && m.page(i) != nil; i++ {
			if c.pages[i] != nil {
				pg := *c.pages[i]
				c.pages[i] = &pg
			}
		}
	}
	if m.host != nil {
		m.host.close()
	}
	if m.pages != nil {
		m.pages.Free()
	}
}

// notice finds out what programs have written to mapped memory since it was last called. It is as if they had written it to the
// file just now.
func (c *content) notice() (changed bool) {
	m := c.mapped
	if !m.writable() {
		return false
	}
	m.touched(c.pageCount(), func(i int) {
		now, before := m.page(i), m.seen[i]
		if before == nil && *now == (page{}) || before != nil && *now == *before {
			return
		}
		changed = true
		c.reach(i)
		c.pages[i] = now
		if _, done := c.saved[i]; !done && int64(i)*pageSize < c.durable {
			c.keep(i, before)
			before = nil // it belongs to the past now
		}
		if before == nil {
			before = new(page)
			m.seen[i] = before
		}
		*before = *now
	})
	return changed
}

// notice is what must be known before it matters which changes of the file are durable.
func (n *Inode) notice() {
	if n.data.notice() {
		n.modified()
	}
}

// SyncRange makes length bytes of the file from off on durable, and its names.
func (n *Inode) SyncRange(off, length int64) {
	n.notice()
	n.data.syncRange(int(off/pageSize), int((off+length+pageSize-1)/pageSize))
	if !n.data.dirty() {
		n.dirtySince = 0
	}
	n.disk.commit(n.lastChange)
}

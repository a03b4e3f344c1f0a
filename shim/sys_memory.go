package shim

import (
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

const pageSize = 4096

// region is mapped memory: real pages of the host, or the pages of the file that a shared mapping shows.
type region struct {
	memory []byte
	pages  *os.Pages
	file   *os.Inode
	off    int64 // in file
}

// sysMmap maps memory: anonymous, a private copy of a file, or a shared mapping of a file.
func sysMmap(p *process, a args) (uintptr, syscall.Errno) {
	length, protection, flags, off := a[1], int(a[2]), int(a[3]), int64(a[5])
	const most = 1 << 40
	switch {
	case length == 0 || off%pageSize != 0 || off < 0:
		return 0, syscall.EINVAL
	case length > most:
		return 0, syscall.ENOMEM
	case flags&syscall.MAP_FIXED != 0:
		p.node.world.report("mmap with MAP_FIXED")
		return 0, syscall.ENOSYS
	case flags&syscall.MAP_ANON != 0:
		return p.mapPages(int(length), protection, nil, 0)
	}
	f, errno := p.file(a[4])
	if errno != 0 {
		return 0, errno
	}
	d, ok := f.object.(*diskFile)
	write := protection&syscall.PROT_WRITE != 0
	shared := flags&syscall.MAP_SHARED != 0 // or MAP_SHARED_VALIDATE
	switch {
	case !f.mayRead() || shared && write && !f.mayWrite():
		return 0, syscall.EACCES
	case !ok || !d.inode.IsRegular():
		return 0, syscall.ENODEV
	case !shared:
		return p.mapPages(int(length), protection, d.inode, off)
	}
	// A mapping of a file that is open for writing may be made writable later; few programs do that, and those that only
	// read should not pay for it.
	memory, errno := d.inode.Map(off, int(length), write)
	if errno != 0 {
		p.node.world.report("mmap of a file that is mapped in part")
		return 0, errno
	}
	return p.remember(region{memory: memory, file: d.inode, off: off}), 0
}

// mapPages maps pages of the host: zeros, or a copy of a file.
func (p *process) mapPages(length, protection int, n *os.Inode, off int64) (uintptr, syscall.Errno) {
	pages, errno := os.NewPages(length)
	if errno != 0 {
		return 0, errno
	}
	if n != nil {
		n.ReadAt(pages.Memory, off)
	}
	if errno := pages.Protect(pages.Memory, protection); errno != 0 {
		pages.Free()
		return 0, errno
	}
	return p.remember(region{memory: pages.Memory, pages: pages}), 0
}

// remember keeps mapped memory alive until it is unmapped.
func (p *process) remember(r region) uintptr {
	if p.maps == nil {
		p.maps = map[uintptr][]region{}
	}
	at := number(&r.memory[0])
	p.maps[at] = append(p.maps[at], r) // the same part of a file can be mapped more than once
	return at
}

func sysMunmap(p *process, a args) (uintptr, syscall.Errno) {
	if a[0]%pageSize != 0 || a[1] == 0 {
		return 0, syscall.EINVAL
	}
	if r, part := p.regionOf(a[0], a[1]); r.pages != nil && len(part) < len(r.memory) {
		// What is left stays mapped until all of it goes.
		return 0, r.pages.Discard(part)
	}
	if r, ok := p.forget(a[0]); ok {
		r.release()
	}
	return 0, 0
}

// forget takes the region that begins at an address from the list.
func (p *process) forget(at uintptr) (region, bool) {
	list := p.maps[at]
	if len(list) == 0 {
		return region{}, false
	}
	last := len(list) - 1
	r := list[last]
	if list = list[:last]; last == 0 {
		delete(p.maps, at)
	} else {
		p.maps[at] = list
	}
	return r, true
}

// sysMremap makes a mapping longer or shorter, and moves it.
func sysMremap(p *process, a args) (uintptr, syscall.Errno) {
	const mayMove = 1
	old, before, after := a[0], a[1], a[2]
	if old%pageSize != 0 || after == 0 || a[3]&^mayMove != 0 {
		if a[3]&^mayMove != 0 {
			p.node.world.report("mremap to a fixed address")
		}
		return 0, syscall.EINVAL
	}
	r, part := p.regionOf(old, before)
	switch {
	case part == nil:
		return 0, syscall.EFAULT
	case len(part) == int(after+pageSize-1)&^(pageSize-1):
		return old, 0
	case a[3]&mayMove == 0:
		return 0, syscall.ENOMEM // there is always something behind it
	case len(part) < len(r.memory):
		p.node.world.report("mremap of a part of a mapping")
		return 0, syscall.ENOSYS
	}
	if r.pages != nil {
		pages, errno := os.NewPages(int(after))
		if errno != 0 {
			return 0, errno
		}
		copy(pages.Memory, r.memory)
		p.forget(old)
		r.release()
		return p.remember(region{memory: pages.Memory, pages: pages}), 0
	}
	memory, errno := r.file.Remap(int(after))
	if errno != 0 {
		p.node.world.report("mremap of a file that is mapped more than once")
		return 0, errno
	}
	p.forget(old)
	return p.remember(region{memory: memory, file: r.file, off: r.off}), 0
}

// sysMsync makes durable what was written to mapped memory.
func sysMsync(p *process, a args) (uintptr, syscall.Errno) {
	const async, sync = 1, 4
	if a[0]%pageSize != 0 || a[2]&async != 0 && a[2]&sync != 0 {
		return 0, syscall.EINVAL
	}
	if a[1] == 0 {
		return 0, 0
	}
	r, part := p.regionOf(a[0], a[1])
	if part == nil {
		return 0, syscall.ENOMEM
	}
	if r.file != nil && a[2]&sync != 0 {
		p.sync(func() { r.file.SyncRange(r.off+int64(a[0]-number(&r.memory[0])), int64(len(part))) })
	}
	return 0, 0
}

func (r region) release() {
	if r.file != nil {
		r.file.Unmap()
	}
	if r.pages != nil {
		r.pages.Free()
	}
}

// regionOf finds the region in which all pages of an address range lie, and those pages; a region without memory
// says that there is none.
func (p *process) regionOf(at, length uintptr) (region, []byte) {
	length = (length + pageSize - 1) &^ (pageSize - 1)
	for first, list := range p.maps { // in any order: regions do not overlap
		r := list[len(list)-1]
		if at >= first && length <= uintptr(len(r.memory)) && at-first <= uintptr(len(r.memory))-length {
			return r, r.memory[at-first:][:length]
		}
	}
	return region{}, nil
}

// sysMprotect protects real memory for real: who touches it faults.
func sysMprotect(p *process, a args) (uintptr, syscall.Errno) {
	protection := int(a[2])
	if a[0]%pageSize != 0 {
		return 0, syscall.EINVAL
	}
	if a[1] == 0 {
		return 0, 0
	}
	r, part := p.regionOf(a[0], a[1])
	switch {
	case r.memory == nil:
		return 0, syscall.ENOMEM
	case r.pages != nil:
		return 0, r.pages.Protect(part, protection)
	case protection == syscall.PROT_READ || protection == syscall.PROT_READ|syscall.PROT_WRITE && r.file.MappedWritable():
		return 0, 0 // that it is written to against this is not noticed
	}
	p.node.world.report("mprotect of a shared mapping")
	return 0, syscall.ENOSYS
}

// sysMadvise takes advice that programs can see the effect of: pages that are not needed become zeros.
func sysMadvise(p *process, a args) (uintptr, syscall.Errno) {
	if a[0]%pageSize != 0 {
		return 0, syscall.EINVAL
	}
	if r, part := p.regionOf(a[0], a[1]); r.pages != nil && a[2] == syscall.MADV_DONTNEED && len(part) > 0 {
		return 0, r.pages.Zero(part)
	}
	return 0, 0
}

// sysSchedYield lets others run.
func sysSchedYield(p *process, a args) (uintptr, syscall.Errno) {
	p.sleep(0, "sched_yield")
	return 0, 0
}

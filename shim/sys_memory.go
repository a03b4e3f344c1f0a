package shim

import (
	"syscall"
	"unsafe"
)

const pageSize = 4096

// sysMmap maps memory that is the process's own: anonymous, or a private copy of a file. It comes from Go's
// heap, cut out so that it starts at a page boundary. Shared mappings of files are not modelled.
func sysMmap(p *process, a args) (uintptr, syscall.Errno) {
	length, flags, fd, off := a[1], int(a[3]), a[4], int64(a[5])
	switch {
	case length == 0 || int(length) < 0 || off%pageSize != 0:
		return 0, syscall.EINVAL
	case flags&syscall.MAP_FIXED != 0:
		p.node.world.report("mmap with MAP_FIXED")
		return 0, syscall.ENOSYS
	case flags&syscall.MAP_ANON == 0 && flags&syscall.MAP_SHARED != 0:
		p.node.world.report("mmap with MAP_SHARED of a file")
		return 0, syscall.ENOSYS
	}
	length = (length + pageSize - 1) &^ (pageSize - 1)
	memory := make([]byte, length+pageSize)
	start := uintptr(unsafe.Pointer(&memory[0]))
	skip := -start & (pageSize - 1)
	if flags&syscall.MAP_ANON == 0 {
		n, errno := p.inodeOf(fd)
		switch {
		case errno != 0:
			return 0, syscall.EBADF
		case !n.IsRegular():
			return 0, syscall.ENODEV
		}
		n.ReadAt(memory[skip:skip+length], off)
	}
	if p.maps == nil {
		p.maps = map[uintptr][]byte{}
	}
	p.maps[start+skip] = memory // keeps it alive until munmap
	return start + skip, 0
}

func sysMunmap(p *process, a args) (uintptr, syscall.Errno) {
	if a[0]%pageSize != 0 || a[1] == 0 {
		return 0, syscall.EINVAL
	}
	delete(p.maps, a[0])
	return 0, 0
}

// sysSchedYield lets others run.
func sysSchedYield(p *process, a args) (uintptr, syscall.Errno) {
	p.sleep(0, "sched_yield")
	return 0, 0
}

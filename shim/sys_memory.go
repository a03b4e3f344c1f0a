package shim

import (
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

const pageSize = 4096

// region is mapped memory; file is what a shared mapping shows.
type region struct {
	memory []byte
	file   *os.Inode
}

// sysMmap maps memory, which comes from Go's heap: anonymous, a private copy of a file, or a shared mapping of a
// file for reading. Writing to a file through memory is not modelled.
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
		return p.remember(region{memory: os.Memory(int(length))}), 0
	}
	n, errno := p.inodeOf(a[4])
	switch {
	case errno != 0:
		return 0, syscall.EBADF
	case !n.IsRegular():
		return 0, syscall.ENODEV
	case flags&syscall.MAP_SHARED == 0:
		r := region{memory: os.Memory(int(length))}
		n.ReadAt(r.memory, off)
		return p.remember(r), 0
	case protection&syscall.PROT_WRITE != 0:
		p.node.world.report("mmap of a file, shared and writable")
		return 0, syscall.ENOSYS
	}
	memory, errno := n.Map(off, int(length))
	if errno != 0 {
		p.node.world.report("mmap of a file that is mapped in part")
		return 0, errno
	}
	return p.remember(region{memory, n}), 0
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
	if list := p.maps[a[0]]; len(list) > 0 {
		list[len(list)-1].release()
		if list = list[:len(list)-1]; len(list) == 0 {
			delete(p.maps, a[0])
		} else {
			p.maps[a[0]] = list
		}
	}
	return 0, 0
}

func (r region) release() {
	if r.file != nil {
		r.file.Unmap()
	}
}

// sysSchedYield lets others run.
func sysSchedYield(p *process, a args) (uintptr, syscall.Errno) {
	p.sleep(0, "sched_yield")
	return 0, 0
}

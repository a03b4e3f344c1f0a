package os

import (
	"runtime"
	"syscall"
	"unsafe"
)

// sharedMemory is memory of the host in which the pages of a file lie that programs may write to. It is a file of the host
// without a name, since of such a file the host says which pages were ever touched, however many there are, and lets who goes
// beyond its end fault, as Linux does.
type sharedMemory struct {
	memory []byte
	fd     int
	free   runtime.Cleanup
}

type hostMapping struct {
	memory []byte
	fd     int
}

func (h hostMapping) close() {
	_ = syscall.Munmap(h.memory) // it is mapped, and the descriptor is open: nothing can be wrong with them
	_ = syscall.Close(h.fd)
}

// newSharedMemory maps a number of pages of zeros. It goes with close, or when nothing knows it any more.
func newSharedMemory(pages int) (*sharedMemory, syscall.Errno) {
	const closeOnExec = 1
	name := [...]byte{'s', 'i', 'm', 'g', 'e', 'n', 0}
	fd, _, errno := syscall.Syscall(sysMEMFD_CREATE, uintptr(unsafe.Pointer(&name)), closeOnExec, 0)
	if errno != 0 {
		return nil, errno
	}
	s := &sharedMemory{fd: int(fd)}
	var err error
	if s.memory, err = syscall.Mmap(s.fd, 0, pages*pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_NORESERVE); err != nil {
		_ = syscall.Close(s.fd)
		return nil, errnoOf(err)
	}
	s.free = runtime.AddCleanup(s, hostMapping.close, hostMapping{s.memory, s.fd})
	return s, 0
}

// end says how many pages there are up to the end of the file. Beyond it nobody may touch the memory.
func (s *sharedMemory) end(pages int) {
	pages = max(0, min(pages, len(s.memory)/pageSize))
	_ = syscall.Ftruncate(s.fd, int64(pages)*pageSize) // fails only for a size that no file can have
}

// touched calls f for each page that was ever read or written since it lies before the end.
func (s *sharedMemory) touched(f func(i int)) {
	const data, hole = 3, 4
	for at := int64(0); ; {
		first, err := syscall.Seek(s.fd, at, data)
		if err != nil {
			return // ENXIO: there is nothing more
		}
		if at, err = syscall.Seek(s.fd, first, hole); err != nil {
			return
		}
		for i := first / pageSize; i < (at+pageSize-1)/pageSize; i++ {
			f(int(i))
		}
	}
}

func (s *sharedMemory) close() {
	s.free.Stop()
	hostMapping{s.memory, s.fd}.close()
	s.memory = nil
}

package shim

import (
	"syscall"
	"unsafe"
)

// A system call's pointers arrive as numbers. They point to memory of the caller that stays where it is until
// the call returns: package syscall keeps it alive and off the movable stacks.

// pointer makes a number the pointer it was.
func pointer(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// at is the T a system call's argument points to, or nil.
func at[T any](a uintptr) *T { return (*T)(pointer(a)) }

// memory is the n bytes an argument points to.
func memory(a, n uintptr) ([]byte, syscall.Errno) {
	switch {
	case n == 0:
		return nil, 0
	case a == 0:
		return nil, syscall.EFAULT
	case int(n) < 0:
		return nil, syscall.EINVAL
	}
	return unsafe.Slice((*byte)(pointer(a)), n), 0
}

// text is the zero-terminated string an argument points to.
func text(a uintptr) (string, syscall.Errno) {
	if a == 0 {
		return "", syscall.EFAULT
	}
	const longest = 4096 // PATH_MAX
	p := (*byte)(pointer(a))
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		if n++; n >= longest {
			return "", syscall.ENAMETOOLONG
		}
	}
	return string(unsafe.Slice(p, n)), 0
}

// putAddress stores a socket address where a system call's arguments say, cut off if there is less room.
func putAddress(b []byte, to, length uintptr) syscall.Errno {
	if to == 0 {
		return 0
	}
	n := at[uint32](length)
	if n == nil {
		return syscall.EFAULT
	}
	room, errno := memory(to, uintptr(*n))
	if errno != 0 {
		return errno
	}
	copy(room, b)
	*n = uint32(len(b))
	return 0
}

// vectors are the buffers of readv and writev.
func vectors(a, n uintptr) ([][]byte, syscall.Errno) {
	const most = 1024 // IOV_MAX
	if n > most {
		return nil, syscall.EINVAL
	}
	if n > 0 && a == 0 {
		return nil, syscall.EFAULT
	}
	var all [][]byte
	for _, v := range unsafe.Slice(at[syscall.Iovec](a), n) {
		if v.Len > 0 {
			all = append(all, unsafe.Slice(v.Base, v.Len))
		}
	}
	return all, 0
}

// number is the pointer of a structure in the caller's memory, as a number again.
func number[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

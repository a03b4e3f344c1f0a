package shim

import (
	"encoding/binary"
	"syscall"
	"unsafe"

	"github.com/simgen-dev/simgen/shim/net"
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

// address reads a socket address for a socket of the given family.
func address(a, n uintptr, family int) (net.Addr, syscall.Errno) {
	b, errno := memory(a, n)
	if errno != 0 {
		return net.Addr{}, errno
	}
	if len(b) < 2 {
		return net.Addr{}, syscall.EINVAL
	}
	given := int(binary.NativeEndian.Uint16(b))
	switch {
	case given == syscall.AF_UNSPEC:
		return net.Addr{}, syscall.EAFNOSUPPORT
	case given != family:
		return net.Addr{}, syscall.EAFNOSUPPORT
	case given == syscall.AF_INET && len(b) >= syscall.SizeofSockaddrInet4:
		ip := net.IPv4(b[4], b[5], b[6], b[7])
		return net.Addr{IP: ip, Port: binary.BigEndian.Uint16(b[2:])}, 0
	case given == syscall.AF_INET6 && len(b) >= syscall.SizeofSockaddrInet6-4: // the scope is newer
		var ip net.IP
		copy(ip[:], b[8:])
		return net.Addr{IP: ip, Port: binary.BigEndian.Uint16(b[2:])}, 0
	}
	return net.Addr{}, syscall.EINVAL
}

// encodeAddress is a socket address as a socket of the given family reports it.
func encodeAddress(addr net.Addr, family int) []byte {
	if family == syscall.AF_INET {
		b := make([]byte, syscall.SizeofSockaddrInet4)
		binary.NativeEndian.PutUint16(b, syscall.AF_INET)
		binary.BigEndian.PutUint16(b[2:], addr.Port)
		copy(b[4:8], addr.IP[12:])
		return b
	}
	b := make([]byte, syscall.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint16(b, syscall.AF_INET6)
	binary.BigEndian.PutUint16(b[2:], addr.Port)
	copy(b[8:24], addr.IP[:])
	return b
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

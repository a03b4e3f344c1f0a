package shim

import (
	"syscall"
	"time"
	"unsafe"

	"github.com/simgen-dev/simgen/shim/net"
)

// Numbers package syscall does not have.
const (
	soReusePort    = 15
	soProtocol     = 38
	soDomain       = 39
	soIncomingCPU  = 49
	tcpUserTimeout = 18
	tcpFastOpen    = 23
)

// harmless are the options that change nothing one could see here: they are remembered and reported back.
var harmless = map[[2]int]bool{
	{syscall.SOL_SOCKET, syscall.SO_BROADCAST}:          true,
	{syscall.SOL_SOCKET, syscall.SO_PRIORITY}:           true,
	{syscall.SOL_SOCKET, syscall.SO_OOBINLINE}:          true,
	{syscall.SOL_SOCKET, syscall.SO_DONTROUTE}:          true,
	{syscall.SOL_SOCKET, syscall.SO_MARK}:               true,
	{syscall.SOL_SOCKET, syscall.SO_TIMESTAMP}:          true,
	{syscall.SOL_SOCKET, soIncomingCPU}:                 true,
	{syscall.IPPROTO_TCP, syscall.TCP_NODELAY}:          true,
	{syscall.IPPROTO_TCP, syscall.TCP_CORK}:             true,
	{syscall.IPPROTO_TCP, syscall.TCP_QUICKACK}:         true,
	{syscall.IPPROTO_TCP, syscall.TCP_DEFER_ACCEPT}:     true,
	{syscall.IPPROTO_TCP, syscall.TCP_WINDOW_CLAMP}:     true,
	{syscall.IPPROTO_TCP, syscall.TCP_SYNCNT}:           true,
	{syscall.IPPROTO_TCP, tcpFastOpen}:                  true,
	{syscall.IPPROTO_IP, syscall.IP_TOS}:                true,
	{syscall.IPPROTO_IP, syscall.IP_TTL}:                true,
	{syscall.IPPROTO_IP, syscall.IP_MTU_DISCOVER}:       true,
	{syscall.IPPROTO_IP, syscall.IP_RECVERR}:            true,
	{syscall.IPPROTO_IP, syscall.IP_MULTICAST_TTL}:      true,
	{syscall.IPPROTO_IP, syscall.IP_MULTICAST_LOOP}:     true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS}:         true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_UNICAST_HOPS}:   true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_MTU_DISCOVER}:   true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_RECVERR}:        true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_MULTICAST_HOPS}: true,
	{syscall.IPPROTO_IPV6, syscall.IPV6_MULTICAST_LOOP}: true,
}

func sysSetsockopt(p *process, a args) (uintptr, syscall.Errno) {
	f, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	value := at[int32](a[3])
	if value == nil {
		return 0, syscall.EFAULT
	}
	if a[4] < 4 {
		return 0, syscall.EINVAL
	}
	which := [2]int{int(a[1]), int(a[2])}
	errno = e.setOption(which, *value, a[3], a[4])
	if errno == syscall.ENOPROTOOPT {
		p.node.world.report("setsockopt level " + decimal(a[1]) + " option " + decimal(a[2]))
	}
	if s, ok := f.object.(*tcpSocket); ok && errno == 0 {
		s.sock.OptionsChanged()
	}
	return 0, errno
}

func (e *endpoint) setOption(which [2]int, value int32, a, n uintptr) syscall.Errno {
	o := e.Options()
	on := value != 0
	switch which {
	case [2]int{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:
		o.ReuseAddr = on
	case [2]int{syscall.SOL_SOCKET, soReusePort}:
		o.ReusePort = on
	case [2]int{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:
		o.KeepAlive = on
	case [2]int{syscall.SOL_SOCKET, syscall.SO_LINGER}:
		if n < unsafe.Sizeof(syscall.Linger{}) {
			return syscall.EINVAL
		}
		l := at[syscall.Linger](a)
		o.LingerZero = l.Onoff != 0 && l.Linger == 0
	case [2]int{syscall.SOL_SOCKET, syscall.SO_SNDBUF}:
		o.SendBuffer = net.BufferSize(int(value))
	case [2]int{syscall.SOL_SOCKET, syscall.SO_RCVBUF}:
		o.ReceiveBuffer = net.BufferSize(int(value))
	case [2]int{syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY}:
		o.V6Only = on
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE}:
		return seconds(&o.KeepIdle, value)
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL}:
		return seconds(&o.KeepInterval, value)
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT}:
		if value < 1 || value > 127 {
			return syscall.EINVAL
		}
		o.KeepCount = int(value)
	case [2]int{syscall.IPPROTO_TCP, tcpUserTimeout}:
		if value < 0 {
			return syscall.EINVAL
		}
		o.UserTimeout = int64(value) * int64(time.Millisecond)
	default:
		if !harmless[which] {
			return syscall.ENOPROTOOPT
		}
		if e.ignored == nil {
			e.ignored = map[[2]int]uint32{}
		}
		e.ignored[which] = uint32(value)
	}
	return 0
}

func seconds(to *int64, value int32) syscall.Errno {
	if value < 1 || value > 32767 {
		return syscall.EINVAL
	}
	*to = int64(value) * int64(time.Second)
	return 0
}

func sysGetsockopt(p *process, a args) (uintptr, syscall.Errno) {
	f, e, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	n := at[uint32](a[4])
	if n == nil || a[3] == 0 {
		return 0, syscall.EFAULT
	}
	which := [2]int{int(a[1]), int(a[2])}
	if which == [2]int{syscall.SOL_SOCKET, syscall.SO_LINGER} {
		l := syscall.Linger{}
		if e.Options().LingerZero {
			l.Onoff = 1
		}
		return 0, putOption(a[3], n, unsafe.Slice((*byte)(unsafe.Pointer(&l)), unsafe.Sizeof(l)))
	}
	value, errno := e.option(f, which)
	if errno != 0 {
		p.node.world.report("getsockopt level " + decimal(a[1]) + " option " + decimal(a[2]))
		return 0, errno
	}
	return 0, putOption(a[3], n, unsafe.Slice((*byte)(unsafe.Pointer(&value)), 4))
}

func putOption(to uintptr, n *uint32, value []byte) syscall.Errno {
	b, errno := memory(to, uintptr(*n))
	if errno == 0 {
		*n = uint32(copy(b, value))
	}
	return errno
}

func (e *endpoint) option(f *openFile, which [2]int) (int32, syscall.Errno) {
	o := e.Options()
	flag := func(b bool) (int32, syscall.Errno) {
		if b {
			return 1, 0
		}
		return 0, 0
	}
	switch which {
	case [2]int{syscall.SOL_SOCKET, syscall.SO_ERROR}:
		return int32(e.TakeError()), 0
	case [2]int{syscall.SOL_SOCKET, syscall.SO_TYPE}:
		return int32(e.kind), 0
	case [2]int{syscall.SOL_SOCKET, soDomain}:
		return int32(e.family), 0
	case [2]int{syscall.SOL_SOCKET, soProtocol}:
		if e.kind == syscall.SOCK_STREAM {
			return syscall.IPPROTO_TCP, 0
		}
		return syscall.IPPROTO_UDP, 0
	case [2]int{syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN}:
		s, ok := f.object.(*tcpSocket)
		return flag(ok && s.sock.Listening())
	case [2]int{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:
		return flag(o.ReuseAddr)
	case [2]int{syscall.SOL_SOCKET, soReusePort}:
		return flag(o.ReusePort)
	case [2]int{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:
		return flag(o.KeepAlive)
	case [2]int{syscall.SOL_SOCKET, syscall.SO_SNDBUF}:
		return int32(o.SendBuffer), 0
	case [2]int{syscall.SOL_SOCKET, syscall.SO_RCVBUF}:
		return int32(o.ReceiveBuffer), 0
	case [2]int{syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY}:
		return flag(o.V6Only)
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE}:
		return int32(o.KeepIdle / int64(time.Second)), 0
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL}:
		return int32(o.KeepInterval / int64(time.Second)), 0
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT}:
		return int32(o.KeepCount), 0
	case [2]int{syscall.IPPROTO_TCP, tcpUserTimeout}:
		return int32(o.UserTimeout / int64(time.Millisecond)), 0
	case [2]int{syscall.IPPROTO_TCP, syscall.TCP_MAXSEG}:
		return 1448, 0
	}
	if harmless[which] {
		return int32(e.ignored[which]), 0
	}
	return 0, syscall.ENOPROTOOPT
}

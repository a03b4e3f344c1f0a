package shim

import (
	"encoding/binary"
	"slices"
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
var harmless = map[option]bool{
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
	f, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	value, errno := memory(a[3], a[4])
	if errno != 0 {
		return 0, errno
	}
	errno = s.setOption(option{int(a[1]), int(a[2])}, value)
	if errno == syscall.ENOPROTOOPT {
		p.node.world.report("setsockopt level " + decimal(a[1]) + " option " + decimal(a[2]))
	}
	if t, ok := f.object.(*tcpSocket); ok && errno == 0 {
		t.sock.OptionsChanged()
	}
	return 0, errno
}

func sysGetsockopt(p *process, a args) (uintptr, syscall.Errno) {
	_, s, errno := p.socket(a[0])
	if errno != 0 {
		return 0, errno
	}
	n := at[uint32](a[4])
	if n == nil {
		return 0, syscall.EFAULT
	}
	room, errno := memory(a[3], uintptr(*n))
	if errno != 0 {
		return 0, errno
	}
	value, errno := s.option(option{int(a[1]), int(a[2])})
	if errno == syscall.ENOPROTOOPT {
		p.node.world.report("getsockopt level " + decimal(a[1]) + " option " + decimal(a[2]))
	}
	if errno != 0 {
		return 0, errno
	}
	*n = uint32(copy(room, value))
	return 0, 0
}

// setOption implements socket.
func (s *inetSocket) setOption(which option, raw []byte) syscall.Errno {
	if s.foreign(which) {
		return syscall.EOPNOTSUPP
	}
	if len(raw) < 4 {
		return syscall.EINVAL
	}
	value := int32(binary.NativeEndian.Uint32(raw))
	o := s.Options()
	on := value != 0
	switch which {
	case option{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:
		o.ReuseAddr = on
	case option{syscall.SOL_SOCKET, soReusePort}:
		o.ReusePort = on
	case option{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:
		o.KeepAlive = on
	case option{syscall.SOL_SOCKET, syscall.SO_LINGER}:
		if len(raw) < int(unsafe.Sizeof(syscall.Linger{})) {
			return syscall.EINVAL
		}
		o.LingerZero = on && binary.NativeEndian.Uint32(raw[4:]) == 0
	case option{syscall.SOL_SOCKET, syscall.SO_SNDBUF}:
		o.SendBuffer = net.BufferSize(int(value))
	case option{syscall.SOL_SOCKET, syscall.SO_RCVBUF}:
		o.ReceiveBuffer = net.BufferSize(int(value))
	case option{syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY}:
		o.V6Only = on
	case option{syscall.IPPROTO_IP, syscall.IP_PKTINFO}:
		s.packetInfo = on
	case option{syscall.IPPROTO_IPV6, syscall.IPV6_RECVPKTINFO}:
		s.packetInfo6 = on
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE}:
		return seconds(&o.KeepIdle, value)
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL}:
		return seconds(&o.KeepInterval, value)
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT}:
		if value < 1 || value > 127 {
			return syscall.EINVAL
		}
		o.KeepCount = int(value)
	case option{syscall.IPPROTO_TCP, tcpUserTimeout}:
		if value < 0 {
			return syscall.EINVAL
		}
		o.UserTimeout = int64(value) * int64(time.Millisecond)
	case option{syscall.IPPROTO_TCP, syscall.TCP_SYNCNT}:
		if value < 1 || value > 127 {
			return syscall.EINVAL
		}
		o.SYNs = int(value)
	case option{syscall.IPPROTO_TCP, syscall.TCP_LINGER2}:
		o.FinWait = max(-1, min(int64(value), net.MaxFinWait)) * int64(time.Second)
	default:
		if !harmless[which] {
			return syscall.ENOPROTOOPT
		}
		if s.ignored == nil {
			s.ignored = map[option]uint32{}
		}
		s.ignored[which] = uint32(value)
	}
	return 0
}

// foreign reports whether an option is one of TCP and the socket is not.
func (s *inetSocket) foreign(which option) bool {
	return which.level == syscall.IPPROTO_TCP && s.kind != syscall.SOCK_STREAM
}

func seconds(to *int64, value int32) syscall.Errno {
	if value < 1 || value > 32767 {
		return syscall.EINVAL
	}
	*to = int64(value) * int64(time.Second)
	return 0
}

// option implements socket.
func (s *inetSocket) option(which option) ([]byte, syscall.Errno) {
	if s.foreign(which) {
		return nil, syscall.EOPNOTSUPP
	}
	if which == (option{syscall.SOL_SOCKET, syscall.SO_LINGER}) {
		b := make([]byte, unsafe.Sizeof(syscall.Linger{}))
		if s.Options().LingerZero {
			binary.NativeEndian.PutUint32(b, 1)
		}
		return b, 0
	}
	if t, ok := s.transport.(*net.TCP); ok && which == (option{syscall.IPPROTO_TCP, syscall.TCP_INFO}) {
		return tcpInfo(t), 0
	}
	if which == (option{syscall.SOL_SOCKET, syscall.SO_RCVTIMEO}) || which == (option{syscall.SOL_SOCKET, syscall.SO_SNDTIMEO}) {
		return make([]byte, unsafe.Sizeof(syscall.Timeval{})), 0 // none: they cannot be set
	}
	value, errno := s.integer(which)
	return binary.NativeEndian.AppendUint32(nil, uint32(value)), errno
}

// tcpInfo is the structure of TCP_INFO. What the machine does not have is zero.
func tcpInfo(t *net.TCP) []byte {
	i := t.Info()
	micros := func(ns int64) uint32 { return uint32(ns / int64(time.Microsecond)) }
	millis := func(ns int64) uint32 { return uint32(ns / int64(time.Millisecond)) }
	info := syscall.TCPInfo{
		State: uint8(i.State), Retransmits: uint8(i.Retransmits), Backoff: uint8(i.Backoff), Probes: uint8(i.Probes),
		Rto: micros(i.RTO), Rtt: micros(i.RTT), Rttvar: micros(i.RTTVar),
		Last_data_recv: millis(i.Silence), Last_ack_recv: millis(i.Silence),
		Snd_mss: net.SegmentSize, Rcv_mss: net.SegmentSize, Advmss: net.SegmentSize, Pmtu: 1500,
		Rcv_space: uint32(t.Options().ReceiveBuffer),
	}
	if t.Listening() {
		info.Unacked, info.Sacked = uint32(i.Unacked), uint32(i.Backlog) // as Linux has it
	} else {
		info.Unacked = uint32((i.Unacked + net.SegmentSize - 1) / net.SegmentSize)
	}
	return slices.Clone(unsafe.Slice((*byte)(unsafe.Pointer(&info)), unsafe.Sizeof(info)))
}

// integer returns one of the options that are numbers.
func (s *inetSocket) integer(which option) (int32, syscall.Errno) {
	o := s.Options()
	flag := func(b bool) (int32, syscall.Errno) {
		if b {
			return 1, 0
		}
		return 0, 0
	}
	switch which {
	case option{syscall.SOL_SOCKET, syscall.SO_ERROR}:
		return int32(s.TakeError()), 0
	case option{syscall.SOL_SOCKET, syscall.SO_TYPE}:
		return int32(s.kind), 0
	case option{syscall.SOL_SOCKET, soDomain}:
		return int32(s.family), 0
	case option{syscall.SOL_SOCKET, soProtocol}:
		if s.kind == syscall.SOCK_STREAM {
			return syscall.IPPROTO_TCP, 0
		}
		return syscall.IPPROTO_UDP, 0
	case option{syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN}:
		t, ok := s.transport.(*net.TCP)
		return flag(ok && t.Listening())
	case option{syscall.SOL_SOCKET, syscall.SO_REUSEADDR}:
		return flag(o.ReuseAddr)
	case option{syscall.SOL_SOCKET, soReusePort}:
		return flag(o.ReusePort)
	case option{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE}:
		return flag(o.KeepAlive)
	case option{syscall.SOL_SOCKET, syscall.SO_SNDBUF}:
		return int32(o.SendBuffer), 0
	case option{syscall.SOL_SOCKET, syscall.SO_RCVBUF}:
		return int32(o.ReceiveBuffer), 0
	case option{syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY}:
		return flag(o.V6Only)
	case option{syscall.IPPROTO_IP, syscall.IP_PKTINFO}:
		return flag(s.packetInfo)
	case option{syscall.IPPROTO_IPV6, syscall.IPV6_RECVPKTINFO}:
		return flag(s.packetInfo6)
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE}:
		return int32(o.KeepIdle / int64(time.Second)), 0
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL}:
		return int32(o.KeepInterval / int64(time.Second)), 0
	case option{syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT}:
		return int32(o.KeepCount), 0
	case option{syscall.IPPROTO_TCP, tcpUserTimeout}:
		return int32(o.UserTimeout / int64(time.Millisecond)), 0
	case option{syscall.IPPROTO_TCP, syscall.TCP_SYNCNT}:
		return int32(o.SYNRetries()), 0
	case option{syscall.IPPROTO_TCP, syscall.TCP_LINGER2}:
		return int32(o.FinWaitTime() / int64(time.Second)), 0
	case option{syscall.IPPROTO_TCP, syscall.TCP_MAXSEG}:
		return net.SegmentSize, 0
	}
	if harmless[which] {
		return int32(s.ignored[which]), 0
	}
	return 0, syscall.ENOPROTOOPT
}

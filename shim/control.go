package shim

import (
	"encoding/binary"
	"syscall"

	"github.com/simgen-dev/simgen/shim/net"
)

// Control data goes with a message: servers for datagrams learn from it which of the machine's addresses they were asked at,
// and answer from that one.

// controlHeader is the size of a cmsghdr: length, level, type. What follows is aligned to eight bytes.
const controlHeader = syscall.SizeofCmsghdr

func alignControl(n int) int { return (n + 7) &^ 7 }

func appendControl(b []byte, level, kind int, data []byte) []byte {
	b = binary.NativeEndian.AppendUint64(b, uint64(controlHeader+len(data)))
	b = binary.NativeEndian.AppendUint32(b, uint32(level))
	b = binary.NativeEndian.AppendUint32(b, uint32(kind))
	b = append(b, data...)
	return append(b, make([]byte, alignControl(len(data))-len(data))...)
}

// receivedControl is the control data of the datagram that was received last.
func (s *udpSocket) receivedControl() []byte {
	var b []byte
	to := s.sock.ReceivedAt()
	iface := uint32(2) // eth0, as in netlink.go
	if to.Loopback() {
		iface = 1
	}
	if s.packetInfo6 {
		b = appendControl(b, syscall.IPPROTO_IPV6, syscall.IPV6_PKTINFO, binary.NativeEndian.AppendUint32(to[:], iface))
	}
	if s.packetInfo && to.Is4() {
		info := binary.NativeEndian.AppendUint32(nil, iface)
		info = append(info, to[12:]...) // where an answer comes from
		info = append(info, to[12:]...)
		b = appendControl(b, syscall.IPPROTO_IP, syscall.IP_PKTINFO, info)
	}
	return b
}

// sourceIn reads from the control data of a message to be sent which address it is to come from; zero if it does not say.
// What else is there is reported and changes nothing.
func (p *process) sourceIn(b []byte) (source net.IP, errno syscall.Errno) {
	for len(b) >= controlHeader {
		size := binary.NativeEndian.Uint64(b)
		if size < controlHeader || size > uint64(len(b)) {
			return source, syscall.EINVAL
		}
		level, kind := int(binary.NativeEndian.Uint32(b[8:])), int(binary.NativeEndian.Uint32(b[12:]))
		data := b[controlHeader:size]
		switch (option{level, kind}) {
		case option{syscall.IPPROTO_IP, syscall.IP_PKTINFO}:
			if len(data) < 12 {
				return source, syscall.EINVAL
			}
			source = net.IPv4(data[4], data[5], data[6], data[7])
		case option{syscall.IPPROTO_IPV6, syscall.IPV6_PKTINFO}:
			if len(data) < 20 {
				return source, syscall.EINVAL
			}
			copy(source[:], data)
		default:
			p.node.world.report("sendmsg with control data, level " + decimal(uintptr(level)) + " type " + decimal(uintptr(kind)))
		}
		b = b[min(alignControl(int(size)), len(b)):]
	}
	return source, 0
}

// putControl stores the control data of a message that was received.
func putControl(h *syscall.Msghdr, b []byte) {
	room, _ := memory(number(h.Control), uintptr(h.Controllen))
	n := copy(room, b)
	if n < len(b) {
		h.Flags |= syscall.MSG_CTRUNC
	}
	h.SetControllen(n)
}

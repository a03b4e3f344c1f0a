package net

import "syscall"

const (
	maxDatagram = 65507
	udpQueue    = 208 << 10 // net.core.rmem_default
)

// UDP is a datagram socket.
type UDP struct {
	host      *Host
	open      bool
	isBound   bool
	connected bool
	local     Addr
	remote    Addr
	opts      Options
	err       syscall.Errno
	notify    func(mode byte)
	queue     fifo[datagram]
	queued    int // bytes in the queue
	lastTo    IP  // where the datagram received last had been sent
	shut      bool
}

type datagram struct {
	from Addr
	to   IP
	data []byte
}

// NewUDP makes a socket on the host.
func (h *Host) NewUDP() *UDP {
	return &UDP{host: h, open: true, opts: defaultOptions()}
}

// SetNotify sets the function that hears of edges: 'r' when a datagram or an error has arrived.
func (u *UDP) SetNotify(f func(mode byte)) { u.notify = f }

// Options gives access to the socket's options.
func (u *UDP) Options() *Options { return &u.opts }

func (u *UDP) bound() Addr       { return u.local }
func (u *UDP) options() *Options { return &u.opts }
func (u *UDP) exclusive() bool   { return false }

// LocalAddr returns the socket's own address; the zero Addr when it has none yet.
func (u *UDP) LocalAddr() Addr { return u.local }

// RemoteAddr returns the address a connected socket sends to.
func (u *UDP) RemoteAddr() (Addr, syscall.Errno) {
	if !u.connected {
		return Addr{}, syscall.ENOTCONN
	}
	return u.remote, 0
}

// TakeError returns the pending error and clears it.
func (u *UDP) TakeError() syscall.Errno {
	err := u.err
	u.err = 0
	return err
}

// Bind gives the socket its local address; port 0 means one that is free.
func (u *UDP) Bind(a Addr) syscall.Errno {
	if u.isBound {
		return syscall.EINVAL
	}
	if !u.host.owns(a.IP) {
		return syscall.EADDRNOTAVAIL
	}
	if a.Port == 0 {
		port, errno := u.host.ephemeral(func(port uint16) bool { return len(u.host.udp[port]) == 0 })
		if errno != 0 {
			return errno
		}
		a.Port = port
	} else if u.host.udp.conflict(a, &u.opts, u) {
		return syscall.EADDRINUSE
	}
	u.local, u.isBound = a, true
	u.host.udp[a.Port] = append(u.host.udp[a.Port], u)
	return 0
}

// Connect fixes the address the socket sends to and hears from.
func (u *UDP) Connect(to Addr) syscall.Errno {
	to = localhost(to)
	_, from, errno := u.host.route(to.IP)
	if errno == syscall.ENETUNREACH {
		return errno
	}
	if !u.isBound {
		if errno := u.Bind(Addr{IP: from}); errno != 0 {
			return errno
		}
	} else if u.local.IP.Unspecified() {
		u.local.IP = from
	}
	u.remote, u.connected = to, true
	return 0
}

// Disconnect undoes Connect.
func (u *UDP) Disconnect() { u.connected, u.remote = false, Addr{} }

// localhost replaces the address that means every host by the one that means this.
func localhost(a Addr) Addr {
	switch a.IP {
	case anyIPv4:
		a.IP = loopIPv4
	case anyIPv6:
		a.IP = loopIPv6
	}
	return a
}

// Send sends one datagram, to the connected address when to is nil.
func (u *UDP) Send(p []byte, to *Addr) (int, syscall.Errno) { return u.SendFrom(p, to, IP{}) }

// SendFrom is Send from one of the host's addresses, instead of the one the datagram would come from; an unspecified one
// changes nothing.
func (u *UDP) SendFrom(p []byte, to *Addr, source IP) (int, syscall.Errno) {
	if u.err != 0 {
		return 0, u.TakeError()
	}
	dst := u.remote
	switch {
	case to != nil:
		dst = localhost(*to)
	case !u.connected:
		return 0, syscall.EDESTADDRREQ
	}
	if len(p) > maxDatagram {
		return 0, syscall.EMSGSIZE
	}
	if dst.Port == 0 {
		return 0, syscall.EINVAL
	}
	host, from, errno := u.host.route(dst.IP)
	if errno == syscall.ENETUNREACH {
		return 0, errno
	}
	if !u.isBound {
		any := anyIPv6
		if dst.IP.Is4() {
			any = anyIPv4
		}
		if errno := u.Bind(Addr{IP: any}); errno != 0 {
			return 0, errno
		}
	}
	if !u.local.IP.Unspecified() {
		from = u.local.IP
	}
	if !source.Unspecified() {
		if !u.host.owns(source) {
			return 0, syscall.EINVAL
		}
		from = source
	}
	if host == nil {
		return len(p), 0 // nobody answers, and nobody says so
	}
	data := append([]byte(nil), p...)
	sender := Addr{IP: from, Port: u.local.Port}
	u.host.net.send(u.host, host, func() { host.hearDatagram(u, sender, dst, data) }, forget)
	return len(p), 0
}

func (h *Host) hearDatagram(sender *UDP, from, to Addr, data []byte) {
	// A socket connected to the sender goes before one that hears everybody.
	connected := func(e endpoint) bool { return e.(*UDP).connected && e.(*UDP).remote == from }
	anybody := func(e endpoint) bool { return !e.(*UDP).connected }
	e := h.udp.lookup(h.net.env, to, connected)
	if e == nil {
		e = h.udp.lookup(h.net.env, to, anybody)
	}
	if e == nil {
		h.net.send(h, sender.host, func() { sender.hearUnreachable(to) }, forget)
		return
	}
	u := e.(*UDP)
	if u.queued+len(data) > udpQueue {
		return
	}
	u.queue.push(datagram{from, to.IP, data})
	u.queued += len(data)
	u.wake('r')
}

// hearUnreachable is the message that nobody listens on a port the socket has sent to. As on Linux only a
// connected socket is told.
func (u *UDP) hearUnreachable(to Addr) {
	if u.open && u.connected && u.remote == to {
		u.err = syscall.ECONNREFUSED
		u.wake('r')
		u.wake('w')
	}
}

func (u *UDP) wake(mode byte) {
	if u.notify != nil {
		u.notify(mode)
	}
}

// Receive takes one datagram; what does not fit into p is cut off. full is the datagram's size.
func (u *UDP) Receive(p []byte, peek bool) (n, full int, from Addr, errno syscall.Errno) {
	switch {
	case u.err != 0:
		return 0, 0, Addr{}, u.TakeError()
	case u.queue.len() == 0 && u.shut:
		return 0, 0, Addr{}, 0
	case u.queue.len() == 0:
		return 0, 0, Addr{}, syscall.EAGAIN
	}
	d := *u.queue.front()
	if !peek {
		u.queue.pop()
		u.queued -= len(d.data)
	}
	u.lastTo = d.to
	return copy(p, d.data), len(d.data), d.from, 0
}

// ReceivedAt is the host's address to which the datagram had been sent that Receive returned last.
func (u *UDP) ReceivedAt() IP { return u.lastTo }

// Readable reports whether Receive would return something other than EAGAIN.
func (u *UDP) Readable() bool { return u.queue.len() > 0 || u.err != 0 || u.shut }

// Writable reports whether Send would return something other than EAGAIN: always.
func (u *UDP) Writable() bool { return true }

// Shutdown ends receiving; ending sending has no effect a peer could see.
func (u *UDP) Shutdown(read, write bool) syscall.Errno {
	if !u.connected {
		return syscall.ENOTCONN
	}
	if read {
		u.shut = true
		u.wake('r')
	}
	return 0
}

// Close ends the socket.
func (u *UDP) Close() {
	if u.open && u.isBound {
		u.host.udp.remove(u)
	}
	u.open, u.isBound, u.notify = false, false, nil
}

// Unread is the size of the datagram that Receive would return next.
func (u *UDP) Unread() int {
	if u.queue.len() == 0 {
		return 0
	}
	return len(u.queue.front().data)
}

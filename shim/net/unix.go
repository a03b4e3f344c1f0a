package net

import "syscall"

// The kinds of unix sockets.
const (
	UnixStream   = syscall.SOCK_STREAM
	UnixDatagram = syscall.SOCK_DGRAM
	UnixPacket   = syscall.SOCK_SEQPACKET
)

const (
	unixBuffer = 208 << 10 // net.core.wmem_default
	unixQueue  = 512       // datagrams waiting at a socket
)

// Unix is a socket between processes of one machine: what one end writes is at the other end at once. Finding
// a socket by its name is the business of whoever keeps the names.
type Unix struct {
	kind    int
	name    string // as getsockname shows it
	peer    *Unix  // of a connected one
	state   state
	backlog int
	queue   []*Unix // of a listener: to be accepted
	open    bool
	err     syscall.Errno
	notify  func(mode byte)

	stream   buffer             // what a stream has received
	messages fifo[unixMessage]  // what the other kinds have received
	queued   int                // bytes in messages
	waiting  map[*Unix]struct{} // senders that found no room
	order    []*Unix            // the same, in order
	eof      bool               // nothing more will arrive
	shut     bool               // nothing more will be sent
}

type unixMessage struct {
	from string
	data []byte
}

// NewUnix makes a socket of a kind.
func NewUnix(kind int) *Unix { return &Unix{kind: kind, open: true} }

// Pair connects two sockets without names.
func Pair(a, b *Unix) {
	a.peer, b.peer = b, a
	a.state, b.state = established, established
}

// SetNotify sets the function that hears of edges.
func (u *Unix) SetNotify(f func(mode byte)) { u.notify = f }

// Kind is the kind of socket.
func (u *Unix) Kind() int { return u.kind }

// Name is what Bind gave it.
func (u *Unix) Name() string { return u.name }

// Bind names the socket.
func (u *Unix) Bind(name string) { u.name = name }

// Peer returns the other end of a connection.
func (u *Unix) Peer() (*Unix, syscall.Errno) {
	if u.peer == nil {
		return nil, syscall.ENOTCONN
	}
	return u.peer, 0
}

// Listening reports whether the socket is a listener.
func (u *Unix) Listening() bool { return u.state == listening }

// TakeError returns the pending error and clears it.
func (u *Unix) TakeError() syscall.Errno {
	err := u.err
	u.err = 0
	return err
}

func (u *Unix) wake(modes ...byte) {
	if u.notify == nil {
		return
	}
	for _, m := range modes {
		u.notify(m)
	}
}

// Listen makes the socket a listener.
func (u *Unix) Listen(backlog int) syscall.Errno {
	switch {
	case u.kind == UnixDatagram:
		return syscall.EOPNOTSUPP
	case u.name == "" || u.state == established:
		return syscall.EINVAL
	}
	u.state, u.backlog = listening, clampBacklog(backlog)
	return 0
}

// Accept takes the oldest connection from a listener's queue.
func (u *Unix) Accept() (*Unix, syscall.Errno) {
	if u.state != listening {
		return nil, syscall.EINVAL
	}
	if len(u.queue) == 0 {
		return nil, syscall.EAGAIN
	}
	child := u.queue[0]
	u.queue = u.queue[1:]
	child.open = true
	u.release()
	return child, 0
}

// Connect connects to the socket that was found under a name; nil means that there was none. EAGAIN means that
// the backlog is full.
func (u *Unix) Connect(to *Unix) syscall.Errno {
	switch {
	case u.kind == UnixDatagram:
		if to == nil || !to.open {
			return syscall.ECONNREFUSED
		}
		u.peer = to
		return 0
	case u.state == established:
		return syscall.EISCONN
	case to == nil || to.state != listening:
		return syscall.ECONNREFUSED
	case to.kind != u.kind:
		return syscall.EPROTOTYPE
	case len(to.queue) > to.backlog:
		to.await(u)
		return syscall.EAGAIN
	}
	child := &Unix{kind: u.kind, name: to.name}
	Pair(u, child)
	to.queue = append(to.queue, child)
	to.wake('r')
	return 0
}

// Disconnect makes a datagram socket forget its peer.
func (u *Unix) Disconnect() { u.peer = nil }

// await remembers that sender found no room here.
func (u *Unix) await(sender *Unix) {
	if _, known := u.waiting[sender]; known {
		return
	}
	if u.waiting == nil {
		u.waiting = map[*Unix]struct{}{}
	}
	u.waiting[sender] = struct{}{}
	u.order = append(u.order, sender)
}

// release tells senders that there is room now.
func (u *Unix) release() {
	senders := u.order
	u.waiting, u.order = nil, nil
	for _, s := range senders {
		s.wake('w')
	}
}

// Send writes to a stream, or sends one message: to the given socket or, without one, to the peer.
func (u *Unix) Send(p []byte, to *Unix) (int, syscall.Errno) {
	if to == nil {
		to = u.peer
	}
	switch {
	case u.err != 0:
		return 0, u.TakeError()
	case u.shut:
		return 0, syscall.EPIPE
	case to == nil:
		return 0, syscall.ENOTCONN
	case !to.open && u.kind == UnixDatagram:
		return 0, syscall.ECONNREFUSED
	case u.state == dead || to.state == dead:
		return 0, syscall.EPIPE
	case u.kind == UnixStream:
		return u.write(p, to)
	case len(p) > unixBuffer:
		return 0, syscall.EMSGSIZE
	case to.queued+len(p) > unixBuffer || to.messages.len() >= unixQueue:
		to.await(u)
		return 0, syscall.EAGAIN
	}
	to.messages.push(unixMessage{u.name, append([]byte(nil), p...)})
	to.queued += len(p)
	to.wake('r')
	return len(p), 0
}

func (u *Unix) write(p []byte, to *Unix) (int, syscall.Errno) {
	room := unixBuffer - to.stream.len()
	if room <= 0 && len(p) > 0 {
		to.await(u)
		return 0, syscall.EAGAIN
	}
	n := min(room, len(p))
	to.stream.append(p[:n])
	if n > 0 {
		to.wake('r')
	}
	return n, 0
}

// Receive reads from a stream or takes one message.
func (u *Unix) Receive(p []byte, peek bool) (n, full int, from string, errno syscall.Errno) {
	switch {
	case u.kind == UnixStream && u.stream.len() > 0:
		n = copy(p, u.stream.bytes())
		if !peek {
			u.stream.discard(n)
			u.release()
		}
		return n, n, "", 0
	case u.messages.len() > 0:
		m := *u.messages.front()
		if !peek {
			u.messages.pop()
			u.queued -= len(m.data)
			u.release()
		}
		return copy(p, m.data), len(m.data), m.from, 0
	case u.err != 0:
		return 0, 0, "", u.TakeError()
	case u.eof || u.state == dead:
		return 0, 0, "", 0
	case u.kind != UnixDatagram && u.state != established:
		return 0, 0, "", syscall.EINVAL
	}
	return 0, 0, "", syscall.EAGAIN
}

// Readable reports whether Receive or Accept would return something other than EAGAIN.
func (u *Unix) Readable() bool {
	if u.state == listening {
		return len(u.queue) > 0
	}
	return u.stream.len() > 0 || u.messages.len() > 0 || u.err != 0 || u.eof
}

// Writable reports whether Send to the peer would return something other than EAGAIN.
func (u *Unix) Writable() bool {
	switch {
	case u.state == listening:
		return false
	case u.peer == nil || u.err != 0:
		return true
	case u.kind == UnixStream:
		return u.peer.stream.len() < unixBuffer
	}
	return u.peer.queued < unixBuffer && u.peer.messages.len() < unixQueue
}

// Unread is the number of bytes the next Receive could return.
func (u *Unix) Unread() int {
	if u.messages.len() > 0 {
		return len(u.messages.front().data)
	}
	return u.stream.len()
}

// Shutdown ends one or both directions.
func (u *Unix) Shutdown(read, write bool) syscall.Errno {
	if u.peer == nil {
		return syscall.ENOTCONN
	}
	if read {
		u.eof, u.peer.shut = true, true
	}
	if write {
		u.shut, u.peer.eof = true, true
	}
	u.wake('r', 'w')
	u.peer.wake('r', 'w')
	return 0
}

// Close ends the socket. Data left unread is an error for the other end.
func (u *Unix) Close() {
	if !u.open {
		return
	}
	u.open, u.notify = false, nil
	for _, child := range u.queue {
		child.hangUp(true)
	}
	u.queue = nil
	u.hangUp(u.stream.len() > 0 || u.messages.len() > 0)
	u.release()
}

// hangUp ends a connection for its other end.
func (u *Unix) hangUp(unread bool) {
	wasConnected := u.state == established
	u.state = dead
	if p := u.peer; p != nil && wasConnected && p.state == established {
		p.eof, p.shut = true, true
		if unread {
			p.err = syscall.ECONNRESET
		}
		p.wake('r', 'w')
	}
}

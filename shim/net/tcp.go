package net

import (
	"fmt"
	"syscall"
)

type state uint8

const (
	fresh       state = iota // a socket, perhaps bound
	listening                //
	synSent                  // connect is under way
	synReceived              // a listener's child that waits for the last packet of the handshake
	established              // data can flow; also while one or both directions are being closed
	dead                     // over: finished, reset, timed out, or its host crashed
)

// TCP is one stream socket: a listener or one end of a connection. Its methods never block: where a system
// call would, they return EAGAIN or EINPROGRESS, and the notification says when to try again.
type TCP struct {
	id       uint64
	host     *Host
	peerHost *Host
	peer     *TCP // the other end, from the handshake on
	state    state
	open     bool  // a descriptor refers to it
	finished int64 // when both directions were closed and acknowledged; 0: they are not
	passive  bool  // the other end finished first
	isBound  bool  // it is in the port table
	local    Addr
	remote   Addr
	opts     Options
	err      syscall.Errno // what SO_ERROR, or the next operation, reports
	notify   func(mode byte)

	synTimer Timer
	syns     int   // SYNs, or SYN-ACKs, that were sent again
	synAt    int64 // when the last one was sent
	synFirst int64 // when the first one was
	finTimer Timer

	backlog  int    // of a listener
	children []*TCP // of a listener: not yet established
	queue    []*TCP // of a listener: to be accepted
	parent   *TCP   // of a child, until it is accepted

	in        receiver
	out       sender
	back      *link // from the other end
	lastHeard int64
	keep      keepalive
}

// NewTCP makes a socket on the host.
func (h *Host) NewTCP() *TCP {
	h.net.sockets++
	t := &TCP{id: h.net.sockets, host: h, open: true, opts: defaultOptions()}
	t.out.init(t)
	return t
}

// SetNotify sets the function that hears of edges: 'r' when it may have become worthwhile to read or accept,
// 'w' when to write or to look whether connect is done.
func (t *TCP) SetNotify(f func(mode byte)) { t.notify = f }

func (t *TCP) wake(modes ...byte) {
	if t.notify == nil {
		return
	}
	for _, m := range modes {
		t.notify(m)
	}
}

// Options gives access to the socket's options. Call OptionsChanged after changing them.
func (t *TCP) Options() *Options { return &t.opts }

func (t *TCP) bound() Addr       { return t.local }
func (t *TCP) options() *Options { return &t.opts }
func (t *TCP) exclusive() bool   { return t.state == listening }

// LocalAddr returns the socket's own address; the zero Addr when it has none yet.
func (t *TCP) LocalAddr() Addr { return t.local }

// RemoteAddr returns the address of the other end of a connection.
func (t *TCP) RemoteAddr() (Addr, syscall.Errno) {
	if t.state != established {
		return Addr{}, syscall.ENOTCONN
	}
	return t.remote, 0
}

// Listening reports whether the socket is a listener.
func (t *TCP) Listening() bool { return t.state == listening }

// TakeError returns the pending error and clears it, as reading SO_ERROR does.
func (t *TCP) TakeError() syscall.Errno {
	err := t.err
	t.err = 0
	return err
}

// Bind gives the socket its local address; port 0 means one that is free.
func (t *TCP) Bind(a Addr) syscall.Errno {
	if t.state != fresh || t.isBound {
		return syscall.EINVAL
	}
	if !t.host.owns(a.IP) {
		return syscall.EADDRNOTAVAIL
	}
	if a.Port == 0 {
		port, errno := t.host.ephemeral(func(port uint16) bool {
			return len(t.host.tcp[port]) == 0 && !t.host.occupied(Addr{a.IP, port}, &Options{})
		})
		if errno != 0 {
			return errno
		}
		a.Port = port
	} else if t.host.tcp.conflict(a, &t.opts, t) || t.host.occupied(a, &t.opts) {
		return syscall.EADDRINUSE
	}
	t.occupy(a)
	return 0
}

func (t *TCP) occupy(a Addr) {
	t.local, t.isBound = a, true
	t.host.tcp[a.Port] = append(t.host.tcp[a.Port], t)
}

func (t *TCP) vacate() {
	if t.isBound {
		t.host.tcp.remove(t)
		t.isBound = false
	}
}

// Listen makes the socket a listener, or changes the backlog of one.
func (t *TCP) Listen(backlog int) syscall.Errno {
	if t.state == listening {
		t.backlog = clampBacklog(backlog)
		return 0
	}
	if t.state != fresh {
		return syscall.EINVAL
	}
	if !t.isBound {
		if errno := t.Bind(Addr{IP: anyIPv4}); errno != 0 {
			return errno
		}
	}
	if t.host.tcp.conflict(t.local, &t.opts, t) {
		return syscall.EADDRINUSE
	}
	t.state, t.backlog = listening, clampBacklog(backlog)
	return 0
}

const maxBacklog = 4096 // net.core.somaxconn

func clampBacklog(n int) int {
	if n < 0 || n > maxBacklog {
		return maxBacklog
	}
	return n
}

// Accept takes the oldest finished connection from a listener's queue.
func (t *TCP) Accept() (*TCP, syscall.Errno) {
	if t.state != listening {
		return nil, syscall.EINVAL
	}
	if len(t.queue) == 0 {
		return nil, syscall.EAGAIN
	}
	child := t.queue[0]
	t.queue[0] = nil
	t.queue = t.queue[1:]
	child.parent, child.open = nil, true
	return child, 0
}

// Read takes bytes from the stream into p. No bytes and no errno is the end of the stream. Peeked bytes stay.
func (t *TCP) Read(p []byte, peek bool) (int, syscall.Errno) {
	if n := t.in.buf.len(); n > 0 {
		n = copy(p, t.in.buf.bytes())
		if !peek {
			t.in.buf.discard(n)
			t.windowUpdate()
		}
		return n, 0
	}
	switch {
	case t.in.fin: // whatever happened afterwards
		return 0, 0
	case t.err != 0:
		return 0, t.TakeError()
	case t.in.eof || t.in.shut || t.state == dead:
		return 0, 0
	case t.state == synSent:
		return 0, syscall.EAGAIN
	case t.state != established:
		return 0, syscall.ENOTCONN
	}
	return 0, syscall.EAGAIN
}

// Write adds as much of p to the stream as the send buffer has room for.
func (t *TCP) Write(p []byte) (int, syscall.Errno) {
	switch {
	case t.err != 0:
		return 0, t.TakeError()
	case t.state == synSent:
		return 0, syscall.EAGAIN
	case t.state != established || t.out.fin:
		return 0, syscall.EPIPE
	case len(p) == 0:
		return 0, 0
	}
	t.processAcks()
	s := &t.out
	room := t.opts.SendBuffer - s.buf.len()
	if room <= 0 {
		s.blocked = true
		t.armAcks()
		return 0, syscall.EAGAIN
	}
	n := min(room, len(p))
	s.buf.append(p[:n])
	t.transmit()
	return n, 0
}

// Readable reports whether Read or Accept would return something other than EAGAIN.
func (t *TCP) Readable() bool {
	if t.state == listening {
		return len(t.queue) > 0
	}
	return t.in.buf.len() > 0 || t.err != 0 || t.in.eof || t.in.shut || t.state == dead || t.state == fresh
}

// Writable reports whether Write would return something other than EAGAIN.
func (t *TCP) Writable() bool {
	switch t.state {
	case synSent, listening, synReceived:
		return t.err != 0
	case established:
		t.processAcks()
		return t.err != 0 || t.out.fin || t.out.buf.len() < t.opts.SendBuffer
	}
	return true
}

// Unread is the number of bytes a Read could return now.
func (t *TCP) Unread() int { return t.in.buf.len() }

// Shutdown ends one or both directions.
func (t *TCP) Shutdown(read, write bool) syscall.Errno {
	if t.state == listening && read {
		t.closeListener()
		t.state = fresh
		t.wake('r', 'w')
		return 0
	}
	if t.state != established {
		return syscall.ENOTCONN
	}
	if read {
		t.in.shut = true
	}
	if write {
		t.finish()
	}
	t.wake('r', 'w')
	return 0
}

// Close ends the socket: what was written is still delivered, unless data was left unread or the socket was
// told to linger for no time; then the connection is reset.
func (t *TCP) Close() {
	if !t.open {
		return
	}
	t.open, t.notify = false, nil
	switch t.state {
	case listening:
		t.closeListener()
		t.die()
	case established:
		if t.in.buf.len() > 0 || t.opts.LingerZero {
			t.abort()
			return
		}
		t.vacate()
		t.finish()
		t.release()
	case synSent:
		t.die()
		t.abandonHandshake()
	case fresh:
		t.die()
	case dead:
		delete(t.host.broken, t)
	}
}

func (t *TCP) closeListener() {
	t.vacate()
	for _, c := range append(t.children, t.queue...) {
		c.parent = nil
		c.abort()
	}
	t.children, t.queue = nil, nil
}

// die takes the socket off its host. The other end is not told.
func (t *TCP) die() {
	t.state = dead
	t.vacate()
	for _, timer := range []*Timer{&t.synTimer, &t.finTimer, &t.out.rtoTimer, &t.out.window.timer, &t.keep.timer} {
		stop(timer)
	}
	if key := (flow{t.local, t.remote}); t.host.conns[key] == t {
		delete(t.host.conns, key)
		if t.open {
			t.host.broken[t] = true
		}
	}
}

func stop(timer *Timer) {
	if *timer != nil {
		(*timer).Cancel()
		*timer = nil
	}
}

// fail ends the connection with an error that the next operation reports.
func (t *TCP) fail(errno syscall.Errno) {
	if t.state == dead {
		return
	}
	if t.parent != nil && t.state == synReceived {
		t.parent.drop(t)
	}
	t.err = errno
	t.in.eof = true
	t.die()
	if t.peer != nil {
		t.peer.doubt() // it does not know
	}
	t.wake('r', 'w')
}

func (t *TCP) describe() string {
	names := [...]string{"unconnected", "listening", "connecting", "being accepted", "established", "broken"}
	s := fmt.Sprintf("%s: %s -> %s %s", t.host.name, t.local, t.remote, names[t.state])
	switch {
	case t.in.fin && t.out.fin:
		s += ", both directions closed"
	case t.in.fin:
		s += ", closed by the other end"
	case t.out.fin:
		s += ", closed for writing"
	}
	return s
}

package net

import "syscall"

const (
	synRetries     = 6           // net.ipv4.tcp_syn_retries: 1+2+4+...+64 s, then ETIMEDOUT
	embryoLifetime = 63 * second // a child whose handshake never ends: net.ipv4.tcp_synack_retries = 5
	arpTimeout     = 3 * second  // until a neighbour that does not exist is given up
)

// Connect starts connecting. EINPROGRESS means that 'w' will be notified when it is decided.
func (t *TCP) Connect(to Addr) syscall.Errno {
	switch t.state {
	case synSent:
		return syscall.EALREADY
	case established, listening:
		return syscall.EISCONN
	case fresh:
	default:
		return syscall.ECONNABORTED
	}
	to = localhost(to)
	host, from, errno := t.host.route(to.IP)
	if errno == syscall.ENETUNREACH {
		return errno
	}
	if errno := t.bindForConnect(from, to); errno != 0 {
		return errno
	}
	t.state = synSent
	if host == nil {
		t.synTimer = t.host.net.env.After(arpTimeout, func() { t.fail(errno) })
		return syscall.EINPROGRESS
	}
	t.peerHost = host
	t.out.link = t.host.net.links[t.host.number][host.number]
	t.host.conns[flow{t.local, t.remote}] = t
	t.sendSYN()
	return syscall.EINPROGRESS
}

// bindForConnect settles both addresses of a connection that is about to start.
func (t *TCP) bindForConnect(from IP, to Addr) syscall.Errno {
	local := t.local
	if !t.isBound || local.IP.Unspecified() {
		local.IP = from
	}
	if !t.isBound {
		port, errno := t.host.ephemeral(func(port uint16) bool {
			local.Port = port
			return len(t.host.tcp[port]) == 0 && t.host.conns[flow{local, to}] == nil && local != to
		})
		if errno != 0 {
			return syscall.EADDRNOTAVAIL
		}
		local.Port = port
	} else if t.host.conns[flow{local, to}] != nil {
		return syscall.EADDRNOTAVAIL
	}
	t.vacate() // under the address it was bound to
	t.local, t.remote = local, to
	return 0
}

// sendSYN sends the first packet of the handshake, and again as long as there is no answer. The timer is
// started only once the packet, or its answer, is known to be lost.
func (t *TCP) sendSYN() {
	env := t.host.net.env
	due := env.Now() + second<<t.syns
	retry := func() {
		if t.state != synSent || t.synTimer != nil {
			return
		}
		t.synTimer = env.After(max(0, due-env.Now()), func() {
			t.synTimer = nil
			if t.syns++; t.syns > synRetries {
				t.fail(syscall.ETIMEDOUT)
				return
			}
			t.sendSYN()
		})
	}
	t.host.net.send(t.host, t.peerHost, func() { t.peerHost.hearSYN(t, retry) }, retry)
}

// hearSYN is the arrival of the first packet at the other host.
func (h *Host) hearSYN(from *TCP, retry func()) {
	if child := h.conns[flow{from.remote, from.local}]; child != nil {
		if child.peer == from {
			child.sendSYNACK(retry)
		} else {
			// Left over from a connection the other machine does not remember; it will be told so.
			child.fail(syscall.ECONNRESET)
			retry()
		}
		return
	}
	e := h.tcp.lookup(h.net.env, from.remote, func(e endpoint) bool { return e.(*TCP).state == listening })
	if e == nil {
		h.net.send(h, from.host, func() {
			if from.state == synSent {
				from.fail(syscall.ECONNREFUSED)
			}
		}, retry)
		return
	}
	l := e.(*TCP)
	if len(l.children)+len(l.queue) > l.backlog {
		retry() // a full backlog drops the packet
		return
	}
	child := h.NewTCP()
	child.open, child.state, child.parent = false, synReceived, l
	child.opts = l.opts
	child.local, child.remote = from.remote, from.local
	child.connectTo(from)
	l.children = append(l.children, child)
	h.conns[flow{child.local, child.remote}] = child
	child.sendSYNACK(retry)
}

// connectTo makes the other end known and takes its window from the handshake.
func (t *TCP) connectTo(peer *TCP) {
	t.peer, t.peerHost = peer, peer.host
	t.out.link = t.host.net.links[t.host.number][peer.host.number]
	t.out.edge = int64(peer.opts.ReceiveBuffer)
	t.in.edge = int64(t.opts.ReceiveBuffer)
	t.lastHeard = t.host.net.env.Now()
}

func (t *TCP) sendSYNACK(retry func()) {
	net := t.host.net
	net.send(t.host, t.peerHost, func() {
		client := t.peer
		switch {
		case client.state == synSent:
			stop(&client.synTimer)
			client.state = established
			client.connectTo(t)
			client.acknowledgeHandshake()
			client.wake('w')
		case client.state == established && client.peer == t:
			client.acknowledgeHandshake()
		default: // it has given up meanwhile
			client.abandonHandshake()
		}
	}, func() {
		t.expire()
		retry()
	})
}

// acknowledgeHandshake sends an empty segment, which completes the handshake at the other end.
func (t *TCP) acknowledgeHandshake() { t.sendSegment(segment{from: t.out.nxt, to: t.out.nxt}) }

// complete is the arrival of anything from the client at a child: the connection exists.
func (t *TCP) complete() {
	t.state = established
	if l := t.parent; l != nil {
		l.drop(t)
		l.queue = append(l.queue, t)
		l.wake('r')
	}
}

// drop removes a child that is not established from a listener.
func (t *TCP) drop(child *TCP) {
	for i, c := range t.children {
		if c == child {
			t.children = append(t.children[:i], t.children[i+1:]...)
			return
		}
	}
}

// expire lets a child whose client has become unreachable go, in its time.
func (t *TCP) expire() {
	t.host.net.env.After(embryoLifetime, func() {
		if t.state == synReceived {
			t.fail(syscall.ETIMEDOUT)
		}
	})
}

// abandonHandshake tells a child that its client is gone.
func (t *TCP) abandonHandshake() {
	if t.peerHost == nil {
		return
	}
	child := t.peerHost.conns[flow{t.remote, t.local}]
	if child == nil || child.peer != t || child.state != synReceived {
		return
	}
	t.host.net.send(t.host, t.peerHost, func() {
		if child.state != dead {
			child.fail(syscall.ECONNRESET)
		}
	}, child.expire)
}

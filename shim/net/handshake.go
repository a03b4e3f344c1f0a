package net

import "syscall"

const (
	synRetries    = 6          // net.ipv4.tcp_syn_retries: ETIMEDOUT after 1+2+4+...+64 s
	synAckRetries = 5          // net.ipv4.tcp_synack_retries: given up after 1+2+...+32 s
	arpTimeout    = 3 * second // until a neighbour that does not exist is given up
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
	t.towards(host)
	delete(t.host.waiting.flows, flow{t.local, t.remote})
	t.host.conns[flow{t.local, t.remote}] = t
	t.synFirst = t.host.net.env.Now()
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
			return len(t.host.tcp[port]) == 0 && local != to && t.host.connectable(flow{local, to})
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
	t.synAt = env.Now()
	retry := func() {
		if t.state != synSent || t.synTimer != nil {
			return
		}
		due := t.synAt + min(initialRTO<<t.syns, maxRTO)
		if limit := t.opts.UserTimeout; limit > 0 && t.syns > 0 {
			due = min(due, max(t.synFirst+limit, t.synAt+millisecond))
		}
		t.synTimer = env.After(max(0, due-env.Now()), t.retrySYN)
	}
	t.host.net.send(t.host, t.peerHost, func() { t.peerHost.hearSYN(t, retry) }, retry)
}

// retrySYN is the end of a SYN's timeout. As on Linux a SYN is sent a second time whatever TCP_USER_TIMEOUT says.
func (t *TCP) retrySYN() {
	t.synTimer = nil
	late := t.opts.UserTimeout > 0 && t.syns > 0 && t.host.net.env.Now()-t.synFirst >= t.opts.UserTimeout
	if late || t.syns >= t.opts.SYNRetries() {
		t.fail(syscall.ETIMEDOUT)
		return
	}
	t.syns++
	t.sendSYN()
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
	delete(h.waiting.flows, flow{from.remote, from.local}) // the new connection takes its place
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
	t.peer = peer
	t.towards(peer.host)
	t.out.edge = int64(peer.opts.ReceiveBuffer)
	t.in.edge = int64(t.opts.ReceiveBuffer)
}

// towards chooses the links of a connection to the host.
func (t *TCP) towards(host *Host) {
	links := t.host.net.links
	t.peerHost = host
	t.out.link, t.back = links[t.host.number][host.number], links[host.number][t.host.number]
}

// begin is the moment at which the connection exists for one of its ends.
func (t *TCP) begin() {
	now := t.host.net.env.Now()
	stop(&t.synTimer)
	t.state = established
	t.out.measured(now - t.synAt) // time stamps tell which of several was answered
	t.heard(now)
	t.keep.on, t.keep.idle, t.keep.from = t.opts.KeepAlive, t.opts.KeepIdle, now
	if !t.reachable() {
		t.doubt()
	}
}

// sendSYNACK is a child's answer to a SYN. A SYN that comes again begins its timeout anew.
func (t *TCP) sendSYNACK(retry func()) {
	net := t.host.net
	stop(&t.synTimer)
	t.synAt = net.env.Now()
	net.send(t.host, t.peerHost, func() {
		client := t.peer
		switch {
		case client.state == synSent:
			client.connectTo(t)
			client.begin()
			client.sendProbe() // which completes the handshake at the other end
			client.wake('w')
		case client.state == established && client.peer == t:
			client.sendProbe()
		default: // it has given up meanwhile
			client.abandonHandshake()
		}
	}, func() {
		t.awaitACK()
		retry()
	})
}

// awaitACK lets a child send its SYN-ACK again, or go in the end: that, or the answer to it, was lost.
func (t *TCP) awaitACK() {
	if t.state != synReceived || t.synTimer != nil {
		return
	}
	env := t.host.net.env
	t.synTimer = env.After(max(0, t.synAt+initialRTO<<t.syns-env.Now()), func() {
		t.synTimer = nil
		if t.syns >= synAckRetries {
			t.fail(syscall.ETIMEDOUT)
			return
		}
		t.syns++
		t.sendSYNACK(forget)
	})
}

// complete is the arrival of anything from the client at a child.
func (t *TCP) complete() {
	t.begin()
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
	}, child.awaitACK)
}

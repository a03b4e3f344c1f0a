package net

import "syscall"

const maxSegment = 64 << 10

// receiver is the arriving half of a connection. Positions count bytes from the start of the stream; the end
// of the stream counts as one.
type receiver struct {
	buf  buffer
	nxt  int64 // position expected next
	edge int64 // highest position the other end was allowed to send
	fin  bool  // the other end has finished
	eof  bool  // that, or the connection is broken
	shut bool  // shutdown for reading
}

// sender is the leaving half. Bytes stay in buf until acknowledged. When the network swallows a segment, or
// the acknowledgement of one, everything unacknowledged is sent again after the retransmission timeout.
type sender struct {
	buf  buffer
	base int64 // position of the first byte in buf
	una  int64 // oldest position not acknowledged
	nxt  int64 // position to send next
	top  int64 // highest position ever sent
	edge int64 // end of the other end's window
	fin  bool  // nothing will be added to buf; the end of the stream is to be sent
	link *link

	flight     fifo[segment] // on their way, in the order of arrival
	flightBusy bool          // an event for the first of them is pending
	arriveFn   func()

	acks    fifo[ack] // on their way back
	acksFn  func()
	ackBusy bool // an event for the first of them is pending
	blocked bool // a writer found the buffer full

	rtoTimer Timer // runs only while something outstanding is known to be lost
	rto      int64 // with its backoff
	since    int64 // when the retransmission timer's time began, whether or not it runs
	timeouts int   // retransmissions in a row without an acknowledgement of anything new
	first    int64 // when the first of them was

	window persist

	rtt, rttVar int64 // see measured
}

// segment is [from,to) of the stream on its way; the end of the stream may be its last position.
type segment struct {
	from, to int64
	fin      bool
	rst      bool
	at       int64  // time of arrival
	sent     int64  // time of departure, of a segment sent for the first time; otherwise 0
	random   uint64 // for the acknowledgement's latency
}

// empty reports whether a segment has nothing but an acknowledgement: it ends the handshake, or it is a probe.
func (g *segment) empty() bool { return g.from == g.to && !g.rst }

type ack struct {
	next, edge, at int64
	sent           int64 // of the segment that is acknowledged; 0: tells nothing about the round trip
}

func (s *sender) init(t *TCP) {
	s.rto = initialRTO
	s.arriveFn, s.acksFn = t.arrive, t.ackEvent
}

// dataEnd is the position after the last byte written.
func (s *sender) dataEnd() int64 { return s.base + int64(s.buf.len()) }

// end is the position after everything there is to send.
func (s *sender) end() int64 {
	if s.fin {
		return s.dataEnd() + 1
	}
	return s.dataEnd()
}

// transmit sends what the window allows. While a loss is being waited out nothing new is sent: it would
// arrive behind the hole.
func (t *TCP) transmit() {
	s := &t.out
	for s.rtoTimer == nil && t.state == established {
		room := min(s.edge, s.dataEnd()) - s.nxt
		if room <= 0 {
			if s.fin && s.nxt == s.dataEnd() {
				t.sendSegment(segment{from: s.nxt, to: s.nxt + 1, fin: true})
			}
			break
		}
		random := s.link.draw()
		n := min(room, maxSegment)
		if !t.host.net.whole {
			n = cut(n, remix(random))
		}
		t.sendSegment(segment{from: s.nxt, to: s.nxt + n, random: random})
	}
	if s.nxt < s.end() && t.state == established {
		t.armAcks() // the window is closed
	}
	t.persist()
}

// cut chooses how much of n bytes goes into one segment: now and then less than possible, so that the reader
// sees the stream in pieces that are not those of the writes.
func cut(n int64, random uint64) int64 {
	const oneIn = 16
	if n < 2 || random%oneIn != 0 {
		return n
	}
	return 1 + int64(random/oneIn%uint64(n-1))
}

// sendSegment puts a segment on its way. Segments of one direction stay in order.
func (t *TCP) sendSegment(g segment) {
	s := &t.out
	again := g.from < s.top
	now := t.host.net.env.Now()
	if s.una == s.top {
		s.since = now
	}
	s.nxt = max(s.nxt, g.to)
	s.top = max(s.top, g.to)
	if s.link.down {
		t.lost(g)
		return
	}
	if g.random == 0 {
		g.random = s.link.draw()
	}
	g.at = now + s.link.delay(g.random)
	if !again {
		g.sent = now
	}
	if n := s.flight.len(); n > 0 {
		g.at = max(g.at, s.flight.items[len(s.flight.items)-1].at)
	}
	s.flight.push(g)
	t.awaitArrival(now)
}

func (t *TCP) awaitArrival(now int64) {
	s := &t.out
	if !s.flightBusy && s.flight.len() > 0 {
		s.flightBusy = true
		t.host.net.env.After(s.flight.front().at-now, s.arriveFn)
	}
}

// arrive is the event for segments that have reached the other host.
func (t *TCP) arrive() {
	s := &t.out
	now := t.host.net.env.Now()
	for s.flight.len() > 0 && s.flight.front().at <= now {
		t.deliver(s.flight.pop())
	}
	s.flightBusy = false
	t.awaitArrival(now)
}

// deliver hands a segment to the other host.
func (t *TCP) deliver(g segment) {
	switch {
	case t.out.link.down || !t.peerHost.up:
		t.lost(g)
	case t.peer.waits():
		// The last acknowledgement was lost and is repeated.
		s := &t.out
		s.acks.push(ack{next: g.to, edge: s.edge, at: g.at + s.link.delay(remix(g.random))})
		t.armAcks()
	case t.peer.state == dead:
		if !g.rst {
			t.refuse()
		}
	case g.rst:
		t.peer.hearReset()
	default:
		t.peer.receive(t, g)
	}
}

// refuse is the answer of a host that does not know the connection.
func (t *TCP) refuse() {
	t.host.net.send(t.peerHost, t.host, t.hearReset, t.loss)
}

// hearReset is the arrival of a reset.
func (t *TCP) hearReset() {
	errno := syscall.ECONNRESET
	if t.in.fin && !t.out.fin {
		errno = syscall.EPIPE // as Linux has it in the state CLOSE-WAIT
	}
	t.fail(errno)
}

// receive is the arrival of a segment at the other end.
func (t *TCP) receive(from *TCP, g segment) {
	if t.state == synReceived {
		t.complete()
	}
	if !g.empty() { // a probe is answered, and counts for nothing besides
		t.heard(t.host.net.env.Now())
	}
	in := &t.in
	if g.from > in.nxt {
		return // behind a hole: it will come again
	}
	dataTo := g.to
	if g.fin {
		dataTo--
	}
	if dataTo > in.nxt {
		if !t.open && t.parent == nil {
			t.abort() // nobody can read this any more
			return
		}
		s := &from.out
		in.buf.append(s.buf.bytes()[in.nxt-s.base : dataTo-s.base])
		in.nxt = dataTo
		t.wake('r')
	}
	if g.fin && in.nxt == dataTo {
		in.nxt, in.fin, in.eof = g.to, true, true
		t.wake('r')
	}
	t.acknowledge(remix(g.random), g.sent)
	t.release()
}

// finish sends the end of the stream after what has been written.
func (t *TCP) finish() {
	if !t.out.fin {
		t.out.fin, t.passive = true, t.in.eof
		t.transmit()
		t.armAcks()
	}
}

// abort resets the connection.
func (t *TCP) abort() {
	if t.state == dead {
		return
	}
	known := t.peer != nil && t.peer.state != dead
	t.in.eof = true
	t.die()
	if known {
		t.sendReset()
	}
	t.wake('r', 'w')
}

// sendReset tells the other end that the connection is no more.
func (t *TCP) sendReset() {
	t.sendSegment(segment{from: t.out.nxt, to: t.out.nxt, rst: true})
}

// lost is told of every segment the network swallows.
func (t *TCP) lost(g segment) {
	switch {
	case g.rst:
		// It is never sent again: the other end has to find out, by what it sends itself or by keepalive.
		t.peer.doubt()
		t.peer.loss()
	case !g.empty():
		t.loss()
	case t.peer.state == synReceived:
		t.peer.awaitACK()
	}
}

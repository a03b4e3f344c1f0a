package net

import "syscall"

const (
	maxSegment = 64 << 10
	minRTO     = 200 * millisecond
	maxRTO     = 120 * second
	giveUp     = 924600 * millisecond // net.ipv4.tcp_retries2 = 15
)

// receiver is the arriving half of a connection. Positions count bytes from the start of the stream; the end
// of the stream counts as one.
type receiver struct {
	buf  buffer
	nxt  int64 // position expected next
	edge int64 // highest position the other end was allowed to send
	eof  bool  // the other end has finished, or the connection is broken
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

	rtoTimer  Timer
	rto       int64
	firstLoss int64 // 0: nothing is known to be lost

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

type ack struct {
	next, edge, at int64
	sent           int64 // of the segment that is acknowledged; 0: tells nothing about the round trip
}

func (s *sender) init(t *TCP) {
	s.rto = minRTO
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
	if s.nxt >= s.end() || t.state != established {
		return
	}
	// The window is closed. An acknowledgement that is on its way, or the reader, will open it; unless the news
	// that it is open was lost when nobody waited for it.
	t.armAcks()
	if s.acks.len() == 0 && s.una == s.top && t.peer.in.edge > s.edge {
		t.loss()
	}
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
	s.nxt = max(s.nxt, g.to)
	s.top = max(s.top, g.to)
	if s.link.down {
		t.lost(g)
		return
	}
	if g.random == 0 {
		g.random = s.link.draw()
	}
	now := t.host.net.env.Now()
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
	case t.peer.finished:
		// TIME_WAIT: the last acknowledgement was lost and is repeated.
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
	if t.in.eof {
		errno = syscall.EPIPE // as Linux has it for a connection whose other end had finished
	}
	t.fail(errno)
}

// receive is the arrival of a segment at the other end.
func (t *TCP) receive(from *TCP, g segment) {
	t.lastHeard, t.probes = t.host.net.env.Now(), 0
	if t.state == synReceived {
		t.complete()
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
		in.nxt, in.eof = g.to, true
		t.wake('r')
	}
	t.acknowledge(remix(g.random), g.sent)
	t.release()
}

// finish sends the end of the stream after what has been written.
func (t *TCP) finish() {
	if !t.out.fin {
		t.out.fin = true
		t.transmit()
		t.armAcks()
	}
}

// release forgets a closed connection once both ends have finished and know it.
func (t *TCP) release() {
	s := &t.out
	if !t.open && t.parent == nil && t.in.eof && s.fin && s.una == s.end() {
		t.finished = true
		t.die()
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
		t.sendSegment(segment{from: t.out.nxt, to: t.out.nxt, rst: true})
	}
	t.wake('r', 'w')
}

// lost is told of every segment the network swallows.
func (t *TCP) lost(g segment) {
	if g.rst {
		if t.peer.state == synReceived {
			t.peer.expire()
		}
		// It is never sent again: the other end has to find out, by what it sends itself or by keepalive.
		t.peer.doubt()
		if o := &t.peer.out; o.una < o.top {
			t.peer.loss()
		}
		return
	}
	t.loss()
}

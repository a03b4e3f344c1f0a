package net

// acknowledge tells the other end what has arrived and how much more may come. The acknowledgement is an entry
// in the sender's queue, which becomes visible after the latency of the way back. sent is when the segment left
// that is acknowledged, or 0.
func (t *TCP) acknowledge(random uint64, sent int64) {
	in := &t.in
	in.edge = max(in.edge, in.nxt+t.room())
	src := t.peer
	switch {
	case t.out.link.down:
		src.loss()
		return
	case src.state == dead:
		if !src.waits() {
			t.host.net.send(t.host, src.host, t.refuse, forget)
		}
		return
	}
	now := t.host.net.env.Now()
	s := &src.out
	if s.acks.len() > 0 && s.acks.front().at <= now {
		src.processAcks()
	}
	at := now + t.out.link.delay(random)
	if s.acks.len() > 0 {
		at = max(at, s.acks.items[len(s.acks.items)-1].at)
	}
	s.acks.push(ack{next: in.nxt, edge: in.edge, at: at, sent: sent})
	if src.needsAcks() {
		src.armAcks()
	}
}

// room is the window that would be offered now. As on Linux it is 0 rather than a sixteenth of the buffer or a segment
// (__tcp_select_window in net/ipv4/tcp_output.c).
func (t *TCP) room() int64 {
	free := t.opts.ReceiveBuffer - t.in.buf.len()
	if free < max(t.opts.ReceiveBuffer/16, SegmentSize) {
		return 0
	}
	return int64(free)
}

// windowUpdate tells the sender that the reader has made room, once that doubles a window of which less than half is left
// (tcp_cleanup_rbuf in net/ipv4/tcp.c).
func (t *TCP) windowUpdate() {
	in := &t.in
	if t.state != established || in.eof {
		return
	}
	left := in.edge - in.nxt
	if 2*left > int64(t.opts.ReceiveBuffer) {
		return
	}
	if room := t.room(); room > 0 && room >= 2*left {
		t.acknowledge(t.out.link.draw(), 0)
	}
}

// needsAcks reports whether anything waits for an acknowledgement. If nothing does, the queue is looked at by
// the next write.
func (t *TCP) needsAcks() bool {
	s := &t.out
	return s.blocked || s.fin || s.rtoTimer != nil || s.nxt < s.end() || t.back.down
}

// armAcks makes sure that the next acknowledgement is looked at when it arrives.
func (t *TCP) armAcks() {
	s := &t.out
	if s.ackBusy || s.acks.len() == 0 || t.state == dead {
		return
	}
	s.ackBusy = true
	env := t.host.net.env
	env.After(max(0, s.acks.front().at-env.Now()), s.acksFn)
}

func (t *TCP) ackEvent() {
	t.out.ackBusy = false
	if t.state == dead {
		return
	}
	t.processAcks()
	if t.needsAcks() {
		t.armAcks()
	}
}

// processAcks takes in the acknowledgements that have arrived by now. While the way back is cut each is looked at the
// moment it arrives, so that those it swallows are known.
func (t *TCP) processAcks() {
	s := &t.out
	if s.acks.len() == 0 {
		return
	}
	now := t.host.net.env.Now()
	if s.acks.front().at > now {
		return
	}
	missed, progress := false, false
	for s.acks.len() > 0 && s.acks.front().at <= now {
		a := s.acks.pop()
		if t.back.down {
			missed = true
			continue
		}
		if a.next > s.una {
			progress = true
			s.una, s.since = a.next, a.at
			keep := min(a.next, s.dataEnd())
			s.buf.discard(int(keep - s.base))
			s.base = keep
			s.nxt = max(s.nxt, s.una)
		}
		s.edge = max(s.edge, a.edge)
		if a.sent != 0 {
			s.measured(a.at - a.sent)
		}
		t.heard(a.at)
		t.answered(a.at)
	}
	if progress {
		t.recovered()
	}
	if missed {
		t.loss()
	}
	if t.state == dead {
		return
	}
	t.transmit()
	if s.blocked && s.buf.len() <= t.opts.SendBuffer*2/3 {
		s.blocked = false
		t.wake('w')
	}
	t.release()
}

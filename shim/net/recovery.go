package net

import "syscall"

// acknowledge tells the other end what has arrived and how much more may come. The acknowledgement is an entry
// in the sender's queue, which becomes visible after the latency of the way back. sent is when the segment left
// that is acknowledged, or 0.
func (t *TCP) acknowledge(random uint64, sent int64) {
	in := &t.in
	in.edge = max(in.edge, in.nxt+int64(max(0, t.opts.ReceiveBuffer-in.buf.len())))
	src := t.peer
	switch {
	case t.out.link.down:
		src.loss()
		return
	case src.state == dead:
		if !src.finished {
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

// windowUpdate tells the sender that the reader has made room, once it is worth a packet.
func (t *TCP) windowUpdate() {
	in := &t.in
	if t.state != established || in.eof {
		return
	}
	if free := in.nxt + int64(t.opts.ReceiveBuffer-in.buf.len()) - in.edge; free >= int64(t.opts.ReceiveBuffer/2) {
		t.acknowledge(t.out.link.draw(), 0)
	}
}

// needsAcks reports whether anything waits for an acknowledgement. If nothing does, the queue is looked at by
// the next write.
func (t *TCP) needsAcks() bool {
	s := &t.out
	return s.blocked || s.fin || s.rtoTimer != nil || s.nxt < s.end()
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

// processAcks takes in the acknowledgements that have arrived by now.
func (t *TCP) processAcks() {
	s := &t.out
	if s.acks.len() == 0 {
		return
	}
	now := t.host.net.env.Now()
	if s.acks.front().at > now {
		return
	}
	for s.acks.len() > 0 && s.acks.front().at <= now {
		a := s.acks.pop()
		if a.next > s.una {
			s.una = a.next
			keep := min(a.next, s.dataEnd())
			s.buf.discard(int(keep - s.base))
			s.base = keep
			s.nxt = max(s.nxt, s.una)
		}
		s.edge = max(s.edge, a.edge)
		if a.sent != 0 {
			s.measured(a.at - a.sent)
		}
		t.lastHeard, t.probes = max(t.lastHeard, a.at), 0
	}
	// The other end answers: what is still missing has not been missing for long.
	s.rto = minRTO
	if s.firstLoss = now; s.rtoTimer == nil {
		s.firstLoss = 0
	}
	if s.una == s.top && (s.nxt == s.end() || s.nxt < s.edge) {
		s.firstLoss = 0
		stop(&s.rtoTimer)
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

// loss starts the retransmission timer: a segment, or the acknowledgement of one, or news of the window, will
// not arrive.
func (t *TCP) loss() {
	s := &t.out
	if s.rtoTimer != nil || t.state != established {
		return
	}
	env := t.host.net.env
	if s.firstLoss == 0 {
		s.firstLoss = env.Now()
	}
	s.rtoTimer = env.After(s.rto, t.retransmit)
	t.armAcks()
}

// retransmit sends everything again that is not acknowledged, or an empty segment to provoke an answer.
func (t *TCP) retransmit() {
	s := &t.out
	s.rtoTimer = nil
	t.processAcks()
	if t.state != established {
		return
	}
	limit := giveUp
	if t.opts.UserTimeout > 0 {
		limit = t.opts.UserTimeout
	}
	if t.host.net.env.Now()-s.firstLoss >= limit {
		t.fail(syscall.ETIMEDOUT)
		return
	}
	s.rto = min(2*s.rto, maxRTO)
	s.nxt = s.una
	if min(s.edge, s.end()) <= s.nxt && !(s.fin && s.nxt == s.dataEnd()) {
		t.sendSegment(segment{from: s.nxt, to: s.nxt})
		return
	}
	t.transmit()
}

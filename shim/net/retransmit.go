package net

import "syscall"

// The figures of Linux's retransmission timer: include/net/tcp.h, and the defaults of the settings below net.ipv4
// (Documentation/networking/ip-sysctl.rst).
const (
	initialRTO    = 1 * second // before the round trip is known
	minRTO        = 200 * millisecond
	maxRTO        = 120 * second
	retries       = 15 // tcp_retries2
	orphanRetries = 8  // of a socket that nobody has open: tcp_orphan_retries = 0
)

// patience is how long a number of retransmissions takes, with the shortest timeout (tcp_model_timeout in
// net/ipv4/tcp_timer.c).
func patience(retries int) int64 {
	const doublings = 9 // until maxRTO
	if retries <= doublings {
		return (2<<retries - 1) * minRTO
	}
	return (2<<doublings-1)*minRTO + int64(retries-doublings)*maxRTO
}

// timeout is the retransmission timeout that follows from the round trip (RFC 6298), in whole milliseconds.
func (s *sender) timeout() int64 {
	if s.rtt == 0 {
		return initialRTO
	}
	rto := s.rtt + max(4*s.rttVar, minRTO)
	return min((rto+millisecond-1)/millisecond*millisecond, maxRTO)
}

// measured takes in the time between a segment and its acknowledgement (RFC 6298, section 2).
func (s *sender) measured(rtt int64) {
	if s.rtt == 0 {
		s.rtt, s.rttVar = rtt, rtt/2
	} else {
		s.rttVar += (max(s.rtt-rtt, rtt-s.rtt) - s.rttVar) / 4
		s.rtt += (rtt - s.rtt) / 8
	}
	if s.timeouts == 0 {
		s.rto = s.timeout()
	}
}

// loss is told that something will not arrive: a segment, the acknowledgement of one, or news of the window.
func (t *TCP) loss() {
	s := &t.out
	switch {
	case t.state != established:
	case s.una == s.top:
		t.persist()
	case s.rtoTimer == nil:
		now := t.host.net.env.Now()
		due := s.since + s.rto
		if limit := t.opts.UserTimeout; limit > 0 && s.timeouts > 0 {
			due = min(due, max(s.first+limit, now+millisecond))
		}
		s.rtoTimer = t.host.net.env.After(max(0, due-now), t.retransmit)
		t.armAcks()
	}
}

// retransmit is the end of the retransmission timeout: everything that is not acknowledged is sent again.
func (t *TCP) retransmit() {
	s := &t.out
	s.rtoTimer = nil
	t.processAcks()
	if t.state != established || s.una == s.top {
		return
	}
	now := t.host.net.env.Now()
	if s.timeouts == 0 {
		s.first = now
	} else if now-s.first >= t.patience() {
		t.fail(syscall.ETIMEDOUT)
		return
	}
	s.timeouts++
	s.rto = min(2*s.rto, maxRTO)
	s.since, s.nxt = now, s.una
	t.transmit()
}

// patience is how long after its first retransmission a connection is given up.
func (t *TCP) patience() int64 {
	switch {
	case t.opts.UserTimeout > 0:
		return t.opts.UserTimeout
	case !t.orphan():
		return patience(retries)
	case t.out.rto < maxRTO:
		return patience(orphanRetries)
	}
	return patience(0)
}

// orphan reports whether the socket is left to the kernel: closed, and not in a listener's queue.
func (t *TCP) orphan() bool { return !t.open && t.parent == nil }

// recovered is told that something new was acknowledged: the other end answers, and what is still missing has not been missing
// for long.
func (t *TCP) recovered() {
	s := &t.out
	s.timeouts, s.rto = 0, s.timeout()
	if s.rtoTimer == nil {
		return
	}
	stop(&s.rtoTimer)
	if s.una < s.top {
		t.loss()
	}
}

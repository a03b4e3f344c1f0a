package net

import "syscall"

// persist is the probing of a closed window (RFC 1122, section 4.2.2.17): data waits, nothing is outstanding, and the
// other end takes nothing. As long as probes would be answered and the answers would change nothing, none are sent, and
// their times are made up for when they matter.
type persist struct {
	timer      Timer
	due        int64 // of the next probe; 0: the window is open
	began      int64 // when the first probe was due; 0: it is not yet
	backoff    int   // probes since the window has been closed
	unanswered int
}

// closed reports whether data waits for a closed window.
func (t *TCP) closed() bool {
	s := &t.out
	return t.state == established && s.una == s.top && s.nxt < s.dataEnd() && s.edge <= s.nxt
}

// persist starts probing when the window has closed and ends it when it has opened.
func (t *TCP) persist() {
	s := &t.out
	w := &s.window
	if !t.closed() {
		if w.due != 0 {
			stop(&w.timer)
			*w = persist{}
		}
		return
	}
	now := t.host.net.env.Now()
	if w.due == 0 {
		w.due = now + s.timeout()
	}
	if w.timer != nil {
		return
	}
	for w.due <= now { // probes that were answered
		t.probed(w.due)
		w.due += s.rtt
	}
	// The news that the window is open was lost when nobody waited for it, if no acknowledgement is on its way.
	missed := s.acks.len() == 0 && t.peer.in.edge > s.edge
	if missed || !t.reachable() || t.opts.UserTimeout > 0 || t.orphan() {
		w.timer = t.host.net.env.After(w.due-now, t.probeWindow)
	}
}

// probed counts a probe and sets the time of the next.
func (t *TCP) probed(at int64) {
	w := &t.out.window
	if w.began == 0 {
		w.began = at
	}
	w.backoff++
	w.due = at + t.probeInterval(at)
}

func (t *TCP) probeInterval(now int64) int64 {
	w := &t.out.window
	d := min(t.out.timeout()<<min(w.backoff, retries), maxRTO)
	if limit := t.opts.UserTimeout; limit > 0 {
		d = min(d, max(w.began+limit-now, 2*millisecond))
	}
	return d
}

// probeWindow is the moment of a probe (tcp_probe_timer in net/ipv4/tcp_timer.c).
func (t *TCP) probeWindow() {
	w := &t.out.window
	w.timer = nil
	t.processAcks()
	if !t.closed() {
		t.persist()
		return
	}
	now := t.host.net.env.Now()
	limit, expired := retries, false
	if t.opts.UserTimeout > 0 && w.began != 0 {
		expired = now-w.began >= t.opts.UserTimeout
	}
	if t.orphan() {
		limit = orphanRetries
		expired = expired || t.out.timeout()<<min(w.backoff, retries) >= maxRTO
	}
	if expired || w.unanswered >= limit {
		t.fail(syscall.ETIMEDOUT)
		return
	}
	w.unanswered++
	t.probed(now)
	t.sendProbe()
	t.persist()
}

// sendProbe sends a segment without data, which the other end answers.
func (t *TCP) sendProbe() { t.sendSegment(segment{from: t.out.nxt, to: t.out.nxt}) }

// answered is told that the other end has acknowledged something at that time, be it a probe.
func (t *TCP) answered(at int64) {
	w := &t.out.window
	if w.due == 0 {
		return
	}
	w.unanswered = 0
	if w.backoff > 0 {
		stop(&w.timer)
		w.due = at + t.probeInterval(at)
	}
}

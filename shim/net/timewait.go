package net

const (
	finWait  = 60 * second // net.ipv4.tcp_fin_timeout
	timeWait = 60 * second // TCP_TIMEWAIT_LEN in include/net/tcp.h
	reuseAge = 1 * second  // net.ipv4.tcp_tw_reuse = 2: on the loopback interface a connection may follow its like so soon
)

// MaxFinWait is the most seconds TCP_LINGER2 can ask for (TCP_FIN_TIMEOUT_MAX in include/net/tcp.h).
const MaxFinWait = 120

// release forgets a connection that nobody has open once its end is acknowledged: when the other end has finished, too,
// or has not within the time of FIN-WAIT-2.
func (t *TCP) release() {
	s := &t.out
	if !t.orphan() || t.state != established || !s.fin || s.una != s.end() {
		return
	}
	switch {
	case t.in.eof:
		t.finished = t.host.net.env.Now()
		if !t.passive {
			t.host.waiting.add(t)
		}
		t.die()
	case t.opts.FinWait < 0:
		t.die()
		t.sendReset()
	case t.finTimer == nil:
		t.finTimer = t.host.net.env.After(t.finWait(), func() {
			t.finTimer = nil
			t.die()
			t.peer.doubt()
		})
	}
}

// finWait is tcp_fin_time in include/net/tcp.h.
func (t *TCP) finWait() int64 { return max(t.opts.FinWaitTime(), t.out.rto*7/2) }

// waits reports whether the connection is over in good order and still known to its host.
func (t *TCP) waits() bool {
	return t.finished != 0 && t.host.net.env.Now() < t.finished+timeWait
}

// waiting is the connections of a host in TIME-WAIT. They are looked at when somebody wants their addresses.
type waiting struct {
	flows map[flow]waiter
	order fifo[flow] // of their ends, but for those that have come to one before
}

type waiter struct {
	since     int64
	reuseAddr bool
}

func (w *waiting) add(t *TCP) {
	if w.flows == nil {
		w.flows = map[flow]waiter{}
	}
	now := t.host.net.env.Now()
	w.expire(now)
	f := flow{t.local, t.remote}
	w.flows[f] = waiter{now, t.opts.ReuseAddr}
	w.order.push(f)
}

// expire forgets those whose time is over.
func (w *waiting) expire(now int64) {
	for w.order.len() > 0 {
		f := *w.order.front()
		if e, ok := w.flows[f]; ok && now < e.since+timeWait {
			return
		}
		delete(w.flows, f)
		w.order.pop()
	}
}

// connectable reports whether the system may choose the port for a connection. A program may ask for one in TIME-WAIT, which
// time stamps make safe (tcp_twsk_unique in net/ipv4/tcp_ipv4.c).
func (h *Host) connectable(f flow) bool {
	if h.conns[f] != nil {
		return false
	}
	now := h.net.env.Now()
	h.waiting.expire(now)
	e, ok := h.waiting.flows[f]
	return !ok || f.local.IP.Loopback() && now >= e.since+reuseAge
}

// occupied reports whether connections keep a socket from being bound to an address: those at the same port, unless both
// have SO_REUSEADDR.
func (h *Host) occupied(a Addr, o *Options) bool {
	taken := func(local Addr, reuseAddr bool) bool {
		return local.Port == a.Port && !(reuseAddr && o.ReuseAddr) && overlap(a.IP, o.V6Only, local.IP, false)
	}
	for f, t := range h.conns {
		if taken(f.local, t.opts.ReuseAddr) && !(t.opts.ReusePort && o.ReusePort) {
			return true
		}
	}
	h.waiting.expire(h.net.env.Now())
	for f, e := range h.waiting.flows {
		if taken(f.local, e.reuseAddr) {
			return true
		}
	}
	return false
}

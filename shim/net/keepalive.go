package net

import "syscall"

// keepalive is the probing of a silent connection (RFC 1122, section 4.2.3.6). As long as probes would be answered
// none are sent, and their times are made up for when they matter.
type keepalive struct {
	timer  Timer // runs only while the other end is, or was, unreachable
	on     bool  // as of the last change of options
	idle   int64
	from   int64 // silence counts from here, at the earliest
	probes int   // unanswered
}

// reachable reports whether a packet to the other end and the answer to it would both arrive.
func (t *TCP) reachable() bool {
	return !t.out.link.down && !t.back.down && t.peerHost.up && t.peer.state != dead
}

// heard is told that something other than a probe has arrived.
func (t *TCP) heard(at int64) { t.lastHeard, t.keep.probes = max(t.lastHeard, at), 0 }

// silence is since when nothing was heard, for the purposes of keepalive.
func (t *TCP) silence() int64 { return max(t.lastHeard, t.keep.from) }

// catchUp takes in the answers to the probes that were not sent, since they would have been answered.
func (t *TCP) catchUp() {
	k := &t.keep
	if !k.on || k.timer != nil || t.state != established || t.out.una != t.out.top || t.out.window.due != 0 {
		return
	}
	period := k.idle + t.out.rtt
	if n := (t.host.net.env.Now() - t.silence()) / period; n > 0 {
		t.lastHeard = t.silence() + n*period
	}
}

// doubt is told that the other end has become unreachable: timers whose outcome was certain before have to run.
func (t *TCP) doubt() {
	if t.state != established {
		return
	}
	t.processAcks()
	t.armAcks() // those that are on their way may not arrive
	if t.state != established {
		return
	}
	t.persist()
	if !t.keep.on || t.keep.timer != nil || t.orphan() {
		return
	}
	t.catchUp()
	t.armKeepalive()
}

func (t *TCP) armKeepalive() {
	env := t.host.net.env
	t.keep.timer = env.After(max(0, t.silence()+t.keep.idle-env.Now()), t.keepalive)
}

// keepalive is the moment of a probe (tcp_keepalive_timer in net/ipv4/tcp_timer.c).
func (t *TCP) keepalive() {
	k, env := &t.keep, t.host.net.env
	k.timer = nil
	if t.state != established || !k.on || t.orphan() {
		return
	}
	t.processAcks() // nobody may have looked at them since
	if t.state != established {
		return
	}
	silent := env.Now() - t.silence()
	switch limit := t.opts.UserTimeout; {
	case t.out.una < t.out.top || t.closed(): // the timers for that are responsible
		k.timer = env.After(k.idle, t.keepalive)
	case silent < k.idle:
		if !t.reachable() {
			t.armKeepalive()
		}
	case limit == 0 && k.probes >= t.opts.KeepCount, limit > 0 && k.probes > 0 && silent >= limit:
		t.fail(syscall.ETIMEDOUT)
		t.sendReset()
	default:
		k.probes++
		k.timer = env.After(t.opts.KeepInterval, t.keepalive)
		t.sendProbe()
	}
}

// OptionsChanged lets options that take effect at once do so.
func (t *TCP) OptionsChanged() {
	if t.state != established {
		return
	}
	k, now := &t.keep, t.host.net.env.Now()
	on, idle := t.opts.KeepAlive, t.opts.KeepIdle
	switch {
	case on && !k.on:
		k.from = now
	case on && idle != k.idle:
		t.catchUp()
		k.from = max(t.lastHeard, now-idle)
	}
	if k.on != on || k.idle != idle {
		stop(&k.timer)
		k.on, k.idle = on, idle
		if on && !t.reachable() {
			t.armKeepalive()
		}
	}
	t.persist()
}

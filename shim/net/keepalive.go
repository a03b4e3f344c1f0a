package net

import "syscall"

// reachable reports whether a packet to the other end and the answer to it would both arrive.
func (t *TCP) reachable() bool {
	back := t.host.net.links[t.peerHost.number][t.host.number]
	return !t.out.link.down && !back.down && t.peerHost.up && t.peer.state != dead
}

// doubt starts keepalive probing: the other end has become unreachable. As long as it is reachable, probes
// would be answered, so none are sent.
func (t *TCP) doubt() {
	if t.state == synReceived {
		t.expire()
	}
	if t.state != established || !t.opts.KeepAlive || t.keepTimer != nil {
		return
	}
	env := t.host.net.env
	t.keepTimer = env.After(max(0, t.lastHeard+t.opts.KeepIdle-env.Now()), t.probe)
}

func (t *TCP) probe() {
	t.keepTimer = nil
	if t.state != established {
		return
	}
	t.processAcks() // nobody may have looked at them since
	s := &t.out
	env := t.host.net.env
	if s.una < s.top { // the retransmission timer is responsible
		t.keepTimer = env.After(t.opts.KeepIdle, t.probe)
		return
	}
	if silent := env.Now() - t.lastHeard; silent < t.opts.KeepIdle {
		t.keepTimer = env.After(t.opts.KeepIdle-silent, t.probe)
		return
	}
	if t.reachable() {
		t.lastHeard, t.probes = env.Now(), 0
		return
	}
	if t.probes >= t.opts.KeepCount {
		t.fail(syscall.ETIMEDOUT)
		return
	}
	t.probes++
	t.keepTimer = env.After(t.opts.KeepInterval, t.probe)
	t.host.net.send(t.host, t.peerHost, func() {
		if t.peer.state == dead {
			t.refuse()
		}
	}, forget)
}

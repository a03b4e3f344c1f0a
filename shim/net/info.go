package net

// The states of a connection as Linux numbers them (include/net/tcp_states.h).
const (
	tcpEstablished = 1
	tcpSynSent     = 2
	tcpSynReceived = 3
	tcpFinWait1    = 4
	tcpFinWait2    = 5
	tcpClose       = 7
	tcpCloseWait   = 8
	tcpLastAck     = 9
	tcpListen      = 10
)

// Info is what TCP_INFO tells of a socket, as far as there is such a thing here: there is no congestion control.
// Times are nanoseconds.
type Info struct {
	State       int // in Linux's numbering
	Retransmits int // timeouts in a row without an acknowledgement
	Backoff     int // how often the timeout, or the time to the next probe of a closed window, has doubled
	Probes      int // unanswered probes, of keepalive or of a closed window
	RTO         int64
	RTT, RTTVar int64 // smoothed as in RFC 6298; 0 before the first measurement
	Silence     int64 // since something was last heard of the other end
	Unacked     int   // bytes; of a listener, connections that wait for accept
	Backlog     int   // of a listener: how many of those there may be
}

// Info describes the socket as it is now.
func (t *TCP) Info() Info {
	if t.state == listening {
		return Info{State: tcpListen, Unacked: len(t.queue), Backlog: t.backlog, RTO: t.out.rto}
	}
	if t.state == established {
		t.processAcks()
		t.persist()
		t.catchUp()
	}
	s := &t.out
	i := Info{
		State: t.number(), Retransmits: s.timeouts, Backoff: s.timeouts + s.window.backoff, Probes: t.keep.probes + s.window.unanswered,
		RTO: s.rto, RTT: s.rtt, RTTVar: s.rttVar, Unacked: int(s.top - s.una),
	}
	if t.lastHeard > 0 {
		i.Silence = t.host.net.env.Now() - t.lastHeard
	}
	return i
}

// number is the state in Linux's numbering. A connection of which both ends have finished and know it is closed;
// TIME_WAIT is no state of the socket there either.
func (t *TCP) number() int {
	acknowledged := t.out.una == t.out.end()
	switch {
	case t.state == synSent:
		return tcpSynSent
	case t.state == synReceived:
		return tcpSynReceived
	case t.state != established, t.in.eof && t.out.fin && acknowledged:
		return tcpClose
	case t.in.eof && t.out.fin:
		return tcpLastAck
	case t.in.eof:
		return tcpCloseWait
	case t.out.fin && acknowledged:
		return tcpFinWait2
	case t.out.fin:
		return tcpFinWait1
	}
	return tcpEstablished
}

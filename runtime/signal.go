package runtime

import "math/bits"

// Signal numbers with a meaning of their own here (the same on every Linux).
const (
	sigHUP    = 1
	sigINT    = 2
	sigQUIT   = 3
	sigABRT   = 6
	sigKILL   = 9
	sigPIPE   = 13
	sigALRM   = 14
	sigTERM   = 15
	sigCHLD   = 17
	sigCONT   = 18
	sigSTOP   = 19
	sigTSTP   = 20
	sigTTIN   = 21
	sigTTOU   = 22
	sigURG    = 23
	sigWINCH  = 28
	sigIO     = 29
	numSignal = 65
)

// signals is what os/signal knows about one process.
type signals struct {
	wanted, ignored, pending [2]uint64
	receiver                 *G // waits in SignalRecv
	loop                     bool
}

//go:norace
func bit(set *[2]uint64, sig uint32) bool { return set[sig/64]&(1<<(sig%64)) != 0 }

//go:norace
func setBit(set *[2]uint64, sig uint32, on bool) {
	if sig >= 128 {
		return
	}
	if on {
		set[sig/64] |= 1 << (sig % 64)
	} else {
		set[sig/64] &^= 1 << (sig % 64)
	}
}

// SignalEnable asks for a signal to be delivered to SignalRecv.
//
//go:norace
func SignalEnable(sig uint32) {
	g := &sched.cur.process.signals
	setBit(&g.wanted, sig, true)
	setBit(&g.ignored, sig, false)
}

// SignalDisable gives a signal its default action back.
//
//go:norace
func SignalDisable(sig uint32) { setBit(&sched.cur.process.signals.wanted, sig, false) }

// SignalIgnore makes the process ignore a signal.
//
//go:norace
func SignalIgnore(sig uint32) {
	g := &sched.cur.process.signals
	setBit(&g.wanted, sig, false)
	setBit(&g.ignored, sig, true)
}

// SignalIgnored reports whether a signal is ignored.
//
//go:norace
func SignalIgnored(sig uint32) bool {
	return sig < 128 && bit(&sched.cur.process.signals.ignored, sig)
}

// SignalRecv waits for a signal; the lowest pending number comes first.
//
//go:norace
func SignalRecv() uint32 {
	g := current()
	sg := &g.process.signals
	sg.loop = true
	for {
		for i := range sg.pending {
			if sg.pending[i] != 0 {
				n := bits.TrailingZeros64(sg.pending[i])
				sg.pending[i] &^= 1 << n
				return uint32(i*64 + n)
			}
		}
		sg.receiver = g
		sched.park(g, "signal receive")
		sg.receiver = nil
	}
}

// SignalWaitUntilIdle waits until what was received has reached the program's
// channels, that is, until the receiving goroutine is back in SignalRecv.
//
//go:norace
func SignalWaitUntilIdle() {
	g := current()
	sg := &g.process.signals
	for sg.loop && (sg.receiver == nil || sg.pending != [2]uint64{}) {
		g.yield()
	}
}

// Signal delivers a signal to the process: to os/signal if the program asked
// for it, otherwise with its default action.
//
//go:norace
func (p *Process) Signal(sig uint32) {
	if p.over() || sig == 0 || sig >= numSignal {
		return
	}
	s := sched
	sg := &p.signals
	switch {
	case sig == sigKILL:
		p.end(ExitStatus{Code: -sigKILL, Signal: sigKILL})
	case bit(&sg.wanted, sig):
		setBit(&sg.pending, sig, true)
		if sg.receiver != nil {
			sg.receiver.Ready()
		}
	case bit(&sg.ignored, sig):
	case sig == sigQUIT || sig == sigABRT:
		text := "SIGQUIT: quit\n"
		if sig == sigABRT {
			text = "SIGABRT: abort\n"
		}
		s.stderr(p, text+"\n"+s.stacksOf(p))
		p.end(ExitStatus{Code: 2, Signal: sig})
	case harmless(sig):
	default:
		p.end(ExitStatus{Code: -int(sig), Signal: sig})
	}
}

// harmless are the signals whose default action a Go program does not notice.
// Stopping is not simulated.
//
//go:norace
func harmless(sig uint32) bool {
	switch sig {
	case sigCHLD, sigCONT, sigURG, sigWINCH, sigIO, sigPIPE, sigSTOP, sigTSTP, sigTTIN, sigTTOU:
		return true
	}
	return false
}

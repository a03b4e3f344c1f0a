package runtime

import (
	"strings"
	"testing"
)

// withSignals starts a process, sends it signals after a while, and returns how
// it ended.
func withSignals(t *testing.T, main func(), signals ...uint32) (ExitStatus, *machine) {
	t.Helper()
	var st ExitStatus
	m := simulate(t, 1, func(*machine) {
		p := NewProcess("server", "")
		p.Start(main)
		Sleep(1e6)
		for _, sig := range signals {
			p.Signal(sig)
		}
		st = p.Wait()
	})
	return st, m
}

// What a signal does to a process that did not ask for it.
func TestDefaultActions(t *testing.T) {
	forever := func() { Recv[int](nil) }
	for _, sig := range []uint32{sigHUP, sigINT, sigTERM, sigKILL, sigALRM} {
		if st, _ := withSignals(t, forever, sig); st.Signal != sig || st.Code != -int(sig) {
			t.Errorf("signal %d: %+v", sig, st)
		}
	}
	if st, _ := withSignals(t, forever, sigCHLD, sigURG, sigWINCH, sigCONT, 0, 1000, sigTERM); st.Signal != sigTERM {
		t.Errorf("a harmless signal ended the process: %+v", st)
	}
	st, m := withSignals(t, forever, sigQUIT)
	if st.Code != 2 {
		t.Errorf("SIGQUIT: %+v", st)
	}
	contains(t, m.stderr.String(), "SIGQUIT: quit\n", "[chan receive (nil chan)], server/1:")
}

// What it does when os/signal asked for it.
func TestSignalDelivery(t *testing.T) {
	got := ""
	st, _ := withSignals(t, func() {
		SignalEnable(sigTERM)
		SignalEnable(sigHUP)
		SignalIgnore(sigINT)
		for {
			sig := SignalRecv()
			got += utoa(uint64(sig)) + " "
			if sig == sigTERM {
				Exit(4)
			}
		}
	}, sigINT, sigHUP, sigHUP, sigTERM)
	if got != "1 15 " || st.Code != 4 {
		t.Errorf("received %q, exit code %d; want the lowest number first, each once", got, st.Code)
	}
	st, _ = withSignals(t, func() {
		SignalEnable(sigKILL)
		SignalRecv()
	}, sigKILL)
	if st.Signal != sigKILL {
		t.Errorf("SIGKILL was caught: %+v", st)
	}
	st, _ = withSignals(t, func() {
		SignalEnable(sigTERM)
		SignalDisable(sigTERM)
		Recv[int](nil)
	}, sigTERM)
	if st.Signal != sigTERM {
		t.Errorf("a disabled signal keeps its handler: %+v", st)
	}
}

func TestSignalIgnored(t *testing.T) {
	passes(t, 1, func() {
		if SignalIgnored(sigHUP) {
			Fail("error", "ignored from the start")
		}
		SignalIgnore(sigHUP)
		if !SignalIgnored(sigHUP) {
			Fail("error", "not ignored")
		}
		SignalEnable(sigHUP)
		if SignalIgnored(sigHUP) {
			Fail("error", "enabled and ignored")
		}
	})
}

// SignalWaitUntilIdle returns when what was received has been dealt with.
func TestSignalWaitUntilIdle(t *testing.T) {
	for seed := range uint64(seeds) {
		order := ""
		passes(t, seed, func() {
			p := NewProcess("server", "")
			p.Start(func() {
				SignalWaitUntilIdle() // no loop yet: nothing to wait for
				SignalEnable(sigHUP)
				Go(func() {
					for {
						SignalRecv()
						Gosched()
						order += "delivered "
					}
				})
				Sleep(1e6)
				p.Signal(sigHUP)
				SignalDisable(sigHUP)
				SignalWaitUntilIdle()
				order += "idle "
			})
			p.Wait()
		})
		if strings.TrimSpace(order) != "delivered idle" {
			t.Fatalf("seed %d: %s", seed, order)
		}
	}
}

package runtime

import "testing"

// withPoll runs a scenario with one open descriptor, whose readiness the
// scenario controls.
func withPoll(t *testing.T, want string, run func(pd *PollDesc, handle uintptr) string) {
	t.Helper()
	for seed := range uint64(seeds) {
		var desc *PollDesc
		m := &machine{t: t, open: func(p *Process, fd int, pd *PollDesc) int {
			desc = pd
			return 0
		}}
		got := ""
		r := Run(Config{Seed: seed, Kernel: m, Main: func() {
			handle, errno := PollOpen(5)
			if errno != 0 || handle == 0 {
				Fail("error", "PollOpen")
			}
			got = run(desc, handle)
		}})
		if r.Failure != nil || got != want {
			t.Fatalf("seed %d: got %q, want %q; failure: %v", seed, got, want, r.Failure)
		}
	}
}

func TestPoll(t *testing.T) {
	for _, s := range []struct {
		says string
		want string
		run  func(pd *PollDesc, h uintptr) string
	}{
		{"a wait ends with the edge", "0", func(pd *PollDesc, h uintptr) string {
			After(1e6, func() { pd.Ready('r') })
			return itoa(int64(PollWait(h, 'r')))
		}},
		{"an edge before the wait is remembered, once", "0 2", func(pd *PollDesc, h uintptr) string {
			pd.Ready('r')
			first := PollWait(h, 'r')
			PollSetDeadline(h, 1e6, 'r')
			return itoa(int64(first)) + " " + itoa(int64(PollWait(h, 'r')))
		}},
		{"a reset forgets the edge", "2", func(pd *PollDesc, h uintptr) string {
			pd.Ready('r')
			PollReset(h, 'r')
			PollSetDeadline(h, 1e6, 'r')
			return itoa(int64(PollWait(h, 'r')))
		}},
		{"reading and writing are independent", "0 2", func(pd *PollDesc, h uintptr) string {
			pd.Ready('w')
			PollSetDeadline(h, 1e6, 'r')
			return itoa(int64(PollWait(h, 'w'))) + " " + itoa(int64(PollWait(h, 'r')))
		}},
		{"a deadline is relative, ends the wait, and stays expired", "2 after 1s, 2", func(pd *PollDesc, h uintptr) string {
			start := Now()
			PollSetDeadline(h, 1e9, 'r'+'w')
			first := PollWait(h, 'w')
			after := itoa((Now() - start) / 1e9)
			return itoa(int64(first)) + " after " + after + "s, " + itoa(int64(PollReset(h, 'r')))
		}},
		{"a deadline of the past ends a wait that is going on", "2", func(pd *PollDesc, h uintptr) string {
			After(1e6, func() { PollSetDeadline(h, -1, 'r') })
			return itoa(int64(PollWait(h, 'r')))
		}},
		{"no deadline: an expired descriptor works again", "2 0", func(pd *PollDesc, h uintptr) string {
			PollSetDeadline(h, -1, 'r')
			first := PollWait(h, 'r')
			PollSetDeadline(h, 0, 'r')
			pd.Ready('r')
			return itoa(int64(first)) + " " + itoa(int64(PollWait(h, 'r')))
		}},
		{"a deadline that was moved does not fire at the old time", "0", func(pd *PollDesc, h uintptr) string {
			PollSetDeadline(h, 1e6, 'r')
			PollSetDeadline(h, 10e9, 'r')
			After(1e9, func() { pd.Ready('r') })
			return itoa(int64(PollWait(h, 'r')))
		}},
		{"unblock ends all waits with closing", "1 1 1", func(pd *PollDesc, h uintptr) string {
			w := make(chan int)
			Go(func() { Send(w, PollWait(h, 'w')) })
			Go(func() { Sleep(1e6); PollUnblock(h) })
			r := PollWait(h, 'r')
			text := itoa(int64(r)) + " " + itoa(int64(Recv(w))) + " " + itoa(int64(PollReset(h, 'r')))
			PollClose(h)
			return text
		}},
		{"the longest deadline does not overflow", "0", func(pd *PollDesc, h uintptr) string {
			PollSetDeadline(h, 1<<63-1, 'r')
			After(1e9, func() { pd.Ready('r') })
			return itoa(int64(PollWait(h, 'r')))
		}},
		{"wait canceled ignores deadlines", "edge", func(pd *PollDesc, h uintptr) string {
			PollSetDeadline(h, 1e6, 'r')
			After(1e9, func() { pd.Ready('r') })
			PollWaitCanceled(h, 'r')
			return "edge"
		}},
	} {
		t.Run(s.says, func(t *testing.T) { withPoll(t, s.want, s.run) })
	}
}

// A regular file has no readiness; the handle of a closed descriptor is used
// again; those of a dead process are free.
func TestPollHandles(t *testing.T) {
	m := &machine{t: t, open: func(p *Process, fd int, pd *PollDesc) int {
		if fd == 3 {
			return 1 // EPERM
		}
		return 0
	}}
	r := Run(Config{Kernel: m, Main: func() {
		if h, errno := PollOpen(3); h != 0 || errno != 1 {
			Fail("error", "a regular file is pollable")
		}
		a, _ := PollOpen(4)
		b, _ := PollOpen(5)
		PollUnblock(a)
		PollClose(a)
		if c, _ := PollOpen(6); c != a || b == a {
			Fail("error", "handles are not used again")
		}
		p := NewProcess("victim", "")
		p.Start(func() {
			h, _ := PollOpen(7)
			PollSetDeadline(h, 1e9, 'r')
			PollWait(h, 'r')
		})
		Sleep(1e6)
		p.Kill()
		Sleep(2e9)
		if d, _ := PollOpen(8); d != 3 {
			Fail("error", "a dead process keeps its handles")
		}
	}})
	if r.Failure != nil {
		t.Error(r.Failure.Message)
	}
}

func TestSyscallsAndEnvironment(t *testing.T) {
	m := &machine{t: t, args: []string{"-v"}}
	m.syscall = func(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr) {
		if Simulated() {
			Fail("error", "a system call does not run in kernel mode")
		}
		if g := Current(); nr == 1 {
			After(1e9, g.Ready)
			Park("slow call")
		}
		return nr + a[0], a[5], uintptr(p.ID())
	}
	r := Run(Config{Kernel: m, Main: func() {
		before := Now()
		r1, r2, errno := Syscall6(1, 10, 0, 0, 0, 0, 7)
		if r1 != 11 || r2 != 7 || errno != 0 || Now() < before+1e9 || !Simulated() {
			Fail("error", "system call")
		}
		if args := Args(); len(args) != 2 || args[0] != "harness" || args[1] != "-v" || Env()[0] != "HOME=/" {
			Fail("error", "arguments")
		}
		if sec, _ := Walltime(); sec < 1577836800 || sec > 1577836810 {
			Fail("error", "wall clock")
		}
	}})
	if r.Failure != nil {
		t.Error(r.Failure.Message, r.Failure.Stacks)
	}
}

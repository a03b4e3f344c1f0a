package runtime

// A PollDesc is the readiness of one descriptor: what internal/poll waits for
// between two system calls that returned EAGAIN. Readiness is an edge: the
// kernel says "became readable", and that is remembered until somebody waits.
type PollDesc struct {
	process     *Process
	handle      uintptr
	fd          int
	read, write pollSide
	closing     bool
}

type pollSide struct {
	ready    bool
	waiting  *G
	expired  bool // the deadline has passed
	deadline Event
}

// What internal/poll understands.
const (
	pollOK = iota
	pollClosing
	pollTimeout
	pollNotPollable
)

// PollOpen attaches a descriptor. The handle is never 0, which internal/poll
// takes for "not pollable".
//
//go:norace
func PollOpen(fd uintptr) (handle uintptr, errno int) {
	s := sched
	p := s.cur.process
	pd := &PollDesc{process: p, fd: int(fd)}
	for _, side := range []*pollSide{&pd.read, &pd.write} {
		side.deadline = Event{kind: pollDeadline, mode: 'w', process: p, desc: pd}
	}
	pd.read.deadline.mode = 'r'
	kernel(func() { errno = s.cfg.Kernel.PollOpen(p, int(fd), pd) })
	if errno != 0 {
		return 0, errno
	}
	if n := len(s.freePolls); n > 0 {
		pd.handle = s.freePolls[n-1]
		s.freePolls = s.freePolls[:n-1]
		s.polls[pd.handle-1] = pd
	} else {
		s.polls = append(s.polls, pd)
		pd.handle = uintptr(len(s.polls))
	}
	return pd.handle, 0
}

//go:norace
func pollDesc(handle uintptr) *PollDesc { return sched.polls[handle-1] }

// PollClose detaches a descriptor; PollUnblock has been called before.
//
//go:norace
func PollClose(handle uintptr) {
	s := sched
	pd := pollDesc(handle)
	kernel(func() { s.cfg.Kernel.PollClose(pd.process, pd) })
	s.polls[handle-1] = nil
	s.freePolls = append(s.freePolls, handle)
}

// PollReset forgets an edge, before an operation is tried.
//
//go:norace
func PollReset(handle uintptr, mode int) int {
	pd := pollDesc(handle)
	side := pd.side(mode)
	if r := pd.check(side); r != pollOK {
		return r
	}
	side.ready = false
	return pollOK
}

// PollWait waits for an edge, the deadline, or PollUnblock.
//
//go:norace
func PollWait(handle uintptr, mode int) int {
	pd := pollDesc(handle)
	side := pd.side(mode)
	for {
		if r := pd.check(side); r != pollOK {
			return r
		}
		if side.block() {
			return pollOK
		}
	}
}

// PollWaitCanceled waits for an edge and nothing else.
//
//go:norace
func PollWaitCanceled(handle uintptr, mode int) {
	side := pollDesc(handle).side(mode)
	for !side.block() {
	}
}

// block waits and reports whether an edge ended it.
//
//go:norace
func (side *pollSide) block() bool {
	if !side.ready {
		side.waiting = current()
		sched.park(side.waiting, "IO wait")
		side.waiting = nil
	}
	ready := side.ready
	side.ready = false
	return ready
}

// PollSetDeadline sets the deadline of one direction or, with mode 'r'+'w', of
// both: d nanoseconds from now; negative: it has passed; 0: there is none.
//
//go:norace
func PollSetDeadline(handle uintptr, d int64, mode int) {
	pd := pollDesc(handle)
	if pd.closing {
		return
	}
	if d > 0 {
		if d += sched.now; d <= 0 {
			d = 1<<63 - 1
		}
	}
	if mode == 'r' || mode == 'r'+'w' {
		pd.read.setDeadline(d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.write.setDeadline(d)
	}
}

//go:norace
func (side *pollSide) setDeadline(when int64) {
	sched.events.remove(&side.deadline)
	side.expired = when < 0
	if when > 0 {
		sched.events.add(&side.deadline, when)
	}
	if side.expired {
		side.wake()
	}
}

// expire is the event of a deadline.
//
//go:norace
func (pd *PollDesc) expire(mode byte) {
	side := pd.side(int(mode))
	side.expired = true
	side.wake()
}

// PollUnblock makes every wait, present and future, return "closing".
//
//go:norace
func PollUnblock(handle uintptr) {
	pd := pollDesc(handle)
	pd.closing = true
	for _, side := range []*pollSide{&pd.read, &pd.write} {
		sched.events.remove(&side.deadline)
		side.wake()
	}
}

// Ready tells that the descriptor became readable ('r') or writable ('w'). The
// kernel calls it at every edge.
//
//go:norace
func (pd *PollDesc) Ready(mode byte) {
	side := pd.side(int(mode))
	side.ready = true
	side.wake()
}

// FD returns the descriptor's number.
//
//go:norace
func (pd *PollDesc) FD() int { return pd.fd }

//go:norace
func (side *pollSide) wake() {
	if side.waiting != nil {
		side.waiting.Ready()
	}
}

//go:norace
func (pd *PollDesc) side(mode int) *pollSide {
	if mode == 'r' {
		return &pd.read
	}
	return &pd.write
}

//go:norace
func (pd *PollDesc) check(side *pollSide) int {
	switch {
	case pd.closing:
		return pollClosing
	case side.expired:
		return pollTimeout
	}
	return pollOK
}

package runtime

type eventKind uint8

const (
	callKernel   eventKind = iota // call runs in kernel mode
	wakeUp                        // the end of g's sleep
	fireTimer                     // timer of a program
	pollDeadline                  // of descriptor, for mode
)

// An Event is something that will happen at a time. Events of the same time
// happen in the order they were made.
type Event struct {
	when    int64
	seq     uint64
	pos     int32 // index in the heap + 1; 0: not pending
	kind    eventKind
	mode    byte
	process *Process // the event dies with it; nil: the machine's own
	call    func()
	g       *G
	timer   *timer
	desc    *PollDesc
}

// eventQueue is a binary heap ordered by time, then by age.
type eventQueue struct {
	heap    []*Event
	seq     uint64
	next    int64 // when of the first event, or never
	running int   // > 0 while an event or an invariant runs
}

// After runs f in kernel mode in d nanoseconds. f must not park.
//
//go:norace
func After(d int64, f func()) *Event {
	e := &Event{kind: callKernel, call: f}
	s := sched
	s.events.add(e, s.now+max(d, 0))
	return e
}

// Cancel reports whether it kept the event from happening.
//
//go:norace
func (e *Event) Cancel() bool { return sched.events.remove(e) }

// Sleep is time.Sleep.
//
//go:norace
func Sleep(ns int64) {
	g := current()
	if ns <= 0 {
		g.point()
		return
	}
	s := sched
	if b := g.bubble; b != nil {
		b.add(&g.sleep, later(b.now, ns))
		g.rest()
	} else {
		s.events.add(&g.sleep, later(s.now, ns))
	}
	s.park(g, sleeping)
}

// later is d after now, or never if there is no such time.
//
//go:norace
func later(now, d int64) int64 {
	if now+d < 0 {
		return never
	}
	return now + d
}

// sleeping is why a goroutine in Sleep is parked.
const sleeping = "sleep"

const never = 1<<63 - 1

// setNext is called when the heap has changed.
//
//go:norace
func (q *eventQueue) setNext() {
	q.next = never
	if len(q.heap) > 0 {
		q.next = q.heap[0].when
	}
}

// runEvent takes the first event off the queue and runs it.
//
//go:norace
func (s *scheduler) runEvent() {
	e := s.events.heap[0]
	s.events.remove(e)
	s.happen(e)
}

// happen runs an event that is on no queue any more.
//
//go:norace
func (s *scheduler) happen(e *Event) {
	s.moved()
	s.mix(uint64(e.when) ^ uint64(e.kind)<<62)
	if s.cfg.Trace != nil {
		s.trace("event", uint64(e.kind))
	}
	switch e.kind {
	case wakeUp:
		e.g.Ready()
	case fireTimer:
		s.fire(e.timer)
	case pollDeadline:
		e.desc.expire(e.mode)
	default:
		s.kernelly(s.processes[0].interrupt, nil, e.call)
	}
}

// removeAll drops the events that belong to p.
//
//go:norace
func (q *eventQueue) removeAll(p *Process) {
	kept := q.heap[:0]
	for _, e := range q.heap {
		if e.process == p {
			e.pos = 0
		} else {
			kept = append(kept, e)
		}
	}
	clear(q.heap[len(kept):])
	q.heap = kept
	for i, e := range kept {
		e.pos = int32(i + 1)
	}
	for i := len(kept)/2 - 1; i >= 0; i-- {
		q.down(i)
	}
	q.setNext()
}

//go:norace
func (q *eventQueue) add(e *Event, when int64) {
	q.seq++
	e.when, e.seq = when, q.seq
	if e.pos == 0 {
		q.heap = append(q.heap, e)
		e.pos = int32(len(q.heap))
	}
	i := int(e.pos - 1)
	if !q.up(i) {
		q.down(i)
	}
	q.setNext()
}

//go:norace
func (q *eventQueue) remove(e *Event) bool {
	if e.pos == 0 {
		return false
	}
	i := int(e.pos - 1)
	last := len(q.heap) - 1
	moved := q.heap[last]
	q.heap[i] = moved
	moved.pos = int32(i + 1)
	q.heap[last] = nil
	q.heap = q.heap[:last]
	e.pos = 0
	if i < last && !q.up(i) {
		q.down(i)
	}
	q.setNext()
	return true
}

//go:norace
func (q *eventQueue) less(i, j int) bool {
	a, b := q.heap[i], q.heap[j]
	return a.when < b.when || a.when == b.when && a.seq < b.seq
}

//go:norace
func (q *eventQueue) swap(i, j int) {
	q.heap[i], q.heap[j] = q.heap[j], q.heap[i]
	q.heap[i].pos = int32(i + 1)
	q.heap[j].pos = int32(j + 1)
}

//go:norace
func (q *eventQueue) up(i int) (moved bool) {
	for i > 0 && q.less(i, (i-1)/2) {
		q.swap(i, (i-1)/2)
		i = (i - 1) / 2
		moved = true
	}
	return moved
}

//go:norace
func (q *eventQueue) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(q.heap) {
			return
		}
		if child+1 < len(q.heap) && q.less(child+1, child) {
			child++
		}
		if !q.less(child, i) {
			return
		}
		q.swap(i, child)
		i = child
	}
}

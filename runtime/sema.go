package runtime

import "unsafe"

// Semaphores and notify lists: what sync's and internal/poll's locks, wait
// groups and condition variables sleep on. The counters live in the program's
// memory, where the packages above look at them, too; who waits is kept here.
// Whoever is woken, and in which order, is as in Go's own runtime.

// Semacquire waits until *addr > 0 and decrements it. With lifo the caller goes
// to the head of the line (a mutex does that with a waiter it woke in vain). The
// reason is what Go says in a stack that such a goroutine waits for.
//
//go:norace
func Semacquire(addr *uint32, lifo bool, reason string) {
	g := current()
	if canAcquire(addr) {
		return
	}
	s := sched
	w := &g.wait
	for {
		w.sending = false
		s.waits.queue(unsafe.Pointer(addr)).add(w, lifo)
		s.park(g, reason)
		if w.ok || canAcquire(addr) {
			return
		}
	}
}

// SemacquireWaitGroup is Semacquire for sync.WaitGroup.Wait, which blocks durably
// if the group belongs to the caller's bubble.
//
//go:norace
func SemacquireWaitGroup(addr *uint32, durable bool) {
	if g := current(); durable && *addr == 0 {
		g.rest()
	}
	Semacquire(addr, false, "sync.WaitGroup.Wait")
}

// Semrelease increments *addr and wakes one waiter. With handoff the waiter has
// the semaphore, and the processor, at once; without, it must compete for it.
//
//go:norace
func Semrelease(addr *uint32, handoff bool) {
	*addr++
	s := sched
	w := s.waits.find(unsafe.Pointer(addr)).receiver()
	if w == nil {
		return
	}
	w.ok = handoff && canAcquire(addr)
	s.claim(w)
	if g := current(); w.ok && g != nil && !g.events {
		s.handOver(g, w.g)
	}
}

//go:norace
func canAcquire(addr *uint32) bool {
	if *addr == 0 {
		return false
	}
	*addr--
	return true
}

// handOver lets to run next instead of drawing somebody. Priorities decide
// instead where there are any: to has what it waited for, and can run.
//
//go:norace
func (s *scheduler) handOver(from, to *G) {
	if s.order.kind == pctScheduler {
		from.point()
		return
	}
	s.step()
	s.unqueue(to)
	s.mix(to.id)
	s.enqueue(from)
	s.switchTo(to.worker)
	from.state = running
	s.cur = from
}

// notifyList is the beginning of sync.notifyList: tickets are taken before the
// lock is given up, so that a wake-up in between is not lost.
type notifyList struct {
	wait   uint32 // the next ticket
	notify uint32 // the next ticket to be notified
}

// NotifyListAdd takes a ticket.
//
//go:norace
func NotifyListAdd(l unsafe.Pointer) uint32 {
	n := (*notifyList)(l)
	n.wait++
	return n.wait - 1
}

// NotifyListWait waits until ticket t is notified.
//
//go:norace
func NotifyListWait(l unsafe.Pointer, t uint32) {
	n := (*notifyList)(l)
	if int32(t-n.notify) < 0 {
		hostAcquire(l)
		return // notified already
	}
	g := current()
	s := sched
	g.wait.sending, g.wait.ticket = false, t
	s.waits.queue(l).add(&g.wait, false)
	g.rest()
	s.park(g, "sync.Cond.Wait")
}

// NotifyListNotifyAll wakes everybody.
//
//go:norace
func NotifyListNotifyAll(l unsafe.Pointer) {
	n := (*notifyList)(l)
	n.notify = n.wait
	hostRelease(l)
	s := sched
	for w := s.waits.find(l).receiver(); w != nil; w = s.waits.find(l).receiver() {
		w.checkWake()
		hostPass(w)
		s.claim(w)
	}
}

// NotifyListNotifyOne wakes the holder of the next ticket. If that one does not
// sleep yet it will not go to sleep.
//
//go:norace
func NotifyListNotifyOne(l unsafe.Pointer) {
	n := (*notifyList)(l)
	if n.notify == n.wait {
		return
	}
	t := n.notify
	n.notify++
	hostRelease(l)
	s := sched
	for w := s.waits.find(l).receiver(); w != nil; w = w.next {
		if w.ticket == t {
			w.checkWake()
			hostPass(w)
			s.claim(w)
			return
		}
	}
}

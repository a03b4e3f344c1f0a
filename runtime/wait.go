package runtime

import "unsafe"

// A waiter is one goroutine waiting at one place: a channel, a semaphore or a
// notify list.
type waiter struct {
	g          *G
	queue      *waitQueue // nil: not waiting
	next, prev *waiter
	elem       unsafe.Pointer // *T on the heap: the value to send, or where to put the one received
	index      int32          // of the select case
	ticket     uint32
	sending    bool
	ok         bool // receive: there was a value. send: it was taken. semaphore: it was handed over
}

// waitQueue is who waits at one address: recv holds receivers and all that wait
// for semaphores and notify lists, send holds senders.
type waitQueue struct {
	key        unsafe.Pointer // keeps the channel or the lock where it is
	recv, send waitList
	channel    bool // key is one, which has a pointer to this
	free       *waitQueue
}

// receiver returns the first who waits for something; there may be no queue.
//
//go:norace
func (q *waitQueue) receiver() *waiter {
	if q == nil {
		return nil
	}
	return q.recv.head
}

// sender returns the first who waits to send.
//
//go:norace
func (q *waitQueue) sender() *waiter {
	if q == nil {
		return nil
	}
	return q.send.head
}

// add makes w wait.
//
//go:norace
func (q *waitQueue) add(w *waiter, front bool) {
	w.queue, w.ok = q, false
	l := &q.recv
	if w.sending {
		l = &q.send
	}
	if front {
		l.pushFront(w)
	} else {
		l.pushBack(w)
	}
}

type waitList struct{ head, tail *waiter }

//go:norace
func (l *waitList) pushBack(w *waiter) {
	w.prev, w.next = l.tail, nil
	if l.tail == nil {
		l.head = w
	} else {
		l.tail.next = w
	}
	l.tail = w
}

//go:norace
func (l *waitList) pushFront(w *waiter) {
	w.prev, w.next = nil, l.head
	if l.head == nil {
		l.tail = w
	} else {
		l.head.prev = w
	}
	l.head = w
}

//go:norace
func (l *waitList) remove(w *waiter) {
	if w.prev == nil {
		l.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.next, w.prev = nil, nil
}

// waitTable finds the queue of an address, in open addressing with linear
// probing. A channel knows its queue. A queue stays when its last waiter goes, because the next one usually
// comes soon; empty ones go when the table is half full or a process ends. Where
// an entry lies depends on its address, so nothing may ever depend on the order
// of entries.
type waitTable struct {
	slots []*waitQueue
	shift uint8
	count int
	free  *waitQueue
}

//go:norace
func (t *waitTable) init() {
	t.slots = make([]*waitQueue, 64)
	t.shift = 64 - 6
}

//go:norace
func (t *waitTable) home(key unsafe.Pointer) int {
	return int(uint64(uintptr(key)) * golden >> t.shift)
}

// find returns the queue of key, or nil.
//
//go:norace
func (t *waitTable) find(key unsafe.Pointer) *waitQueue {
	mask := len(t.slots) - 1
	for i := t.home(key); ; i++ {
		q := t.slots[i&mask]
		if q == nil || q.key == key {
			return q
		}
	}
}

// queue returns the queue of key, if need be a new one.
//
//go:norace
func (t *waitTable) queue(key unsafe.Pointer) *waitQueue {
	if q := t.find(key); q != nil {
		return q
	}
	return t.insert(key)
}

// atChannel is find for a channel.
//
//go:norace
func (t *waitTable) atChannel(ch unsafe.Pointer) *waitQueue { return hostChanQueue(t, ch) }

// chanQueue is queue for a channel.
//
//go:norace
func (t *waitTable) chanQueue(ch unsafe.Pointer) *waitQueue {
	q := t.atChannel(ch)
	if q == nil {
		q = t.insert(ch)
		q.channel = true
		hostSetChanQueue(ch, q)
	}
	return q
}

// insert makes a queue for key, which has none.
//
//go:norace
func (t *waitTable) insert(key unsafe.Pointer) *waitQueue {
	if t.count*2 >= len(t.slots) {
		t.purge()
	}
	q := t.free
	if q == nil {
		q = &waitQueue{}
	} else {
		t.free, q.free = q.free, nil
	}
	q.key = key
	t.place(q)
	return q
}

//go:norace
func (t *waitTable) place(q *waitQueue) {
	mask := len(t.slots) - 1
	i := t.home(q.key)
	for t.slots[i&mask] != nil {
		i++
	}
	t.slots[i&mask] = q
	t.count++
}

// purge drops the empty queues, and doubles the table if that does not leave
// three quarters of it free.
//
//go:norace
func (t *waitTable) purge() {
	old := t.slots
	used := 0
	for _, q := range old {
		if q != nil && (q.recv.head != nil || q.send.head != nil) {
			used++
		}
	}
	n := len(old)
	if used*4 > n {
		n *= 2
		t.shift--
	}
	t.slots, t.count = make([]*waitQueue, n), 0
	for _, q := range old {
		switch {
		case q == nil:
		case q.recv.head != nil || q.send.head != nil:
			t.place(q)
		default:
			q.unlink()
			q.key, q.channel = nil, false
			q.free, t.free = t.free, q
		}
	}
}

// unlink makes the channel forget its queue.
//
//go:norace
func (q *waitQueue) unlink() {
	if q.channel {
		hostSetChanQueue(q.key, nil)
	}
}

// clear is for the end of the simulation, which channels may outlive.
//
//go:norace
func (t *waitTable) clear() {
	for _, q := range t.slots {
		if q != nil {
			q.unlink()
		}
	}
}

//go:norace
func (t *waitTable) remove(w *waiter) {
	q := w.queue
	if q == nil {
		return
	}
	w.queue = nil
	if w.sending {
		q.send.remove(w)
	} else {
		q.recv.remove(w)
	}
}

// release ends all waiting of g, and what it was to be handed is forgotten.
//
//go:norace
func (t *waitTable) release(g *G) {
	t.remove(&g.wait)
	for _, c := range g.cases {
		t.remove(c.waiter())
	}
	g.cases = nil
}

// claim ends the waiting of w's goroutine because w has got what it waited for,
// and makes the goroutine runnable. In a select the other cases end too: at
// once, so that no list ever holds somebody who no longer waits.
//
//go:norace
func (s *scheduler) claim(w *waiter) {
	g := w.g
	if len(g.cases) == 0 {
		s.waits.remove(w)
	} else {
		g.wait.index = w.index
		s.waits.release(g)
	}
	s.did()
	s.enqueue(g)
}

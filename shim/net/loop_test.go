package net

import (
	"container/heap"
	"syscall"
	"testing"
	"time"
)

// loop is the smallest possible surroundings of a network: a clock that jumps from event to event.
type loop struct {
	now    int64
	seq    int
	random uint64
	queue  eventQueue
}

type event struct {
	at   int64
	seq  int
	f    func()
	loop *loop
}

func (e *event) Cancel() bool {
	done := e.f == nil
	e.f = nil
	return !done
}

type eventQueue []*event

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].seq < q[j].seq
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *eventQueue) Push(x any)   { *q = append(*q, x.(*event)) }
func (q *eventQueue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

func (l *loop) Now() int64 { return l.now }

func (l *loop) After(d int64, f func()) Timer {
	if d < 0 {
		panic("an event in the past")
	}
	l.seq++
	e := &event{at: l.now + d, seq: l.seq, f: f}
	heap.Push(&l.queue, e)
	return e
}

func (l *loop) Draw(kind string, n uint64) uint64 {
	l.random += 0x9e3779b97f4a7c15
	x := remix(l.random)
	if n > 0 {
		x %= n
	}
	return x
}

// step runs the next event and reports whether there was one.
func (l *loop) step() bool {
	for len(l.queue) > 0 {
		e := heap.Pop(&l.queue).(*event)
		if f := e.f; f != nil {
			e.f = nil
			l.now = e.at
			f()
			return true
		}
	}
	return false
}

// drain runs everything; the network has to come to rest by itself.
func (l *loop) drain() {
	for l.step() {
	}
}

// run lets time pass.
func (l *loop) run(d time.Duration) {
	end := l.now + int64(d)
	l.After(int64(d), func() {})
	for l.now < end && l.step() {
	}
}

// pair is two hosts, a listener on b, and what the tests need to talk about them.
type pair struct {
	*testing.T
	*loop
	net  *Network
	a, b *Host
	l    *TCP
}

func newPair(t *testing.T, seed uint64) *pair {
	t.Helper()
	p := &pair{T: t, loop: &loop{now: 1, random: seed}}
	p.net = New(p.loop, nil)
	var err error
	if p.a, err = p.net.AddHost("a", "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	if p.b, err = p.net.AddHost("b", "10.0.0.2"); err != nil {
		t.Fatal(err)
	}
	p.l = p.listen(p.b, Addr{Port: 7000}, 16)
	return p
}

func (p *pair) listen(h *Host, a Addr, backlog int) *TCP {
	p.Helper()
	l := h.NewTCP()
	l.opts.ReuseAddr = true
	p.ok(l.Bind(a))
	p.ok(l.Listen(backlog))
	return l
}

func (p *pair) ok(errno syscall.Errno) {
	p.Helper()
	if errno != 0 {
		p.Fatalf("at %v: %v", time.Duration(p.now), errno)
	}
}

func (p *pair) want(got, want syscall.Errno) {
	p.Helper()
	if got != want {
		p.Fatalf("at %v: errno %v, want %v", time.Duration(p.now), got, want)
	}
}

// dial connects from a to b:7000 and waits for the outcome.
func (p *pair) dial() (*TCP, syscall.Errno) {
	p.Helper()
	return p.dialTo(Addr{IPv4(10, 0, 0, 2), 7000})
}

func (p *pair) dialTo(to Addr) (*TCP, syscall.Errno) {
	p.Helper()
	c := p.a.NewTCP()
	if errno := c.Connect(to); errno != syscall.EINPROGRESS {
		return c, errno
	}
	for c.state == synSent && p.step() {
	}
	return c, c.TakeError()
}

// connect returns both ends of a new connection.
func (p *pair) connect() (client, server *TCP) {
	p.Helper()
	c, errno := p.dial()
	p.ok(errno)
	p.drain()
	s, errno := p.l.Accept()
	p.ok(errno)
	return c, s
}

// read reads until there is nothing more, running events in between.
func (p *pair) read(t *TCP) (string, syscall.Errno) {
	var all []byte
	buf := make([]byte, 4096)
	for {
		n, errno := t.Read(buf, false)
		all = append(all, buf[:n]...)
		switch {
		case errno == syscall.EAGAIN:
			if !p.step() {
				return string(all), errno
			}
		case errno != 0 || n == 0:
			return string(all), errno
		}
	}
}

func (p *pair) write(t *TCP, s string) {
	p.Helper()
	for len(s) > 0 {
		n, errno := t.Write([]byte(s))
		if errno == syscall.EAGAIN && p.step() {
			continue
		}
		p.ok(errno)
		s = s[n:]
	}
}

// keepAlive turns keepalive on, with the same number of seconds for everything.
func (t *TCP) keepAlive(seconds int64) {
	t.opts.KeepAlive, t.opts.KeepIdle, t.opts.KeepInterval = true, seconds*second, seconds*second
	t.OptionsChanged()
}

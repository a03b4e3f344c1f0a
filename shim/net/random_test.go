package net

import (
	"syscall"
	"testing"
	"time"
)

// traffic is one direction of one connection: position i of the stream carries the byte i*31, so that the
// reader knows what it must find.
type traffic struct {
	from, to       *TCP
	sent, received int64
	closed         bool
	ended          bool // the reader has seen the end or an error
	failed         bool // by an error
}

func pattern(b []byte, at int64) {
	for i := range b {
		b[i] = byte((at + int64(i)) * 31 >> 2)
	}
}

func matches(b []byte, at int64) bool {
	for i, c := range b {
		if c != byte((at+int64(i))*31>>2) {
			return false
		}
	}
	return true
}

var scratch = make([]byte, 30001)

// TestRandomTraffic lets connections write, read, close and reset at random over links that come and go, and
// requires that what arrives is what was sent, that nothing is stuck once the links are healed, and that the
// network comes to rest.
func TestRandomTraffic(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 5
	}
	for seed := range uint64(seeds) {
		p := newPair(t, seed*7919)
		var all []*traffic
		for range 4 {
			c, s := p.connect()
			for _, e := range []*TCP{c, s} { // a lost reset is noticed by nothing else
				e.keepAlive(15)
			}
			all = append(all, &traffic{from: c, to: s}, &traffic{from: s, to: c})
		}
		for range 1000 {
			p.disturb(all, seed)
			p.run(time.Duration(p.Draw("", 300)) * time.Microsecond)
		}
		p.net.HealAll()
		p.settle(all, seed)
	}
}

func (p *pair) disturb(all []*traffic, seed uint64) {
	f := all[p.Draw("", uint64(len(all)))]
	switch n := p.Draw("", 1000); {
	case n < 5:
		p.net.PartitionOneWay("a", "b")
	case n < 10:
		p.net.PartitionOneWay("b", "a")
	case n < 25:
		p.net.HealAll()
	case n < 28:
		p.run(30 * time.Second) // long enough for backoff to grow
	case n < 33 && !f.closed && seed%2 == 0:
		f.closed = true
		if p.Draw("", 2) == 0 {
			f.from.Shutdown(false, true)
		} else {
			f.from.Close()
		}
	case n < 600:
		f.write(p)
	default:
		f.read(p, seed)
	}
}

func (f *traffic) write(p *pair) {
	if f.closed || f.failed {
		return
	}
	b := scratch[:1+p.Draw("", 20000)]
	pattern(b, f.sent)
	n, errno := f.from.Write(b)
	f.sent += int64(n)
	if errno != 0 && errno != syscall.EAGAIN {
		f.failed = true
	}
}

func (f *traffic) read(p *pair, seed uint64) {
	if f.ended || !f.to.open {
		return
	}
	b := scratch[:1+p.Draw("", 30000)]
	n, errno := f.to.Read(b, false)
	if !matches(b[:n], f.received) {
		p.Fatalf("seed %d: the stream is damaged after %d bytes", seed, f.received)
	}
	f.received += int64(n)
	if f.received > f.sent {
		p.Fatalf("seed %d: received %d bytes of %d", seed, f.received, f.sent)
	}
	switch {
	case errno != 0 && errno != syscall.EAGAIN:
		f.ended, f.failed = true, true
	case errno == 0 && n == 0:
		f.ended = true
	}
}

// settle closes everything and reads to the end.
func (p *pair) settle(all []*traffic, seed uint64) {
	for _, f := range all {
		if !f.closed {
			f.from.Shutdown(false, true)
		}
	}
	deadline := p.now + int64(time.Hour)
	for busy := true; busy && p.now < deadline; {
		p.run(200 * time.Millisecond)
		busy = false
		for _, f := range all {
			for range 10 {
				f.read(p, seed)
			}
			busy = busy || !f.ended && f.to.open
		}
	}
	for i, f := range all {
		switch {
		case !f.to.open:
		case !f.ended:
			p.Fatalf("seed %d: direction %d is stuck after %d of %d bytes: %s", seed, i, f.received, f.sent, f.from.describe())
		case !f.failed && f.received != f.sent && f.to.state != dead:
			p.Fatalf("seed %d: direction %d ended after %d of %d bytes", seed, i, f.received, f.sent)
		}
	}
	for _, f := range all {
		f.from.Close()
	}
	start := p.now
	p.drain()
	if d := time.Duration(p.now - start); d > 20*time.Minute {
		p.Fatalf("seed %d: the network needed %v to come to rest", seed, d)
	}
	if n := len(p.a.conns) + len(p.b.conns); n != 0 {
		p.Fatalf("seed %d: %d connections are never released", seed, n)
	}
}

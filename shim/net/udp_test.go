package net

import (
	"syscall"
	"testing"
	"time"
)

func TestDatagrams(t *testing.T) {
	p := newPair(t, 20)
	server := p.b.NewUDP()
	p.ok(server.Bind(Addr{Port: 53}))
	client := p.a.NewUDP()
	p.ok(client.Connect(Addr{IPv4(10, 0, 0, 2), 53}))
	for _, s := range []string{"one", "", "three"} {
		_, errno := client.Send([]byte(s), nil)
		p.ok(errno)
	}
	p.drain()
	got := map[string]bool{}
	buf := make([]byte, 4)
	for i := 0; i < 3; i++ {
		n, full, from, errno := server.Receive(buf, false)
		p.ok(errno)
		if from != client.local || n != min(full, len(buf)) {
			t.Fatalf("%d of %d bytes from %v", n, full, from)
		}
		got[string(buf[:n])] = true
		server.Send(buf[:n], &from)
	}
	if !got["one"] || !got[""] || !got["thre"] {
		t.Fatalf("received %v", got)
	}
	_, _, _, errno := server.Receive(buf, false)
	p.want(errno, syscall.EAGAIN)
	p.drain()
	if client.queue.len() != 3 {
		t.Fatalf("%d answers", client.queue.len())
	}
}

func TestDatagramToClosedPort(t *testing.T) {
	p := newPair(t, 21)
	c := p.a.NewUDP()
	p.ok(c.Connect(Addr{IPv4(127, 0, 0, 1), 53}))
	c.Send([]byte("query"), nil)
	p.drain()
	_, _, _, errno := c.Receive(nil, false)
	p.want(errno, syscall.ECONNREFUSED)
	_, errno = c.Send(make([]byte, maxDatagram+1), nil)
	p.want(errno, syscall.EMSGSIZE)
}

func TestLatencies(t *testing.T) {
	l := &loop{}
	exp := Exponential{Min: time.Millisecond, Mean: 10 * time.Millisecond}
	bi := Bimodal{Fast: Uniform{Min: 1, Max: 2}, Slow: Uniform{Min: 1000, Max: 2000}, SlowPercent: 10}
	var sum time.Duration
	slow := 0
	const n = 20000
	for i := 0; i < n; i++ {
		d := exp.Sample(l.Draw("", 0))
		if d < time.Millisecond {
			t.Fatal(d)
		}
		sum += d
		if bi.Sample(l.Draw("", 0)) >= 1000 {
			slow++
		}
		if d := DefaultLatency.Sample(l.Draw("", 0)); d < 100*time.Microsecond || d >= 600*time.Microsecond {
			t.Fatal(d)
		}
	}
	if mean := sum / n; mean < 10700*time.Microsecond || mean > 11300*time.Microsecond {
		t.Errorf("mean of the exponential latency: %v", mean)
	}
	if slow < n*9/100 || slow > n*11/100 {
		t.Errorf("%d of %d packets were slow", slow, n)
	}
}

func BenchmarkEcho(b *testing.B) {
	l := &loop{now: 1}
	n := New(l, nil)
	ha, _ := n.AddHost("a", "10.0.0.1")
	hb, _ := n.AddHost("b", "10.0.0.2")
	srv := hb.NewTCP()
	srv.Bind(Addr{Port: 7})
	srv.Listen(1)
	c := ha.NewTCP()
	c.Connect(Addr{IPv4(10, 0, 0, 2), 7})
	for l.step() {
	}
	s, _ := srv.Accept()
	buf := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range [][2]*TCP{{c, s}, {s, c}} {
			e[0].Write(buf)
			for {
				if _, errno := e[1].Read(buf, false); errno == 0 {
					break
				}
				l.step()
			}
		}
	}
}

package net

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestEcho(t *testing.T) {
	p := newPair(t, 1)
	c, s := p.connect()
	p.write(c, "hello")
	if got, _ := p.read(s); got != "hello" {
		t.Fatalf("server read %q", got)
	}
	p.write(s, "world")
	c.Shutdown(false, true)
	if got, errno := p.read(s); got != "" || errno != 0 {
		t.Fatalf("after half close: %q, %v", got, errno)
	}
	s.Close()
	if got, errno := p.read(c); got != "world" || errno != 0 {
		t.Fatalf("client read %q, %v", got, errno)
	}
	c.Close()
	p.drain()
	if n := len(p.a.conns) + len(p.b.conns); n != 0 {
		t.Fatalf("%d connections left: %v", n, p.net.Connections())
	}
}

func TestRefusedAndUnreachable(t *testing.T) {
	p := newPair(t, 2)
	_, errno := p.dialTo(Addr{IPv4(10, 0, 0, 2), 7001})
	p.want(errno, syscall.ECONNREFUSED)
	_, errno = p.dialTo(Addr{IPv4(10, 0, 0, 99), 7000})
	p.want(errno, syscall.EHOSTUNREACH)
	_, errno = p.dialTo(Addr{IPv4(8, 8, 8, 8), 53})
	p.want(errno, syscall.ENETUNREACH)

	p.l.Close()
	_, errno = p.dial()
	p.want(errno, syscall.ECONNREFUSED)
	p.listen(p.b, Addr{Port: 7000}, 1)
	_, errno = p.dial()
	p.ok(errno)
}

func TestConnectTimesOutBehindPartition(t *testing.T) {
	p := newPair(t, 3)
	p.net.PartitionOneWay("b", "a")
	start := p.now
	_, errno := p.dial()
	p.want(errno, syscall.ETIMEDOUT)
	if d := time.Duration(p.now - start); d != 127*time.Second {
		t.Fatalf("gave up after %v", d)
	}
	p.drain()
	if len(p.b.conns) != 0 {
		t.Fatal("the half-open connection was never dropped")
	}
}

func TestPartitionDelaysButLosesNothing(t *testing.T) {
	for _, cut := range [][2]string{{"a", "b"}, {"b", "a"}} {
		p := newPair(t, 4)
		c, s := p.connect()
		p.write(c, "before ")
		p.net.PartitionOneWay(cut[0], cut[1])
		p.write(c, "during ")
		p.run(2 * time.Second)
		p.net.HealAll()
		p.write(c, "after")
		healed := p.now
		c.Close()
		if got, errno := p.read(s); got != "before during after" || errno != 0 {
			t.Fatalf("%v: %q, %v", cut, got, errno)
		}
		if d := time.Duration(p.now - healed); d > 4*time.Second {
			t.Fatalf("%v: retransmission took %v", cut, d)
		}
	}
}

func TestWriterGivesUp(t *testing.T) {
	p := newPair(t, 5)
	c, _ := p.connect()
	p.net.Partition("a", "b")
	start := p.now
	p.write(c, "x")
	_, errno := p.read(c)
	p.want(errno, syscall.ETIMEDOUT)
	if d := time.Duration(p.now - start); d < 900*time.Second || d > 1100*time.Second {
		t.Fatalf("gave up after %v", d)
	}
	_, errno = c.Write([]byte("x"))
	p.want(errno, syscall.EPIPE)
}

func TestBackPressure(t *testing.T) {
	p := newPair(t, 6)
	c, s := p.connect()
	notified := 0
	c.SetNotify(func(mode byte) {
		if mode == 'w' {
			notified++
		}
	})
	chunk := make([]byte, 10<<10)
	written := 0
	for {
		n, errno := c.Write(chunk)
		written += n
		if errno == syscall.EAGAIN && !p.step() {
			break
		}
	}
	if written != 2*defaultBuffer {
		t.Fatalf("%d bytes fit into the two buffers of %d", written, defaultBuffer)
	}
	buf := make([]byte, defaultBuffer)
	notified = 0
	n, _ := s.Read(buf, false)
	p.drain()
	if n != defaultBuffer || notified != 1 || !c.Writable() {
		t.Fatalf("read %d, then %d notifications, writable %v", n, notified, c.Writable())
	}
	if _, errno := c.Write(chunk); errno != 0 {
		t.Fatal(errno)
	}
}

func TestBulkOverFlakyLink(t *testing.T) {
	p := newPair(t, 7)
	c, s := p.connect()
	want := strings.Repeat("0123456789abcdef", 1<<16)
	var got strings.Builder
	buf := make([]byte, 3000)
	rest := want
	for step := 0; got.Len() < len(want); step++ {
		switch step % 97 {
		case 13:
			p.net.PartitionOneWay("a", "b")
		case 29:
			p.net.HealAll()
		case 51:
			p.net.PartitionOneWay("b", "a")
		case 70:
			p.net.HealAll()
		}
		n, _ := c.Write([]byte(rest))
		rest = rest[n:]
		n, _ = s.Read(buf, false)
		got.Write(buf[:n])
		if !p.step() && n == 0 && len(p.queue) == 0 && step%97 > 70 {
			if n, errno := s.Read(buf, true); errno == syscall.EAGAIN && n == 0 && rest == "" {
				t.Fatalf("stuck with %d of %d bytes", got.Len(), len(want))
			}
		}
		if step > 10_000_000 {
			t.Fatalf("no end: %d of %d bytes", got.Len(), len(want))
		}
	}
	if got.String() != want {
		t.Fatal("the stream was damaged")
	}
}

func TestResets(t *testing.T) {
	p := newPair(t, 8)
	c, s := p.connect()
	p.write(c, "unread")
	p.drain()
	s.Close()
	_, errno := p.read(c)
	p.want(errno, syscall.ECONNRESET)
	if _, errno = p.read(c); errno != 0 {
		t.Fatalf("the error is reported once, then end of file; got %v", errno)
	}
	_, errno = c.Write([]byte("x"))
	p.want(errno, syscall.EPIPE)

	c, s = p.connect()
	s.Close() // a FIN; the next write is answered with a reset
	p.drain()
	p.write(c, "x")
	p.drain()
	_, errno = c.Write([]byte("x"))
	p.want(errno, syscall.EPIPE)
}

func TestCrash(t *testing.T) {
	p := newPair(t, 9)
	idle, _ := p.connect()
	idle.keepAlive(15)
	busy, _ := p.connect()
	silent, _ := p.connect()
	p.b.Crash()
	start := p.now
	p.write(busy, "x")
	_, errno := p.read(idle)
	p.want(errno, syscall.ETIMEDOUT)
	if d := time.Duration(p.now - start); d < 149*time.Second || d > 151*time.Second {
		t.Fatalf("keepalive noticed after %v", d)
	}
	p.b.Boot()
	_, errno = p.read(busy)
	p.want(errno, syscall.ECONNRESET)
	p.drain()
	if silent.state != established {
		t.Fatal("nothing tells a silent connection without keepalive")
	}
}

// A connection that has carried data is found dead as one that has not.
func TestKeepaliveAfterData(t *testing.T) {
	for _, boots := range []bool{false, true} {
		p := newPair(t, 13)
		c, s := p.connect()
		c.keepAlive(15)
		p.write(c, "ping")
		p.read(s)
		p.write(s, "pong")
		p.run(time.Second)
		p.b.Crash()
		want, after := syscall.ETIMEDOUT, 150*time.Second
		if boots {
			p.b.Boot()
			want, after = syscall.ECONNRESET, 15*time.Second
		}
		heard := c.lastHeard
		if got, errno := p.read(c); got != "pong" || errno != want {
			t.Fatalf("boots: %v: %q, %v", boots, got, errno)
		}
		if d := time.Duration(p.now - heard); d < after || d > after+time.Second {
			t.Fatalf("boots: %v: noticed after %v", boots, d)
		}
	}
}

// An acknowledgement crosses a link only if that is up when it arrives; one that arrived before the cut counts, whenever it
// is looked at.
func TestAcknowledgementOnACutLink(t *testing.T) {
	for _, arrived := range []bool{false, true} {
		p := newPair(t, 14)
		p.net.SetLatency(Uniform{Min: 10 * time.Millisecond, Max: 10 * time.Millisecond})
		c, s := p.connect()
		c.opts.UserTimeout = 1 * second
		start := p.now
		p.write(c, "x")
		p.run(15 * time.Millisecond)
		if arrived {
			p.run(10 * time.Millisecond)
		}
		p.net.PartitionOneWay("b", "a")
		p.run(2 * time.Second)
		if lost := c.state == dead; lost == arrived {
			t.Errorf("arrived before the cut: %v, lost: %v", arrived, lost)
		}
		if got, _ := s.Read(make([]byte, 10), false); got != 1 {
			t.Errorf("%d bytes are there", got)
		}
		if p.net.HealAll(); arrived {
			p.write(c, "y") // nothing of it is sent again
			p.run(30 * time.Millisecond)
			if got, _ := s.Read(make([]byte, 10), false); got != 1 || c.Info().Retransmits != 0 {
				t.Errorf("at %v: %d bytes are there, %d timeouts", time.Duration(p.now-start), got, c.Info().Retransmits)
			}
		}
	}
}

func TestBacklog(t *testing.T) {
	p := newPair(t, 10)
	l := p.listen(p.b, Addr{Port: 8000}, 1)
	to := Addr{IPv4(10, 0, 0, 2), 8000}
	for i := 0; i < 2; i++ {
		_, errno := p.dialTo(to)
		p.ok(errno)
	}
	p.run(time.Millisecond)
	third := p.a.NewTCP()
	third.Connect(to)
	p.run(500 * time.Millisecond)
	if third.state != synSent {
		t.Fatal("a full backlog drops connections")
	}
	l.Accept()
	p.run(time.Second)
	if third.state != established {
		t.Fatal("the retransmitted SYN finds room")
	}
	l.Close()
	_, errno := p.read(third)
	p.want(errno, syscall.ECONNRESET)
}

func TestBinding(t *testing.T) {
	p := newPair(t, 11)
	second := p.b.NewTCP()
	second.opts.ReuseAddr = true
	p.want(second.Bind(Addr{IP: loopIPv4, Port: 7000}), syscall.EADDRINUSE)
	p.want(second.Bind(Addr{IP: IPv4(10, 0, 0, 1), Port: 1}), syscall.EADDRNOTAVAIL)
	p.ok(second.Bind(Addr{IP: loopIPv6}))
	if second.local.Port < firstEphemeral {
		t.Fatalf("port %d", second.local.Port)
	}
	v6only := p.b.NewTCP()
	v6only.opts.V6Only = true
	p.ok(v6only.Bind(Addr{IP: anyIPv6, Port: 9000}))
	p.ok(p.b.NewTCP().Bind(Addr{IP: anyIPv4, Port: 9000}))
	p.want(p.b.NewTCP().Bind(Addr{IP: anyIPv6, Port: 9000}), syscall.EADDRINUSE)

	// The wildcard listener hears every address of its host.
	for _, ip := range []IP{loopIPv4, loopIPv6, IPv4(10, 0, 0, 2), anyIPv4, anyIPv6} {
		c := p.b.NewTCP()
		p.want(c.Connect(Addr{ip, 7000}), syscall.EINPROGRESS)
		p.drain()
		p.ok(c.TakeError())
		s, errno := p.l.Accept()
		p.ok(errno)
		if s.local != c.remote || s.remote != c.local {
			t.Fatalf("%v: %v %v, %v %v", ip, c.local, c.remote, s.local, s.remote)
		}
	}
}

func TestRestsWhenNothingHappens(t *testing.T) {
	p := newPair(t, 12)
	c, s := p.connect()
	for _, e := range []*TCP{c, s} {
		e.opts.KeepAlive = true
		e.OptionsChanged()
	}
	p.write(c, "x")
	p.read(s)
	p.drain()
	if p.now > int64(time.Second) {
		t.Fatalf("a healthy idle connection kept the clock going until %v", time.Duration(p.now))
	}
}

// What is written at once arrives at once, if so configured; otherwise now and then in two pieces.
func TestWholeWrites(t *testing.T) {
	for _, whole := range []bool{true, false} {
		p := newPair(t, 4)
		p.net.WholeWrites(whole)
		c, s := p.connect()
		pieces := 0
		for range 200 {
			p.write(c, "a short write")
			for got := 0; got < len("a short write"); {
				n, errno := s.Read(make([]byte, 100), false)
				if errno == syscall.EAGAIN && p.step() {
					continue
				}
				p.ok(errno)
				got += n
				pieces++
			}
		}
		if (pieces == 200) != whole {
			t.Errorf("whole writes %v: 200 writes were read in %d pieces", whole, pieces)
		}
	}
}

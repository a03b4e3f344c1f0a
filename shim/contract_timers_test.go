package shim

import (
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/simgen-dev/simgen/shim/net"
)

// timers is when TCP acts by itself. Each part runs on two machines of the real system and on two simulated ones.
var timers = []struct {
	name string
	run  func(w *wire)
}{
	{"keepalive", timersKeepalive},
	{"keepalive after data", timersKeepaliveAfterData},
	{"keepalive in one direction", timersKeepaliveOneWay},
	{"keepalive of a half-closed connection", timersKeepaliveHalfClosed},
	{"keepalive after a power cut", timersKeepaliveReboot},
	{"keepalive that was answered", timersKeepaliveAnswered},
	{"keepalive while data is outstanding", timersKeepaliveOutstanding},
	{"keepalive with a user timeout", timersKeepaliveUserTimeout},
	{"keepalive turned on late", timersKeepaliveLate},
	{"keepalive turned off", timersKeepaliveOff},
	{"retransmission", timersRetransmission},
	{"retransmission in vain", timersRetransmissionInVain},
	{"retransmission after a lost acknowledgement", timersLostAcknowledgement},
	{"retransmission to a rebooted machine", timersRetransmissionReboot},
	{"retransmission after close", timersOrphan},
	{"user timeout", timersUserTimeout},
	{"user timeout without data", timersUserTimeoutIdle},
	{"closed window", timersWindow},
	{"closed window in vain", timersWindowInVain},
	{"closed window of a rebooted machine", timersWindowReboot},
	{"closed window with a user timeout", timersWindowUserTimeout},
	{"closed window after close", timersWindowOrphan},
	{"FIN-WAIT-2", timersFinWait},
	{"FIN-WAIT-2 of an open socket", timersFinWaitOpen},
	{"FIN-WAIT-2 without waiting", timersFinWaitNone},
	{"TIME-WAIT", timersTimeWait},
	{"TIME-WAIT and SO_REUSEADDR", timersTimeWaitReuse},
	{"TIME-WAIT of a server", timersTimeWaitServer},
	{"SYN", timersSYN},
	{"SYN that finds its way", timersSYNLate},
	{"SYN with a user timeout", timersSYNUserTimeout},
	{"SYN-ACK", timersSYNACK},
	{"SYN-ACK in vain", timersSYNACKInVain},
}

func TestTimers(t *testing.T) {
	for _, c := range timers {
		t.Run(c.name+"/simulated", func(t *testing.T) { simulatedWire(t, c.run) })
	}
	var all sync.WaitGroup
	for _, c := range timers {
		all.Add(1)
		go func() { // all of them at once: they wait nearly all of the time
			defer all.Done()
			t.Run(c.name+"/real", func(t *testing.T) { realWire(t, c.run) })
		}()
	}
	all.Wait()
}

const wirePort = 7000

const tcpFinWait2 = 5

// socket makes a socket that does not block.
func (w *wire) socket(p *program) int {
	w.Helper()
	return w.own(p.must(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0))
}

// own lets the end of the test close a descriptor of the real system.
func (w *wire) own(fd int) int {
	if w.real {
		if w.open == nil {
			w.open = map[int]bool{}
			w.Cleanup(func() {
				for fd := range w.open {
					syscall.Close(fd)
				}
			})
		}
		w.open[fd] = true
	}
	return fd
}

func (w *wire) close(p *program, fd int) {
	w.Helper()
	delete(w.open, fd)
	p.close(fd)
}

func (w *wire) listen() int {
	w.Helper()
	l := w.socket(w.b)
	w.b.setOption(l, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	w.b.equal("bind", w.b.bind(l, net.Addr{IP: net.IPv4(0, 0, 0, 0), Port: wirePort}, syscall.AF_INET), syscall.Errno(0))
	w.b.must(syscall.SYS_LISTEN, l, 128)
	return l
}

func (w *wire) connect(c int) {
	w.Helper()
	if errno := w.a.connect(c, net.Addr{IP: addressB, Port: wirePort}, syscall.AF_INET); errno != syscall.EINPROGRESS {
		w.a.fail("connect: %v", errno)
	}
}

// pair is both ends of a new connection.
func (w *wire) pair() (c, s int) { return w.pairWith(w.socket(w.a), w.listen()) }

func (w *wire) pairWith(c, l int) (int, int) {
	w.Helper()
	w.connect(c)
	s, errno := w.accept(l, 5*time.Second)
	w.a.equal("accept", errno, syscall.Errno(0))
	w.sleep(50 * time.Millisecond) // until all is quiet
	return c, s
}

// repeat makes a system call until it says something else than EAGAIN, or for a while. What takes long is looked at less often.
func (w *wire) repeat(limit time.Duration, f func() (int, syscall.Errno)) (int, syscall.Errno) {
	for start := w.now(); ; w.sleep(max(w.step, (w.now()-start)/200)) {
		if n, errno := f(); errno != syscall.EAGAIN || w.now() >= start+limit {
			return n, errno
		}
	}
}

func (w *wire) accept(l int, limit time.Duration) (int, syscall.Errno) {
	s, errno := w.repeat(limit, func() (int, syscall.Errno) {
		return w.b.do(syscall.SYS_ACCEPT4, l, 0, 0, syscall.SOCK_NONBLOCK)
	})
	if errno == 0 {
		w.own(s)
	}
	return s, errno
}

// read reads at most ten bytes, and says what it got or why not.
func (w *wire) read(p *program, fd int, limit time.Duration) string {
	b := make([]byte, 10)
	n, errno := w.repeat(limit, func() (int, syscall.Errno) { return p.do(syscall.SYS_READ, fd, b, len(b)) })
	if errno != 0 {
		return errnoName(errno)
	}
	return string(b[:n])
}

func errnoName(errno syscall.Errno) string {
	switch errno {
	case 0:
		return "none"
	case syscall.EAGAIN:
		return "nothing"
	case syscall.ETIMEDOUT:
		return "ETIMEDOUT"
	case syscall.ECONNRESET:
		return "ECONNRESET"
	case syscall.EPIPE:
		return "EPIPE"
	}
	return errno.Error()
}

func (w *wire) pendingError(p *program, fd int) string {
	return errnoName(syscall.Errno(p.getOption(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)))
}

// within requires that something has taken its time since the given moment, which is one just before its cause. A real
// machine may be late, not early.
func (w *wire) within(what string, since, want time.Duration) {
	w.Helper()
	const jiffy = 10 * time.Millisecond // the longest there is
	late := want/50 + 100*time.Millisecond
	if w.real {
		late = 2*want + 10*time.Second
	}
	if d := w.now() - since; d < want-jiffy || d > want+late {
		w.a.fail("%s: after %v, want %v", what, d, want)
	} else {
		w.Logf("%s: after %v, want %v", what, d, want)
	}
}

// eventually requires that a value becomes what it should be.
func (w *wire) eventually(what string, value func() any, want any) {
	w.Helper()
	var got any
	for end := w.now() + 10*time.Second; w.now() < end; w.sleep(w.step) {
		if got = value(); got == want {
			return
		}
	}
	w.a.fail("%s: got %v, want %v", what, got, want)
}

// transfer sends from one end to the other, until it is acknowledged.
func (w *wire) transfer(from *program, out int, to *program, in int, s string) {
	w.Helper()
	from.write(out, s)
	from.equal("transferred", w.read(to, in, 5*time.Second), s)
	w.eventually("unacknowledged", func() any { return w.tcpInfo(from, out).Unacked }, uint32(0))
}

// keepAlive sets the numbers of seconds until the first probe and between probes.
func (w *wire) keepAlive(p *program, fd int, idle, interval, count int32) {
	w.Helper()
	p.setOption(fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1)
	p.setOption(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, idle)
	p.setOption(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, interval)
	p.setOption(fd, syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, count)
}

func (w *wire) partition() {
	w.cut(wireA, wireB)
	w.cut(wireB, wireA)
}

func timersKeepalive(w *wire) {
	start := w.now()
	c, _ := w.pair()
	w.keepAlive(w.a, c, 1, 1, 3)
	w.partition()
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("three probes", start, 4*time.Second)
	w.a.equal("once", w.read(w.a, c, 0), "")
}

func timersKeepaliveAfterData(w *wire) {
	l := w.listen()
	for _, way := range []struct{ there, back bool }{{true, false}, {false, true}, {true, true}} {
		c, s := w.pairWith(w.socket(w.a), l)
		w.keepAlive(w.a, c, 1, 1, 2)
		w.keepAlive(w.b, s, 1, 1, 2)
		start := w.now()
		if way.there {
			w.transfer(w.a, c, w.b, s, "question")
		}
		if way.back {
			w.transfer(w.b, s, w.a, c, "answer")
		}
		w.partition()
		w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
		w.within("two probes", start, 3*time.Second)
		w.b.equal("at the other end", w.read(w.b, s, 20*time.Second), "ETIMEDOUT")
		w.heal()
	}
}

func timersKeepaliveOneWay(w *wire) {
	l := w.listen()
	for _, from := range []string{wireA, wireB} {
		start := w.now()
		c, s := w.pairWith(w.socket(w.a), l)
		w.keepAlive(w.a, c, 1, 1, 2)
		w.cut(from, map[string]string{wireA: wireB, wireB: wireA}[from])
		w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
		w.within("two probes", start, 3*time.Second)
		w.heal()
		// Who gives up says so.
		want := map[string]string{wireA: "nothing", wireB: "ECONNRESET"}[from]
		w.b.equal("the other end", w.read(w.b, s, time.Second), want)
	}
}

func timersKeepaliveHalfClosed(w *wire) {
	c, s := w.pair()
	w.keepAlive(w.a, c, 1, 1, 2)
	w.keepAlive(w.b, s, 1, 1, 2)
	start := w.now()
	w.a.must(syscall.SYS_SHUTDOWN, c, syscall.SHUT_WR)
	w.b.equal("end", w.read(w.b, s, 5*time.Second), "")
	w.eventually("acknowledged", func() any { return w.tcpState(w.a, c) }, tcpFinWait2)
	w.partition()
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("two probes", start, 3*time.Second)
	w.eventually("the end that was not closed", func() any { return w.tcpState(w.b, s) }, tcpClosed)
	w.b.equal("a read after the end", w.read(w.b, s, 0), "")
	w.b.equal("the end that was not closed", w.pendingError(w.b, s), "ETIMEDOUT")
}

func timersKeepaliveReboot(w *wire) {
	c, s := w.pair()
	w.keepAlive(w.a, c, 1, 1, 9)
	start := w.now()
	w.transfer(w.a, c, w.b, s, "question")
	w.transfer(w.b, s, w.a, c, "answer")
	w.reboot()
	w.a.equal("the machine is back", w.read(w.a, c, 20*time.Second), "ECONNRESET")
	w.within("the first probe", start, time.Second)
}

// Probes that are answered begin the wait anew: the first one in vain comes a whole number of waits after the last data.
func timersKeepaliveAnswered(w *wire) {
	c, s := w.pair()
	w.keepAlive(w.a, c, 1, 2, 2)
	start := w.now()
	w.transfer(w.b, s, w.a, c, "data")
	w.sleep(2500 * time.Millisecond)
	w.partition()
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("two probes", start, 7*time.Second)
}

func timersKeepaliveOutstanding(w *wire) {
	c, s := w.pair()
	w.keepAlive(w.a, c, 1, 1, 1)
	w.partition()
	w.a.write(c, "data")
	w.a.equal("the retransmission timer is responsible", w.read(w.a, c, 5*time.Second), "nothing")
	w.heal()
	w.b.equal("received", w.read(w.b, s, 10*time.Second), "data")
}

func timersKeepaliveUserTimeout(w *wire) {
	start := w.now()
	c, _ := w.pair()
	w.keepAlive(w.a, c, 1, 1, 9)
	w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, 2500)
	w.partition()
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("the probe after the timeout", start, 3*time.Second)
}

// Turned on late, keepalive counts from there, unless the time is set afterwards, which counts what has passed.
func timersKeepaliveLate(w *wire) {
	l := w.listen()
	for _, first := range []bool{true, false} {
		c, _ := w.pairWith(w.socket(w.a), l)
		w.sleep(2 * time.Second)
		if first {
			w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 1)
		}
		w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 1)
		w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 1)
		w.partition()
		start := w.now()
		w.a.setOption(c, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1)
		want := 2 * time.Second
		if !first {
			w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 1)
			want = time.Second
		}
		w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
		w.within("one probe", start, want)
		w.heal()
	}
}

func timersKeepaliveOff(w *wire) {
	c, s := w.pair()
	w.keepAlive(w.a, c, 1, 4, 1)
	w.partition()
	w.sleep(2 * time.Second)
	w.a.setOption(c, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 0)
	w.a.equal("nothing is asked any more", w.read(w.a, c, 5*time.Second), "nothing")
	w.heal()
	w.transfer(w.a, c, w.b, s, "data")
}

func timersRetransmission(w *wire) {
	l := w.listen()
	for _, down := range []time.Duration{100 * time.Millisecond, time.Second} {
		c, s := w.pairWith(w.socket(w.a), l)
		w.cut(wireA, wireB)
		w.a.write(c, "data")
		start := w.now()
		w.sleep(down)
		w.heal()
		w.b.equal("received", w.read(w.b, s, 10*time.Second), "data")
		if d := w.now() - start; d < down || !w.real && d > 2*down+250*time.Millisecond {
			w.a.fail("received after %v", d)
		}
	}
}

// retransmissions is how long it takes to give up with a first timeout of 200 ms: when that has doubled until longer than the
// limit, counted from the first retransmission, has passed.
func retransmissions(limit time.Duration) time.Duration {
	const first, longest = 200 * time.Millisecond, 120 * time.Second
	at, rto := first, first
	for at-first < limit-first { // the real timeout is a little longer than 200 ms
		rto = min(2*rto, longest)
		at += rto
	}
	return at
}

func timersRetransmissionInVain(w *wire) {
	limit := 924600 * time.Millisecond // of fifteen retransmissions
	if w.real {
		w.setting("tcp_retries2", "3")
		limit = 3 * time.Second
	}
	c, s := w.pair()
	w.partition()
	start := w.now()
	w.a.write(c, "data")
	w.a.equal("in the end", w.read(w.a, c, time.Hour), "ETIMEDOUT")
	w.within("retransmissions", start, retransmissions(limit))
	w.heal()
	w.b.equal("the other end is not told", w.read(w.b, s, time.Second), "nothing")
	w.b.write(s, "data")
	w.b.equal("the other end asks", w.read(w.b, s, time.Second), "ECONNRESET")
}

func timersLostAcknowledgement(w *wire) {
	c, s := w.pair()
	w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, 2000)
	w.cut(wireB, wireA)
	start := w.now()
	w.a.write(c, "data")
	w.b.equal("received", w.read(w.b, s, time.Second), "data")
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("user timeout", start, 2200*time.Millisecond)
	w.b.equal("received once", w.read(w.b, s, time.Second), "nothing")
}

func timersRetransmissionReboot(w *wire) {
	c, _ := w.pair()
	w.partition()
	w.a.write(c, "data")
	w.sleep(time.Second)
	w.reboot()
	w.heal()
	w.a.equal("the machine is back", w.read(w.a, c, 10*time.Second), "ECONNRESET")
}

// A closed socket is given up sooner than one that somebody has open.
func timersOrphan(w *wire) {
	patient, gone := 40*time.Second, 110*time.Second
	if w.real {
		w.setting("tcp_orphan_retries", "3")
		patient, gone = time.Second, 8*time.Second
	}
	l := w.listen()
	for _, down := range []time.Duration{patient, gone} {
		c, s := w.pairWith(w.socket(w.a), l)
		w.partition()
		w.a.write(c, "data")
		w.close(w.a, c)
		w.sleep(down)
		w.heal()
		if down == patient {
			w.b.equal("received", w.read(w.b, s, 2*down+5*time.Second), "data")
			w.b.equal("end", w.read(w.b, s, time.Second), "")
			continue
		}
		w.b.equal("nothing comes any more", w.read(w.b, s, 3*time.Second), "nothing")
		w.b.write(s, "data")
		w.b.equal("nobody is there", w.read(w.b, s, time.Second), "ECONNRESET")
	}
}

func timersUserTimeout(w *wire) {
	l := w.listen()
	for _, limit := range []int32{100, 3000} {
		c, _ := w.pairWith(w.socket(w.a), l)
		w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, limit)
		w.partition()
		start := w.now()
		w.a.write(c, "data")
		w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
		w.within("user timeout after the first retransmission", start, 200*time.Millisecond+time.Duration(limit)*time.Millisecond)
		w.heal()
	}
}

func timersUserTimeoutIdle(w *wire) {
	c, s := w.pair()
	w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, 1000)
	w.partition()
	w.a.equal("no data, no timeout", w.read(w.a, c, 3*time.Second), "nothing")
	w.heal()
	w.transfer(w.a, c, w.b, s, "data")
}

// full is a connection from a whose window b has closed, and whose send buffer is full.
func (w *wire) full() (c, s int) {
	w.Helper()
	l, c := w.listen(), w.socket(w.a)
	w.b.setOption(l, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 8192)
	w.a.setOption(c, syscall.SOL_SOCKET, syscall.SO_SNDBUF, 16384)
	c, s = w.pairWith(c, l)
	w.close(w.b, l)
	w.fill(c)
	return c, s
}

// fill writes until nothing is taken any more, also after a while.
func (w *wire) fill(c int) {
	w.Helper()
	b := make([]byte, 1000)
	for quiet := 0; quiet < 30; {
		switch _, errno := w.a.do(syscall.SYS_WRITE, c, b, len(b)); errno {
		case 0:
			quiet = 0
		case syscall.EAGAIN:
			quiet++
			w.sleep(5 * time.Millisecond)
		default:
			w.a.fail("write: %v", errno)
		}
	}
}

// drain reads what there is, and what comes of it, and says how it ends.
func (w *wire) drain(s int, limit time.Duration) (n int, end string) {
	for over := w.now() + limit; w.now() < over; {
		b := make([]byte, 4096)
		got, errno := w.b.do(syscall.SYS_READ, s, b, len(b))
		switch {
		case errno == syscall.EAGAIN:
			w.sleep(w.step)
		case errno != 0:
			return n, errnoName(errno)
		case got == 0:
			return n, "end"
		}
		n += got
	}
	return n, "nothing"
}

func (w *wire) writable(c int, limit time.Duration) syscall.Errno {
	_, errno := w.repeat(limit, func() (int, syscall.Errno) { return w.a.do(syscall.SYS_WRITE, c, make([]byte, 1), 1) })
	return errno
}

func timersWindow(w *wire) {
	c, s := w.full()
	w.sleep(2 * time.Second)
	w.fill(c)
	w.drain(s, 2*time.Second)
	w.a.equal("the reader opens it", w.writable(c, 5*time.Second), syscall.Errno(0))

	w.drain(s, 2*time.Second)
	w.fill(c)
	w.partition()
	n, _ := w.drain(s, time.Second)
	w.fill(c) // the news is lost
	w.heal()
	w.a.equal("a probe asks for it", w.writable(c, 5*time.Second), syscall.Errno(0))
	if more, end := w.drain(s, 2*time.Second); n == 0 || more == 0 || end != "nothing" {
		w.b.fail("read %d and %d bytes, then %s", n, more, end)
	}
}

func timersWindowInVain(w *wire) {
	probes := 15
	if w.real {
		w.setting("tcp_retries2", "3")
		probes = 3
	}
	c, s := w.full()
	w.partition()
	start := w.now()
	w.a.equal("in the end", w.read(w.a, c, time.Hour), "ETIMEDOUT")
	// The window has been closed for a moment, in which one or two probes have been answered.
	least, most := time.Duration(0), time.Duration(0)
	for i := range probes {
		least += min(200*time.Millisecond<<(i+1), 120*time.Second)
		most += min(200*time.Millisecond<<(i+3), 120*time.Second)
	}
	if d := w.now() - start; d < least-10*time.Millisecond || !w.real && d > most {
		w.a.fail("after %v, want %v to %v", d, least, most)
	}
	w.heal()
	if n, end := w.drain(s, time.Second); n == 0 || end != "ECONNRESET" {
		w.b.fail("what had arrived: %d bytes, then %s", n, end)
	}
}

func timersWindowReboot(w *wire) {
	c, _ := w.full()
	w.reboot()
	w.a.equal("the machine is back", w.read(w.a, c, 5*time.Second), "ECONNRESET")
}

// A reader that does not read for too long counts as one that is not there.
func timersWindowUserTimeout(w *wire) {
	c, s := w.full()
	w.drain(s, 2*time.Second)
	w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, 2000)
	start := w.now()
	w.fill(c)
	w.a.equal("in the end", w.read(w.a, c, 20*time.Second), "ETIMEDOUT")
	w.within("user timeout after the first probe", start, 2200*time.Millisecond)
	if n, end := w.drain(s, time.Second); n == 0 || end != "ECONNRESET" {
		w.b.fail("what had arrived: %d bytes, then %s", n, end)
	}
}

// The kernel does not keep what a closed socket has not delivered for ever, even if the other end answers: until the time
// between probes has become the longest.
func timersWindowOrphan(w *wire) {
	kept, gone := 200*time.Second, 330*time.Second
	if w.real {
		w.setting("tcp_rto_max_ms", "1000")
		kept, gone = time.Second, 5*time.Second
	}
	for _, wait := range []time.Duration{kept, gone} {
		c, s := w.full()
		w.close(w.a, c)
		w.sleep(wait)
		n, end := w.drain(s, 3*time.Second)
		if want := map[time.Duration]string{kept: "end", gone: "ECONNRESET"}[wait]; n == 0 || end != want {
			w.b.fail("after %v: %d bytes, then %s, want %s", wait, n, end, want)
		}
	}
}

func timersFinWait(w *wire) {
	limit := 60 * time.Second
	if w.real {
		w.setting("tcp_fin_timeout", "2")
		limit = 2 * time.Second
	}
	l := w.listen()
	connect := func() (c, s int) {
		c, s = w.pairWith(w.socket(w.a), l)
		w.keepAlive(w.b, s, 1, 1, 9)
		return c, s
	}
	c, s := connect()
	w.close(w.a, c)
	w.b.write(s, "data")
	w.eventually("nobody can read it", func() any { return w.pendingError(w.b, s) }, "EPIPE")

	for _, option := range []time.Duration{0, 4 * time.Second} {
		c, s = connect()
		if option > 0 {
			w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_LINGER2, int32(option/time.Second))
			limit = option
		}
		start := w.now()
		w.close(w.a, c)
		w.b.equal("end", w.read(w.b, s, 5*time.Second), "")
		w.sleep(limit - 200*time.Millisecond)
		if state := w.tcpState(w.b, s); w.now() < start+limit {
			w.b.equal("before the end of the wait", state, tcpCloseWait)
		}
		w.eventually("afterwards keepalive finds nobody", func() any { return w.tcpState(w.b, s) }, tcpClosed)
		w.within("afterwards keepalive finds nobody", start, limit)
		w.b.equal("error", w.pendingError(w.b, s), "EPIPE")
	}
}

func timersFinWaitOpen(w *wire) {
	c, s := w.pair()
	w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_LINGER2, 1)
	w.a.must(syscall.SYS_SHUTDOWN, c, syscall.SHUT_WR)
	w.sleep(3 * time.Second)
	w.a.equal("state", w.tcpState(w.a, c), tcpFinWait2)
	w.transfer(w.b, s, w.a, c, "data")
}

func timersFinWaitNone(w *wire) {
	c, s := w.pair()
	w.a.setOption(c, syscall.IPPROTO_TCP, syscall.TCP_LINGER2, -1)
	w.close(w.a, c)
	w.b.equal("end", w.read(w.b, s, 5*time.Second), "")
	w.eventually("and a reset", func() any { return w.pendingError(w.b, s) }, "EPIPE")
}

const (
	tcpCloseWait = 8
	tcpClosed    = 7
)

func (w *wire) tcpInfo(p *program, fd int) (i syscall.TCPInfo) {
	n := uint32(unsafe.Sizeof(i))
	p.must(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO, unsafe.Slice((*byte)(unsafe.Pointer(&i)), n), &n)
	return i
}

func (w *wire) tcpState(p *program, fd int) int { return int(w.tcpInfo(p, fd).State) }

// bound is a socket of a machine with that address.
func (w *wire) bound(p *program, a net.Addr, reuse bool) (int, syscall.Errno) {
	s := w.socket(p)
	if reuse {
		p.setOption(s, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	}
	return s, p.bind(s, a, syscall.AF_INET)
}

// Who finishes first keeps the port for a minute, from others and from the system's choice.
func timersTimeWait(w *wire) {
	ports := 28232 // of net.ipv4.ip_local_port_range
	w.step = 500 * time.Microsecond
	if w.real {
		w.setting("ip_local_port_range", "40000 40003")
		ports = 4
	}
	l := w.listen()
	for _, to := range []net.IP{addressB, local} {
		from := w.a
		if to == local {
			from = w.b // on the loopback interface it is the clients that need the ports
		}
		connect := func() (int, syscall.Errno) {
			c := w.socket(from)
			return c, from.connect(c, net.Addr{IP: to, Port: wirePort}, syscall.AF_INET)
		}
		// batch makes that many connections and returns one of the ports they had.
		batch := func(n int) uint16 {
			var clients, servers []int
			for range n {
				c, errno := connect()
				from.equal("connect", errno, syscall.EINPROGRESS)
				clients = append(clients, c)
			}
			for range n {
				s, errno := w.accept(l, 5*time.Second)
				from.equal("accept", errno, syscall.Errno(0))
				servers = append(servers, s)
			}
			port := from.localPort(clients[0])
			for _, c := range clients {
				w.close(from, c)
			}
			for _, s := range servers {
				w.b.equal("end", w.read(w.b, s, time.Second), "")
				w.close(w.b, s)
			}
			return port
		}
		start := w.now()
		port := uint16(0)
		for left := ports; left > 0; left -= min(left, 100) {
			port = batch(min(left, 100))
		}
		if _, errno := connect(); to != local || w.now() < start+time.Second {
			from.equal("no port is left", errno, syscall.EADDRNOTAVAIL)
		}
		_, errno := w.bound(from, net.Addr{IP: net.IPv4(0, 0, 0, 0), Port: port}, false)
		from.equal("bind", errno, syscall.EADDRINUSE)
		w.sleep(2 * time.Second)
		if to == local { // a second is enough
			batch(1)
			continue
		}
		_, errno = connect()
		from.equal("later", errno, syscall.EADDRNOTAVAIL)
		if !w.real {
			w.sleep(start + 59*time.Second - w.now())
			_, errno = connect()
			from.equal("nearly at the end", errno, syscall.EADDRNOTAVAIL)
			w.sleep(2 * time.Second)
			batch(1)
		}
	}
}

// Whoever asks for the very port may have it, if both have SO_REUSEADDR: time stamps make it safe.
func timersTimeWaitReuse(w *wire) {
	l := w.listen()
	a := net.Addr{IP: net.IPv4(0, 0, 0, 0), Port: 40001}
	c, errno := w.bound(w.a, a, true)
	w.a.equal("bind", errno, syscall.Errno(0))
	c, s := w.pairWith(c, l)
	w.close(w.a, c)
	w.sleep(100 * time.Millisecond)
	w.close(w.b, s)
	w.sleep(100 * time.Millisecond)
	_, errno = w.bound(w.a, a, false)
	w.a.equal("bind without SO_REUSEADDR", errno, syscall.EADDRINUSE)
	c, errno = w.bound(w.a, a, true)
	w.a.equal("bind with SO_REUSEADDR", errno, syscall.Errno(0))
	c, s = w.pairWith(c, l)
	w.transfer(w.a, c, w.b, s, "data")
}

func timersTimeWaitServer(w *wire) {
	l := w.listen()
	c, errno := w.bound(w.a, net.Addr{IP: addressA, Port: 40001}, true)
	w.a.equal("bind", errno, syscall.Errno(0))
	c, s := w.pairWith(c, l)
	w.close(w.b, l)
	_, errno = w.bound(w.b, net.Addr{IP: addressB, Port: wirePort}, false)
	w.b.equal("while the connection lives", errno, syscall.EADDRINUSE)
	w.close(w.b, s)
	w.sleep(100 * time.Millisecond)
	w.close(w.a, c)
	w.sleep(100 * time.Millisecond)
	_, errno = w.bound(w.b, net.Addr{IP: addressB, Port: wirePort}, false)
	w.b.equal("in TIME-WAIT", errno, syscall.EADDRINUSE)
	l = w.listen()
	// The client's port is free, and its new connection takes the place of the old.
	w.eventually("the other end does not wait", func() any {
		c, errno = w.bound(w.a, net.Addr{IP: addressA, Port: 40001}, false)
		return errno
	}, syscall.Errno(0))
	c, s = w.pairWith(c, l)
	w.transfer(w.a, c, w.b, s, "data")
}

func timersSYN(w *wire) {
	w.listen()
	w.partition()
	for _, c := range []struct {
		count int32
		want  time.Duration
	}{{1, 3 * time.Second}, {2, 7 * time.Second}, {0, 127 * time.Second}} {
		s := w.socket(w.a)
		if c.count > 0 {
			w.a.setOption(s, syscall.IPPROTO_TCP, syscall.TCP_SYNCNT, c.count)
		} else if w.real {
			continue
		}
		start := w.now()
		w.connect(s)
		w.a.equal("in the end", w.connected(s, time.Hour), "ETIMEDOUT")
		w.within("SYNs", start, c.want)
	}
}

// connected waits for the outcome of connect.
func (w *wire) connected(c int, limit time.Duration) string {
	peer, n := make([]byte, 16), uint32(0)
	for start := w.now(); w.now() < start+limit; w.sleep(max(w.step, (w.now()-start)/200)) {
		if err := w.pendingError(w.a, c); err != "none" {
			return err
		}
		n = 16
		if _, errno := w.a.do(syscall.SYS_GETPEERNAME, c, peer, &n); errno == 0 {
			return "connected"
		}
	}
	return "nothing"
}

func timersSYNLate(w *wire) {
	w.listen()
	for _, from := range []string{wireA, wireB} {
		w.cut(from, map[string]string{wireA: wireB, wireB: wireA}[from])
		c, start := w.socket(w.a), w.now()
		w.connect(c)
		w.sleep(1500 * time.Millisecond)
		w.heal()
		w.a.equal("in the end", w.connected(c, 20*time.Second), "connected")
		if from == wireB && w.now()-start < 2500*time.Millisecond {
			w.within("the second SYN-ACK, after the second SYN began its timeout anew", start, 2*time.Second)
			continue
		}
		w.within("the third SYN", start, 3*time.Second)
	}
}

func timersSYNUserTimeout(w *wire) {
	w.listen()
	w.partition()
	for limit, want := range map[int32]time.Duration{500: time.Second, 1500: 1500 * time.Millisecond} {
		c, start := w.socket(w.a), w.now()
		w.a.setOption(c, syscall.IPPROTO_TCP, tcpUserTimeout, limit)
		w.connect(c)
		w.a.equal("in the end", w.connected(c, 20*time.Second), "ETIMEDOUT")
		w.within("user timeout, or the second SYN", start, want)
	}
}

// connectedHalf is a socket of the client that is connected, by the second SYN-ACK,
// to a server that does not know yet: nothing reaches it any more.
func (w *wire) connectedHalf() int {
	c := w.socket(w.a)
	w.cut(wireB, wireA)
	w.connect(c)
	w.sleep(500 * time.Millisecond)
	w.heal()
	w.cut(wireA, wireB)
	w.a.equal("the client", w.connected(c, 20*time.Second), "connected")
	return c
}

// The server repeats its part of the handshake by itself.
func timersSYNACK(w *wire) {
	l := w.listen()
	start := w.now()
	w.connectedHalf()
	w.within("the second SYN-ACK", start, time.Second)
	w.sleep(500 * time.Millisecond)
	w.heal()
	_, errno := w.accept(l, 20*time.Second)
	w.b.equal("the server", errno, syscall.Errno(0))
	w.within("the third SYN-ACK", start, 3*time.Second)
}

// The client believes in a connection that the server has given up.
func timersSYNACKInVain(w *wire) {
	known, gone := 40*time.Second, 65*time.Second // 1+2+4+8+16+32 s
	if w.real {
		w.setting("tcp_synack_retries", "2") // 1+2+4 s
		known, gone = 2*time.Second, 9*time.Second
	}
	l := w.listen()
	for _, wait := range []time.Duration{known, gone} {
		c := w.connectedHalf()
		w.sleep(wait - time.Second)
		w.heal()
		w.a.write(c, "data")
		s, errno := w.accept(l, time.Second)
		if wait == gone {
			w.b.equal("the server", errno, syscall.EAGAIN)
			w.a.equal("the client", w.read(w.a, c, time.Second), "ECONNRESET")
			continue
		}
		w.b.equal("the server", errno, syscall.Errno(0))
		w.b.equal("received", w.read(w.b, s, time.Second), "data")
	}
}

package bench

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Op is something to measure: Run does it n times.
type Op struct {
	Name string
	Run  func(s Servers, n int) error
}

// Servers are the addresses that the operations on the network talk to, and what runs a process of cmd/large from its start to its
// end.
type Servers struct {
	Echo, HTTP string
	Process    func() error
}

// Ops are all operations, in the order of the table.
var Ops = []Op{
	{"channel-ping-pong", local(pingPong)},
	{"channel-buffered", local(buffered)},
	{"select-over-four", local(selectFour)},
	{"mutex", local(mutex)},
	{"mutex-contended", local(mutexContended)},
	{"spawn", local(spawn)},
	{"sleep", local(sleep)},
	{"tcp-echo", tcpEcho},
	{"http-get", httpGet},
	{"global", local(global)},
	{"process", process},
}

func local(run func(n int)) func(Servers, int) error {
	return func(_ Servers, n int) error { run(n); return nil }
}

// pingPong is a round trip over two channels without a buffer.
func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	for i := range n {
		ping <- i
		<-pong
	}
	close(ping)
	<-pong
}

// buffered is one item through a channel with a buffer.
func buffered(n int) {
	ch := make(chan int, 128)
	go func() {
		for i := range n {
			ch <- i
		}
		close(ch)
	}()
	for range ch {
	}
}

// selectFour is one receive in a select over four channels, each with a sender of its own.
func selectFour(n int) {
	var chs [4]chan int
	for i := range chs {
		chs[i] = make(chan int)
	}
	done := make(chan struct{})
	for _, ch := range chs {
		go func() {
			for {
				select {
				case ch <- 1:
				case <-done:
					return
				}
			}
		}()
	}
	for range n {
		select {
		case <-chs[0]:
		case <-chs[1]:
		case <-chs[2]:
		case <-chs[3]:
		}
	}
	close(done)
}

// mutex is one Lock and Unlock that nobody else wants.
func mutex(n int) {
	var mu sync.Mutex
	for range n {
		mu.Lock()
		mu.Unlock()
	}
}

// mutexContended is one Lock and Unlock that three other goroutines want as well.
func mutexContended(n int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	count := 0
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range n / 4 {
				mu.Lock()
				count++
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
}

// spawn is a goroutine started and awaited.
func spawn(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go wg.Done()
		wg.Wait()
	}
}

// sleep is a sleep of a microsecond. Natively that is real time, of which the simulation needs none.
func sleep(n int) {
	for range n {
		time.Sleep(time.Microsecond)
	}
}

// tcpEcho is 64 bytes to the echo server and back.
func tcpEcho(s Servers, n int) error {
	conn, err := net.Dial("tcp", s.Echo)
	if err != nil {
		return err
	}
	defer conn.Close()
	buf := make([]byte, 64)
	for range n {
		if _, err := conn.Write(buf); err != nil {
			return err
		}
		if _, err := io.ReadFull(conn, buf); err != nil {
			return err
		}
	}
	return nil
}

// httpGet is a GET with a body of a few bytes, on a connection that is kept alive.
func httpGet(s Servers, n int) error {
	client := &http.Client{Transport: new(http.Transport)}
	defer client.CloseIdleConnections()
	for range n {
		res, err := client.Get("http://" + s.HTTP)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

var (
	counter int
	step    = 1
)

// global is a read of one package variable and a change of another.
func global(n int) {
	for range n {
		counter += step
	}
}

// process is the start and the end of a large program that does nothing in between.
func process(s Servers, n int) error {
	for range n {
		if err := s.Process(); err != nil {
			return err
		}
	}
	return nil
}

// ServeEcho answers every byte with itself until the listener is closed.
func ServeEcho(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			buf := make([]byte, 4096)
			for {
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				if _, err := conn.Write(buf[:n]); err != nil {
					return
				}
			}
		}()
	}
}

// ServeHTTP answers every request with a short text until the listener is closed.
func ServeHTTP(l net.Listener) {
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
}

// rounds is how often Measure measures. The best round is the one that the rest of the machine disturbed least: many short ones are
// more likely than a few long ones to have one that was left alone.
const rounds = 60

// Measure finds a number of times to run op that takes at least atLeast by the clock, and returns the nanoseconds of one.
func Measure(op Op, s Servers, clock func() time.Time, atLeast time.Duration) (float64, error) {
	n, best := 1, time.Duration(0)
	for round := 0; round < rounds; {
		start := clock()
		if err := op.Run(s, n); err != nil {
			return 0, err
		}
		took := clock().Sub(start)
		if round == 0 && took < atLeast && n < 1<<24 {
			n *= 4
			continue
		}
		if round == 0 || took < best {
			best = took
		}
		round++
	}
	return float64(best) / float64(n), nil
}

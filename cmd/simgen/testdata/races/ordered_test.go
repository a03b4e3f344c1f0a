package races

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unique"
)

// What these programs share is ordered by what they are named for.

func TestOrderedGoStatement(t *testing.T) {
	x := 1
	done := make(chan bool)
	go func() {
		x++
		done <- true
	}()
	<-done
	t.Log(x)
}

func TestOrderedManyGoroutines(t *testing.T) {
	for range 50 {
		x, done := 0, make(chan bool)
		go func() {
			x += deep(40)
			close(done)
		}()
		<-done
		x++
	}
}

// deep has things on its stack that it has pointers to.
func deep(n int) int {
	a := [16]int{n}
	if n > 0 {
		touch(&a)
		a[1] = deep(n - 1)
	}
	return sum(&a)
}

//go:noinline
func touch(a *[16]int) { a[2]++ }

//go:noinline
func sum(a *[16]int) (s int) {
	for _, v := range a {
		s += v
	}
	return s
}

func TestOrderedSend(t *testing.T) {
	for _, size := range []int{0, 1, 3} {
		for _, first := range []time.Duration{0, time.Millisecond} {
			x, ch := 0, make(chan int, size)
			go func() {
				time.Sleep(first)
				x = 1
				ch <- 1
			}()
			time.Sleep(time.Millisecond - first)
			<-ch
			x++
		}
	}
}

func TestOrderedReceive(t *testing.T) {
	for _, first := range []time.Duration{0, time.Millisecond} {
		x, ch := 0, make(chan int)
		go func() {
			time.Sleep(first)
			x = 1
			<-ch
		}()
		time.Sleep(time.Millisecond - first)
		ch <- 1
		x++
	}
}

func TestOrderedCapacity(t *testing.T) {
	for _, first := range []time.Duration{0, time.Millisecond} {
		x, ch := 0, make(chan int, 2)
		go func() {
			time.Sleep(first)
			x = 1
			<-ch
		}()
		time.Sleep(time.Millisecond - first)
		ch <- 1
		ch <- 2
		ch <- 3
		x++
	}
}

func TestOrderedSemaphoreChannel(t *testing.T) {
	var wg sync.WaitGroup
	x, lock := 0, make(chan int, 1)
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			lock <- 1
			x++
			<-lock
		}()
	}
	wg.Wait()
	t.Log(x)
}

func TestOrderedClose(t *testing.T) {
	for _, first := range []time.Duration{0, time.Millisecond} {
		x, ch := 0, make(chan int)
		go func() {
			time.Sleep(first)
			x = 1
			close(ch)
		}()
		time.Sleep(time.Millisecond - first)
		for range ch {
		}
		x++
	}
}

func TestOrderedPipeline(t *testing.T) {
	type item struct{ n int }
	in, out := make(chan *item, 4), make(chan *item)
	go func() {
		for i := range 20 {
			in <- &item{i}
		}
		close(in)
	}()
	go func() {
		for it := range in {
			it.n *= 2
			out <- it
		}
		close(out)
	}()
	total := 0
	for it := range out {
		it.n++
		total += it.n
	}
	if total != 400 {
		t.Error(total)
	}
}

func TestOrderedSelect(t *testing.T) {
	for _, size := range []int{0, 1} {
		x, a, b := 0, make(chan int), make(chan int, size)
		go func() {
			for {
				select {
				case n, ok := <-a:
					if !ok {
						close(b)
						return
					}
					x++
					select {
					case b <- n:
					case <-time.After(time.Hour):
					}
				}
			}
		}()
		for i := range 10 {
			x++
			select {
			case a <- i:
			case <-time.After(time.Hour):
			}
			select {
			case <-b:
			case <-time.After(time.Hour):
			}
		}
		close(a)
		x++
	}
}

func TestOrderedReflect(t *testing.T) {
	for _, size := range []int{0, 1} {
		for _, first := range []time.Duration{0, time.Millisecond} {
			x, ch, back := 0, make(chan int, size), make(chan string, size)
			go func() {
				time.Sleep(first)
				x = 1
				reflect.ValueOf(ch).Send(reflect.ValueOf(1))
				reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(back)}})
				x++
				reflect.ValueOf(ch).Close()
			}()
			time.Sleep(time.Millisecond - first)
			reflect.ValueOf(ch).Recv()
			x++
			reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(back), Send: reflect.ValueOf("")}})
			reflect.ValueOf(ch).Recv()
			x++
		}
	}
}

func TestOrderedMutex(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	x := 0
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 5 {
				mu.Lock()
				x++
				mu.Unlock()
				if mu.TryLock() {
					x++
					mu.Unlock()
				}
			}
		}()
	}
	wg.Wait()
	x++
}

func TestOrderedRWMutex(t *testing.T) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	m := map[int]int{}
	for i := range 4 {
		wg.Add(2)
		go func() {
			defer wg.Done()
			mu.Lock()
			m[i]++
			mu.Unlock()
		}()
		go func() {
			defer wg.Done()
			mu.RLock()
			for range m {
			}
			mu.RUnlock()
		}()
	}
	wg.Wait()
	clear(m)
}

func TestOrderedOnce(t *testing.T) {
	var once sync.Once
	x := 0
	value := sync.OnceValue(func() *int { return &x })
	done := make(chan int, 3)
	for range 3 {
		go func() {
			once.Do(func() { x = 1 })
			done <- *value()
		}()
	}
	for range 3 {
		<-done
	}
	x++
}

func TestOrderedCond(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready, x := false, 0
	for range 3 {
		go func() {
			mu.Lock()
			for !ready {
				c.Wait()
			}
			x++
			c.Signal()
			mu.Unlock()
		}()
	}
	mu.Lock()
	ready = true
	c.Broadcast()
	for x < 3 {
		c.Wait()
	}
	mu.Unlock()
}

// Signal happens before the Wait that it ends, with or without the lock.
func TestOrderedSignal(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	x := 0
	mu.Lock()
	go func() {
		time.Sleep(time.Millisecond)
		x = 1
		c.Signal()
	}()
	c.Wait()
	x++
	mu.Unlock()
}

func TestOrderedAtomics(t *testing.T) {
	var flag atomic.Bool
	var n int32
	var p atomic.Pointer[int]
	var v atomic.Value
	x := 0
	go func() {
		x = 1
		flag.Store(true)
	}()
	for !flag.Load() {
	}
	x++
	go func() {
		x++
		atomic.AddInt32(&n, 1)
	}()
	for !atomic.CompareAndSwapInt32(&n, 1, 2) {
	}
	x++
	go func() {
		x++
		p.Store(&x)
	}()
	for p.Load() == nil {
	}
	x++
	go func() {
		x++
		v.Store(&x)
	}()
	for v.Load() == nil {
	}
	x++
}

func TestOrderedSyncMap(t *testing.T) {
	var m sync.Map
	type value struct{ n int }
	for i := range 3 {
		go m.Store(i, &value{i})
		go func() { m.LoadOrStore(i+3, &value{i}) }()
	}
	for i := 0; i < 6; i++ {
		if v, ok := m.LoadAndDelete(i); ok {
			v.(*value).n++
		} else {
			i--
			time.Sleep(time.Millisecond)
		}
	}
	go m.Store("x", &value{1})
	for found := false; !found; {
		m.Range(func(k, v any) bool {
			v.(*value).n++
			found = true
			return true
		})
		time.Sleep(time.Millisecond)
	}
}

func TestOrderedPool(t *testing.T) {
	p := sync.Pool{New: func() any { return new([64]byte) }}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 5 {
				b := p.Get().(*[64]byte)
				b[i]++
				runtime.Gosched()
				p.Put(b)
			}
		}()
	}
	wg.Wait()
}

func TestOrderedTimers(t *testing.T) {
	x, done := 0, make(chan bool)
	timer := time.AfterFunc(time.Hour, func() {
		x += deep(10)
		done <- true
	})
	x++
	timer.Reset(time.Second)
	<-done
	x++
	c := time.NewTimer(time.Second)
	go func() {
		<-c.C
		done <- true
	}()
	<-done
	tick := time.NewTicker(time.Second)
	for range 3 {
		<-tick.C
		x += deep(10)
	}
	tick.Stop()
	select {
	case <-time.After(time.Second):
	case <-done:
	}
}

func TestOrderedContext(t *testing.T) {
	x := 0
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	child, stop := context.WithCancel(context.WithValue(ctx, &x, 1))
	go func() {
		time.Sleep(time.Millisecond)
		x = 1
		stop()
	}()
	<-child.Done()
	x++
	after := make(chan bool)
	context.AfterFunc(ctx, func() { close(after) })
	<-after
	t.Log(ctx.Err(), child.Err())
}

func TestOrderedPull(t *testing.T) {
	next, stop := iter.Pull(func(yield func(*int) bool) {
		for i := 0; ; i++ {
			x := i
			if !yield(&x) {
				return
			}
			x++
		}
	})
	done := make(chan bool)
	for range 3 {
		x, _ := next()
		*x++
		go func() {
			y, _ := next()
			*y++
			done <- true
		}()
		<-done
	}
	stop()
}

func TestOrderedManyOfEach(t *testing.T) {
	var wg sync.WaitGroup
	for range 3 {
		for range 1000 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				time.Sleep(1)
			}()
		}
		wg.Wait()
	}
	for range 1000 {
		time.AfterFunc(time.Millisecond, func() {})
		next, stop := iter.Pull(func(yield func(int) bool) { yield(1) })
		next()
		stop()
	}
	time.Sleep(time.Second)
}

func TestOrderedPrinting(t *testing.T) {
	var wg sync.WaitGroup
	var all strings.Builder
	l := log.New(&all, "", 0)
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t.Logf("%d %v %v", i, map[string]int{"a": i, "b": i}, struct{ x any }{i})
			l.Printf("%v %s", []any{i, "x"}, fmt.Sprint(time.Duration(i)))
		}()
	}
	wg.Wait()
	if n := strings.Count(all.String(), "\n"); n != 10 {
		t.Error(n)
	}
}

func TestOrderedSubtests(t *testing.T) {
	x := map[string]int{}
	var mu sync.Mutex
	t.Run("group", func(t *testing.T) {
		for _, name := range []string{"a", "b", "c"} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				mu.Lock()
				x[name]++
				mu.Unlock()
				t.Cleanup(func() { t.Log(t.TempDir()) })
			})
		}
	})
	t.Log(len(x))
}

func TestOrderedFiles(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			file := fmt.Sprint(dir, "/", i)
			if err := os.WriteFile(file, []byte(file), 0o600); err != nil {
				t.Error(err)
			}
			if b, err := os.ReadFile(file); err != nil || string(b) != file {
				t.Error(string(b), err)
			}
			os.ReadDir(dir)
		}()
	}
	wg.Wait()
}

// Data that goes through the system orders those that pass it on, as package syscall has it.
func TestOrderedDescriptors(t *testing.T) {
	x := 0
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		x = 1
		w.Write([]byte("x"))
		w.Close()
	}()
	io.ReadAll(r)
	x++
	pr, pw := io.Pipe()
	go func() {
		x++
		pw.Close()
	}()
	io.ReadAll(pr)
	x++
}

func TestOrderedTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := 0
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		b := make([]byte, 10)
		n, _ := c.Read(b)
		x++
		c.Write(b[:n])
	}()
	c, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	x = 1
	c.Write([]byte("hello"))
	c.SetDeadline(time.Now().Add(time.Minute))
	io.ReadAll(c)
	x++
	c.Close()
	l.Close()
}

func TestOrderedHTTP(t *testing.T) {
	var mu sync.Mutex
	hits := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		hits[r.URL.Path]++
		fmt.Fprintln(w, hits)
	}))
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, err := s.Client().Get(fmt.Sprint(s.URL, "/", i%2))
			if err != nil {
				t.Error(err)
				return
			}
			io.Copy(io.Discard, r.Body)
			r.Body.Close()
		}()
	}
	wg.Wait()
	s.Close()
}

func TestOrderedSignals(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	<-c
	signal.Stop(c)
}

func TestOrderedShared(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			h := unique.Make(fmt.Sprint("v", i%2))
			if h.Value() == "" {
				t.Error("empty")
			}
			b := new([100]byte)
			runtime.SetFinalizer(b, func(b *[100]byte) { b[0] = 1 })
			b[0]++
			runtime.GC()
		}()
	}
	wg.Wait()
}

func TestOrderedPanics(t *testing.T) {
	x, done := 0, make(chan bool)
	for i := range 3 {
		go func() {
			defer func() {
				recover()
				x++
				done <- true
			}()
			if i == 1 {
				runtime.Goexit()
			}
			panic(deep(5))
		}()
		<-done
	}
	t.Log(x)
}

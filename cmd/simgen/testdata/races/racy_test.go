package races

import (
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Every program here has a race that time alone keeps from doing harm.

func later() { time.Sleep(time.Second) }

// The end of a goroutine is not seen by anybody.
func TestRacyGoroutineEnd(t *testing.T) {
	x := 0
	go func() { x = 1 }()
	later()
	t.Log(x)
}

// The second goroutine runs on the coroutine that the first has left.
func TestRacyGoroutineAfterAnother(t *testing.T) {
	x := 0
	go func() { x = 1 }()
	later()
	go func() { x++ }()
	later()
}

func TestRacyAfterUnbuffered(t *testing.T) {
	x, ch := 0, make(chan int)
	go func() {
		ch <- 1
		x = 1
	}()
	<-ch
	later()
	t.Log(x)
}

// A receive from a buffer does not happen before the send that filled it.
func TestRacyBufferedReceiver(t *testing.T) {
	x, ch := 0, make(chan int, 1)
	go func() {
		x = 1
		<-ch
	}()
	ch <- 1
	later()
	t.Log(x)
}

func TestRacyBufferedWaitingReceiver(t *testing.T) {
	x, ch := 0, make(chan int, 1)
	go func() {
		x = 1
		<-ch
	}()
	later()
	ch <- 1
	later()
	t.Log(x)
}

// The first receive happens before the third send only.
func TestRacyCapacity(t *testing.T) {
	x, ch := 0, make(chan int, 2)
	go func() {
		x = 1
		<-ch
	}()
	ch <- 1
	ch <- 2
	later()
	t.Log(x)
}

func TestRacySelect(t *testing.T) {
	x, a, b := 0, make(chan int, 1), make(chan int, 1)
	go func() {
		a <- 1
		x++
		b <- 1
	}()
	later()
	select {
	case <-a:
	case <-time.After(time.Second):
	}
	x++
	<-b
}

func TestRacySendAndClose(t *testing.T) {
	ch := make(chan int, 2)
	go func() { ch <- 1 }()
	later()
	close(ch)
}

func TestRacyWaitingSendAndClose(t *testing.T) {
	ch := make(chan int)
	go func() {
		defer func() { recover() }()
		ch <- 1
	}()
	later()
	close(ch)
	later()
}

func TestRacyTwoMutexes(t *testing.T) {
	var a, b sync.Mutex
	x := 0
	go func() {
		a.Lock()
		x++
		a.Unlock()
	}()
	later()
	b.Lock()
	x++
	b.Unlock()
}

func TestRacyFailedTryLock(t *testing.T) {
	var mu sync.Mutex
	x := 0
	go func() {
		mu.Lock()
		x = 1
		later()
		mu.Unlock()
	}()
	time.Sleep(time.Millisecond)
	if mu.TryLock() {
		t.Fatal("locked twice")
	}
	t.Log(x)
}

func TestRacyReaders(t *testing.T) {
	var mu sync.RWMutex
	x := 0
	go func() {
		mu.RLock()
		x++
		mu.RUnlock()
	}()
	later()
	mu.RLock()
	x++
	mu.RUnlock()
}

func TestRacyAfterDone(t *testing.T) {
	var wg sync.WaitGroup
	x := 0
	wg.Add(1)
	go func() {
		wg.Done()
		x = 1
	}()
	wg.Wait()
	later()
	t.Log(x)
}

func TestRacyOnce(t *testing.T) {
	var once sync.Once
	x := 0
	go once.Do(func() { x = 1 })
	later()
	t.Log(x)
}

// The one that signals learns nothing of the one that waits.
func TestRacyCond(t *testing.T) {
	c := sync.NewCond(new(sync.Mutex))
	x := 0
	go func() {
		c.L.Lock()
		x = 1
		c.Wait()
		c.L.Unlock()
	}()
	later()
	c.Signal()
	t.Log(x)
}

func TestRacySemaphore(t *testing.T) {
	var mu sync.Mutex
	x := 0
	mu.Lock()
	go func() {
		x = 1
		mu.Lock() // what it did before is not seen by the one that wakes it
		mu.Unlock()
	}()
	later()
	mu.Unlock()
	t.Log(x)
	later()
}

func TestRacyAtomicAndPlain(t *testing.T) {
	var x int32
	go func() { atomic.StoreInt32(&x, 1) }()
	later()
	t.Log(x)
}

func TestRacyAfterAtomic(t *testing.T) {
	var flag atomic.Bool
	x := 0
	go func() {
		flag.Store(true)
		x = 1
	}()
	for !flag.Load() {
	}
	later()
	t.Log(x)
}

func TestRacySyncMap(t *testing.T) {
	var m sync.Map
	x := 0
	go func() {
		m.Store(1, 1)
		x = 1
	}()
	later()
	if _, ok := m.Load(1); ok {
		t.Log(x)
	}
}

func TestRacyPool(t *testing.T) {
	var p sync.Pool
	x := 0
	go func() {
		p.Put(&x)
		x = 1
	}()
	later()
	if v, ok := p.Get().(*int); ok {
		*v = 2
	}
}

func TestRacyAfterFunc(t *testing.T) {
	x := 0
	time.AfterFunc(time.Second, func() { x++ })
	x++
	time.Sleep(2 * time.Second)
}

// Functions of timers are goroutines like others.
func TestRacyTwoAfterFuncs(t *testing.T) {
	x := 0
	time.AfterFunc(time.Second, func() { x++ })
	time.AfterFunc(2*time.Second, func() { x++ })
	time.Sleep(3 * time.Second)
}

func TestRacyTimerChannel(t *testing.T) {
	x := 0
	timer := time.NewTimer(time.Second)
	go func() {
		<-timer.C
		x++
	}()
	x++
	time.Sleep(2 * time.Second)
}

func TestRacyClock(t *testing.T) {
	x := 0
	go func() {
		x = 1
		time.Now()
	}()
	later()
	time.Now()
	t.Log(x)
}

// System calls that move no data order nothing.
func TestRacySystemCalls(t *testing.T) {
	x := 0
	go func() {
		x = 1
		os.Stat("/")
	}()
	later()
	os.Stat("/")
	t.Log(x)
}

func TestRacyTwoWrites(t *testing.T) {
	x := 0
	dir := t.TempDir()
	os.WriteFile(dir+"/c", nil, 0o600) // what is done once for all files is done
	go func() {
		x = 1
		os.WriteFile(dir+"/a", []byte("a"), 0o600)
	}()
	later()
	os.WriteFile(dir+"/b", []byte("b"), 0o600)
	t.Log(x)
}

func TestRacyMap(t *testing.T) {
	m := map[int]int{1: 1, 2: 2}
	go func() { m[3] = 3 }()
	later()
	for k := range m {
		t.Log(k)
	}
}

func TestRacySlice(t *testing.T) {
	s := make([]byte, 8)
	go func() { copy(s, "abc") }()
	later()
	s = append(s[:0], 'x')
	t.Log(s)
}

var global = "before"

func TestRacyGlobal(t *testing.T) {
	go func() { global = "after" }()
	later()
	t.Log(global)
}

// Only a goroutine that is overtaken between looking and writing races.
func TestRacySeldom(t *testing.T) {
	var mu sync.Mutex
	x, done := 0, false
	look := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return done
	}
	for range 2 {
		go func() {
			if look() {
				return
			}
			x++
			mu.Lock()
			done = true
			mu.Unlock()
		}()
	}
	later()
}

// Of a goroutine that has done much, or has ended long ago, the detector still knows what it did.
func TestRacyLongAgo(t *testing.T) {
	x := 0
	go func() {
		x++
		for i := range 100000 {
			busy(i)
		}
	}()
	later()
	for range 300 {
		go busy(1)
		later()
	}
	x++
}

var counts [1024]int

//go:noinline
func busy(i int) {
	if i > 1 {
		counts[i%len(counts)]++
	}
}

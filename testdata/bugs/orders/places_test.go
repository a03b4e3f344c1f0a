package orders

import (
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// An effect is an operation that others can see: what does it, once, and what says whether it is done.
type effect struct {
	name string
	make func() (do func(), done func() bool)
}

var effects = []effect{
	{"go", func() (func(), func() bool) {
		n, end := runtime.NumGoroutine(), make(chan bool)
		return func() { go func() { <-end }() }, func() bool { return runtime.NumGoroutine() > n+1 }
	}},
	{"send", func() (func(), func() bool) {
		ch := make(chan int, 1)
		return func() { ch <- 1 }, func() bool { return len(ch) == 1 }
	}},
	{"receive", func() (func(), func() bool) {
		ch := make(chan int, 1)
		ch <- 1
		return func() { <-ch }, func() bool { return len(ch) == 0 }
	}},
	{"range", func() (func(), func() bool) {
		ch := make(chan int, 1)
		ch <- 1
		return func() {
			for range ch {
				break
			}
		}, func() bool { return len(ch) == 0 }
	}},
	{"close", func() (func(), func() bool) {
		ch := make(chan int)
		return func() { close(ch) }, func() bool {
			select {
			case <-ch:
				return true
			default:
				return false
			}
		}
	}},
	{"select", func() (func(), func() bool) {
		ch := make(chan int, 1)
		return func() {
			select {
			case ch <- 1:
			case <-make(chan int):
			}
		}, func() bool { return len(ch) == 1 }
	}},
	{"select with default", func() (func(), func() bool) {
		ch := make(chan int, 1)
		return func() {
			select {
			case ch <- 1:
			default:
			}
		}, func() bool { return len(ch) == 1 }
	}},
	{"reflect", func() (func(), func() bool) {
		ch := make(chan int, 1)
		v := reflect.ValueOf(ch)
		return func() { v.Send(reflect.ValueOf(1)) }, func() bool { return len(ch) == 1 }
	}},
	{"Mutex.Unlock", func() (func(), func() bool) {
		var mu sync.Mutex
		mu.Lock()
		return mu.Unlock, func() bool {
			free := mu.TryLock()
			if free {
				mu.Unlock()
			}
			return free
		}
	}},
	{"RWMutex.Unlock", func() (func(), func() bool) {
		var mu sync.RWMutex
		mu.Lock()
		return mu.Unlock, func() bool {
			free := mu.TryRLock()
			if free {
				mu.RUnlock()
			}
			return free
		}
	}},
	{"RWMutex.RUnlock", func() (func(), func() bool) {
		var mu sync.RWMutex
		mu.RLock()
		return mu.RUnlock, func() bool {
			free := mu.TryLock()
			if free {
				mu.Unlock()
			}
			return free
		}
	}},
	{"WaitGroup.Done", func() (func(), func() bool) {
		var wg sync.WaitGroup
		wg.Add(1)
		over := false
		go func() { wg.Wait(); over = true }()
		return wg.Done, func() bool { return over }
	}},
	{"Once", func() (func(), func() bool) {
		var once sync.Once
		did := false
		return func() { once.Do(func() { did = true }) }, func() bool { return did }
	}},
	{"Cond.Signal", func() (func(), func() bool) { return signal((*sync.Cond).Signal) }},
	{"Cond.Broadcast", func() (func(), func() bool) { return signal((*sync.Cond).Broadcast) }},
	{"Pool.Put", func() (func(), func() bool) {
		var p sync.Pool
		return func() { p.Put(1) }, func() bool {
			v := p.Get()
			if v != nil {
				p.Put(v)
			}
			return v != nil
		}
	}},
	{"Map.Store", func() (func(), func() bool) {
		var m sync.Map
		return func() { m.Store(1, 1) }, func() bool { _, ok := m.Load(1); return ok }
	}},
	{"Map.CompareAndSwap", func() (func(), func() bool) {
		var m sync.Map
		m.Store(1, 1)
		return func() { m.CompareAndSwap(1, 1, 2) }, func() bool { v, _ := m.Load(1); return v == 2 }
	}},
	{"atomic function", func() (func(), func() bool) {
		n := new(int32)
		return func() { atomic.AddInt32(n, 1) }, func() bool { return atomic.LoadInt32(n) == 1 }
	}},
	{"atomic method", func() (func(), func() bool) {
		n := new(atomic.Int64)
		return func() { n.Store(1) }, func() bool { return n.Load() == 1 }
	}},
	{"atomic.Pointer", func() (func(), func() bool) {
		p := new(atomic.Pointer[int])
		return func() { p.CompareAndSwap(nil, new(int)) }, func() bool { return p.Load() != nil }
	}},
	{"atomic.Value", func() (func(), func() bool) {
		v := new(atomic.Value)
		return func() { v.Store(1) }, func() bool { return v.Load() != nil }
	}},
	{"Timer.Reset", func() (func(), func() bool) {
		fired := false
		t := time.AfterFunc(time.Hour, func() { fired = true })
		return func() { t.Reset(0) }, func() bool { return fired }
	}},
}

// signal has somebody wait who says when he has been woken.
func signal(wake func(*sync.Cond)) (func(), func() bool) {
	c := sync.NewCond(&sync.Mutex{})
	waits, woken := false, false
	go func() {
		c.L.Lock()
		waits = true
		c.Wait()
		woken = true
		c.L.Unlock()
	}()
	for !waits {
		runtime.Gosched()
	}
	c.L.Lock()
	c.L.Unlock()
	return func() { wake(c) }, func() bool { return woken }
}

// places says where others ran: after what precedes the operation and before its effect, and after its effect and before what follows it.
func (e effect) places() string {
	at, over := 0, make(chan bool)
	do, done := e.make()
	go func() {
		at = 1
		do()
		at = 2
		over <- true
	}()
	before, after := "", ""
	for at < 2 {
		if first := at; first == 1 {
			switch d := done(); {
			case at != 1:
			case d:
				after = "after"
			default:
				before = "before"
			}
		}
		runtime.Gosched()
	}
	<-over
	return before + "," + after
}

func TestPlaces(t *testing.T) {
	var places []string
	for _, e := range effects {
		places = append(places, e.name+"="+e.places())
	}
	t.Error(strings.Join(places, ";"))
}

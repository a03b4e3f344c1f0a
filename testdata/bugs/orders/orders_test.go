package orders

import (
	"context"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A kind is an operation that does not block, and may be done any number of times.
type kind struct {
	name string
	make func() func()
}

func always(f func()) func() func() { return func() func() { return f } }

var kinds = []kind{
	{"Mutex", func() func() {
		var mu sync.Mutex
		return func() { mu.Lock(); mu.Unlock() }
	}},
	{"Mutex.TryLock", func() func() {
		var mu sync.Mutex
		return func() { mu.TryLock() }
	}},
	{"RWMutex", func() func() {
		var mu sync.RWMutex
		return func() { mu.Lock(); mu.Unlock() }
	}},
	{"RWMutex.RLock", func() func() {
		var mu sync.RWMutex
		return func() { mu.RLock(); mu.RUnlock() }
	}},
	{"RWMutex.TryRLock", func() func() {
		var mu sync.RWMutex
		return func() { mu.TryRLock() }
	}},
	{"Once", func() func() {
		var once sync.Once
		return func() { once.Do(func() {}) }
	}},
	{"WaitGroup.Add", func() func() {
		var wg sync.WaitGroup
		return func() { wg.Add(1) }
	}},
	{"WaitGroup.Wait", func() func() {
		var wg sync.WaitGroup
		return wg.Wait
	}},
	{"Cond.Signal", func() func() { return sync.NewCond(&sync.Mutex{}).Signal }},
	{"Cond.Broadcast", func() func() { return sync.NewCond(&sync.Mutex{}).Broadcast }},
	{"Pool.Get", func() func() {
		p := sync.Pool{New: func() any { return 1 }}
		return func() { p.Get() }
	}},
	{"Pool.Put", func() func() {
		var p sync.Pool
		return func() { p.Put(1) }
	}},
	{"Map.Load", func() func() {
		var m sync.Map
		return func() { m.Load(1) }
	}},
	{"Map.Store", func() func() {
		var m sync.Map
		return func() { m.Store(1, 1) }
	}},
	{"Map.CompareAndSwap", func() func() {
		var m sync.Map
		return func() { m.CompareAndSwap(1, 1, 2) }
	}},
	{"atomic function", func() func() {
		var n int32
		return func() { atomic.AddInt32(&n, 1) }
	}},
	{"atomic method", func() func() {
		var n atomic.Int64
		return func() { n.Load() }
	}},
	{"atomic.Pointer", func() func() {
		var p atomic.Pointer[int]
		return func() { p.CompareAndSwap(nil, nil) }
	}},
	{"atomic.Value", func() func() {
		var v atomic.Value
		return func() { v.Store(1) }
	}},
	{"send", func() func() {
		ch := make(chan int, 100)
		return func() { ch <- 1 }
	}},
	{"receive", func() func() {
		ch := make(chan int)
		close(ch)
		return func() { <-ch }
	}},
	{"range", func() func() {
		ch := make(chan int)
		close(ch)
		return func() {
			for range ch {
			}
		}
	}},
	{"close", always(func() { close(make(chan int)) })},
	{"select", func() func() {
		ch := make(chan int, 100)
		return func() {
			select {
			case ch <- 1:
			case <-context.Background().Done():
			}
		}
	}},
	{"select with default", func() func() {
		ch := make(chan int)
		return func() {
			select {
			case <-ch:
			default:
			}
		}
	}},
	{"reflect", func() func() {
		ch := reflect.ValueOf(make(chan int, 100))
		return func() { ch.Send(reflect.ValueOf(1)) }
	}},
	{"go", always(func() { go func() {}() })},
	{"Gosched", always(runtime.Gosched)},
	{"Sleep(0)", always(func() { time.Sleep(0) })},
	{"time.Now", always(func() { time.Now() })},
	{"Timer.Stop", func() func() {
		t := time.NewTimer(time.Hour)
		return func() { t.Stop() }
	}},
	{"Timer.Reset", func() func() {
		t := time.NewTimer(time.Hour)
		return func() { t.Reset(time.Hour) }
	}},
	{"Context.Err", func() func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return func() { ctx.Err() }
	}},
	{"system call", always(func() { os.Getpid() })},
}

// order lets one goroutine do a and then b, another one c, each after an operation, and says in which order it was.
func (k kind) order() string {
	order := ""
	first, second, done := k.make(), k.make(), make(chan bool)
	go func() {
		first()
		order += "a"
		first()
		order += "b"
		done <- true
	}()
	go func() {
		second()
		order += "c"
		done <- true
	}()
	<-done
	<-done
	return order
}

func TestOrders(t *testing.T) {
	var orders []string
	for _, k := range kinds {
		orders = append(orders, k.name+"="+k.order())
	}
	t.Error(strings.Join(orders, ";"))
}

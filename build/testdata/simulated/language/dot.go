package main

import (
	"errors"
	. "fmt"
	. "runtime"
	. "sync"
	. "sync/atomic"
)

// dotImports has names without a package in front that simulation is about, as
// calls and as values.
func dotImports() error {
	var n int64
	var p Pointer[int64]
	var mu Mutex
	var wg WaitGroup
	var list []string
	cas, yield, store := CompareAndSwapInt64, Gosched, p.Store
	store(&n)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for old := LoadInt64(&n); !cas(&n, old, old+1); old = LoadInt64(&n) {
				yield()
			}
			AddInt64(p.Load(), 10)
			mu.Lock()
			defer mu.Unlock()
			list = append(list, Sprint(i))
		}()
	}
	wg.Wait()
	add, swap := AddInt64, (*Pointer[int64]).Swap
	return errors.Join(
		want("sum", add(&n, 100), 133),
		want("swapped", Sprint(*swap(&p, nil), p.Load() == nil, len(list), NumCPU() == GOMAXPROCS(0)), "133 true 3 true"),
	)
}

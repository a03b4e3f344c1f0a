package runtime

import (
	"sync"
	"testing"
	"time"
)

// Each benchmark runs natively and in a simulation. The simulated figures mean
// something only when the package is spliced: the plain host hands its baton
// over native channels.

// both runs a benchmark's body in the two worlds. The body is written with this
// package's operations, which do the native thing outside a simulation; native
// is the same in Go's own words.
func both(b *testing.B, native, simulated func(n int)) {
	b.Run("native", func(b *testing.B) {
		b.ReportAllocs()
		native(b.N)
	})
	b.Run("simulated", func(b *testing.B) {
		b.ReportAllocs()
		r := Run(Config{Seed: 1, MaxSteps: 1 << 62, MaxTime: 1 << 62, Main: func() {
			Kernelly(b.ResetTimer)
			simulated(b.N)
			Kernelly(b.StopTimer)
		}})
		if r.Failure != nil {
			b.Fatal(r.Failure.Message, r.Failure.Stacks)
		}
	})
}

func BenchmarkPingPong(b *testing.B) {
	both(b, func(n int) {
		ping, pong := make(chan int), make(chan int)
		go func() {
			for v := range ping {
				pong <- v
			}
		}()
		for i := range n {
			ping <- i
			<-pong
		}
		close(ping)
	}, func(n int) {
		ping, pong := make(chan int), make(chan int)
		Go(func() {
			for it := RangeChan(ping); it.Next(); {
				Send(pong, it.Value())
			}
		})
		for i := range n {
			Send(ping, i)
			Recv(pong)
		}
		Close(ping)
	})
}

func BenchmarkBuffered(b *testing.B) {
	both(b, func(n int) {
		ch := make(chan int, 64)
		go func() {
			for i := range n {
				ch <- i
			}
			close(ch)
		}()
		for range ch {
		}
	}, func(n int) {
		ch := make(chan int, 64)
		Go(func() {
			for i := range n {
				Send(ch, i)
			}
			Close(ch)
		})
		for it := RangeChan(ch); it.Next(); {
		}
	})
}

func BenchmarkSelectOfFour(b *testing.B) {
	both(b, func(n int) {
		var chans [4]chan int
		for i := range chans {
			chans[i] = make(chan int)
			go func(ch chan int) {
				for i := range ch {
					_ = i
				}
			}(chans[i])
		}
		for i := range n {
			select {
			case chans[0] <- i:
			case chans[1] <- i:
			case chans[2] <- i:
			case chans[3] <- i:
			}
		}
		for _, ch := range chans {
			close(ch)
		}
	}, func(n int) {
		var chans [4]chan int
		for i := range chans {
			chans[i] = make(chan int)
			ch := chans[i]
			Go(func() {
				for it := RangeChan(ch); it.Next(); {
				}
			})
		}
		for i := range n {
			Select(CaseSend(chans[0], i), CaseSend(chans[1], i), CaseSend(chans[2], i), CaseSend(chans[3], i))
		}
		for _, ch := range chans {
			Close(ch)
		}
	})
}

func BenchmarkSpawn(b *testing.B) {
	both(b, func(n int) {
		var wg sync.WaitGroup
		for range n {
			wg.Add(1)
			go func() { wg.Done() }()
			wg.Wait()
		}
	}, func(n int) {
		var sema uint32
		for range n {
			Go(func() { Semrelease(&sema, false) })
			Semacquire(&sema, false, "semacquire")
		}
	})
}

// BenchmarkSpawnMany starts goroutines in batches, so that the cost of waiting
// for one is shared.
func BenchmarkSpawnMany(b *testing.B) {
	const batch = 100
	both(b, func(n int) {
		var wg sync.WaitGroup
		for i := 0; i < n; i += batch {
			wg.Add(batch)
			for range batch {
				go func() { wg.Done() }()
			}
			wg.Wait()
		}
	}, func(n int) {
		var sema uint32
		for i := 0; i < n; i += batch {
			left := batch
			for range batch {
				Go(func() {
					if left--; left == 0 {
						Semrelease(&sema, false)
					}
				})
			}
			Semacquire(&sema, false, "semacquire")
		}
	})
}

func BenchmarkSleep(b *testing.B) {
	both(b, func(n int) {
		for range n {
			time.Sleep(time.Microsecond)
		}
	}, func(n int) {
		for range n {
			Sleep(1000)
		}
	})
}

func BenchmarkGosched(b *testing.B) {
	both(b, func(n int) {
		for range n {
			Gosched()
		}
	}, func(n int) {
		done := false
		Go(func() {
			for !done {
				Gosched()
			}
		})
		for range n {
			Gosched()
		}
		done = true
	})
}

var benchVar = NewVar(new(int))

func init() { Register(&Package{Path: "test/bench", Handles: []Handle{&benchVar}}) }

func BenchmarkVar(b *testing.B) {
	both(b, func(n int) {
		for range n {
			*benchVar.At()++
		}
	}, func(n int) {
		for range n {
			*benchVar.At()++
		}
	})
}

func BenchmarkRangeMap(b *testing.B) {
	m := map[string]int{}
	for i := range 32 {
		m[utoa(uint64(i*7919))] = i
	}
	both(b, func(n int) {
		for range n {
			for range m {
			}
		}
	}, func(n int) {
		for range n {
			for it := RangeMap(m); it.Next(); {
			}
		}
	})
}

// BenchmarkRun is a whole simulation that does nothing: what every seed pays.
func BenchmarkRun(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Run(Config{Seed: 1, Main: func() {}})
	}
}

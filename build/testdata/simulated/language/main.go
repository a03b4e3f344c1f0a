// Language is a server that tries what the language does together with the
// standard library, and listens if all came out right.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"log"
	"maps"
	"net"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	_ "unsafe"
)

func main() {
	for name, f := range map[string]func() error{
		"named maps": namedMaps, "reflection": reflection, "spinning": spinning, "pull": pull, "timers": timers,
		"panics": panics, "linkname": linkname, "sentinels": sentinels, "elliptic curves": curves, "method values": methodValues, "iterators": iterators, "dot imports": dotImports, "initialised": initialised, "settings": settings,
	} {
		if err := f(); err != nil {
			log.Fatal(name, ": ", err)
		}
	}
	l, err := net.Listen("tcp", ":7000")
	if err != nil {
		log.Fatal(err)
	}
	log.Print("all came out right")
	go serve(l)
	select {}
}

// Goroutines that initialisers and init functions start run beside main.
var (
	words = make(chan string)
	word  = first(words)
	ended = make(chan error)
)

func first[C ~chan T, T any](c C) T {
	go func() {
		for _, s := range []string{"first", "second"} {
			reflect.ValueOf(c).Send(reflect.ValueOf(s))
		}
		close(c)
	}()
	return <-c
}

func init() {
	turn := make(chan bool)
	defer func() { turn <- true; <-turn }()
	go func() {
		<-turn
		got := fmt.Sprint(word, <-words, <-words)
		close(turn)
		ended <- want("words", got, "firstsecond")
	}()
}

func initialised() error { return <-ended }

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		c.Close()
	}
}

// want compares what two values print as.
func want(what string, got, want any) error {
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		return fmt.Errorf("%s: got %s, want %s", what, g, w)
	}
	return nil
}

func namedMaps() error {
	h := http.Header{"B": nil, "A": nil}
	chans := map[chan int]string{make(chan int): "x", nil: "y"}
	return errors.Join(
		want("keys", slices.Sorted(maps.Keys(h)), "[A B]"),
		want("values", slices.Sorted(maps.Values(chans)), "[x y]"),
		want("clone", len(maps.Clone(h)), 2),
		want("shadowed", binary.BigEndian.Uint16([]byte{1, 2}), 258),
	)
}

func reflection() error {
	type C chan int
	var plain chan int = C(make(chan int, 1))
	made := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, reflect.TypeFor[int]()), 1)
	made.Send(reflect.ValueOf(5))
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), made.Type()))
	m.SetMapIndex(reflect.ValueOf("k"), made)
	s := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "F", Type: m.Type()}})).Elem()
	s.Field(0).Set(m)
	native := s.Field(0).Interface().(map[string]chan int)
	chosen, v, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(plain)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(native["k"])},
	})
	var none map[string]int
	clear(none)
	var null chan int
	return errors.Join(
		want("types", fmt.Sprintf("%T %T %T %T", plain, native, make(<-chan bool), none), "chan int map[string]chan int <-chan bool map[string]int"),
		want("kinds", fmt.Sprint(reflect.TypeOf(C(nil)).Kind(), m.Kind(), s.Kind()), "chan map struct"),
		want("select", fmt.Sprint(chosen, v, ok), "1 5 true"),
		want("nil", fmt.Sprint(len(null), cap(null), len(none)), "0 0 0"),
	)
}

func spinning() error {
	var flag atomic.Bool
	var n atomic.Int64
	go func() {
		n.Add(1)
		flag.Store(true)
	}()
	for !flag.Load() {
	}
	end := time.Now().Add(time.Millisecond)
	for time.Now().Before(end) {
		runtime.Gosched()
	}
	return want("n", n.Load(), 1)
}

// pull drives iterators, which themselves communicate, step by step.
func pull() error {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range 5 {
			time.Sleep(time.Microsecond)
			c <- i
		}
	}()
	ended := false
	next, stop := iter.Pull(func(yield func(int) bool) {
		defer func() { ended = true }()
		for v := range c {
			if !yield(v * 10) {
				return
			}
		}
	})
	var got []int
	for range 3 {
		v, ok := next()
		if !ok {
			return errors.New("ended early")
		}
		got = append(got, v)
	}
	stop()
	_, ok := next()
	for range c {
	}
	return want("pulled", fmt.Sprint(got, ok, ended), "[0 10 20] false true")
}

// iterators end in every way there is, and are resumed by one goroutine after
// the other.
func iterators() error {
	var mu sync.Mutex
	trail := ""
	note := func(s string) { mu.Lock(); trail += s; mu.Unlock() }
	counting := func(yield func(int, string) bool) {
		defer note("d")
		for i := 0; ; i++ {
			time.Sleep(time.Microsecond)
			if mu.Lock(); i == 3 {
				mu.Unlock()
				panic("three")
			}
			mu.Unlock()
			if !yield(i, fmt.Sprint("v", i)) {
				return
			}
		}
	}
	next, stop := iter.Pull2(counting)
	turn, back, failed := make(chan int), make(chan int), make(chan any, 1)
	for range 4 {
		go func() {
			for range turn {
				func() {
					defer func() {
						if e := recover(); e != nil {
							failed <- e
						}
					}()
					_, v, ok := next()
					note(fmt.Sprint(v, ok))
				}()
				back <- 0
			}
		}()
	}
	for range 4 {
		turn <- 1
		<-back
	}
	close(turn)
	_, _, ok := next()
	stop()
	early, stopEarly := iter.Pull2(counting)
	early()
	stopEarly()
	unused, stopUnused := iter.Pull2(counting)
	stopUnused()
	_, _, more := unused()
	exited, left := make(chan bool), "left"
	go func() {
		defer close(exited)
		next, _ := iter.Pull(func(func(int) bool) { runtime.Goexit() })
		next()
		left = "not left"
	}()
	<-exited
	inner := func(yield func(int) bool) {
		next, stop := iter.Pull(maps.Keys(map[int]bool{1: true, 2: true}))
		defer stop()
		for v, ok := next(); ok; v, ok = next() {
			if !yield(v * 10) {
				return
			}
		}
	}
	outer, stopOuter := iter.Pull(inner)
	defer stopOuter()
	a, _ := outer()
	b, _ := outer()
	_, third := outer()
	return errors.Join(
		want("trail", trail, "v0truev1truev2truedd"),
		want("panic", <-failed, "three"),
		want("ended", fmt.Sprint(ok, more, a+b, third, left), "false false 30 falseleft"),
	)
}

// timers behave as since Go 1.23: nothing stale comes after Stop or Reset.
func timers() error {
	t := time.NewTimer(time.Millisecond)
	time.Sleep(2 * time.Millisecond)
	stopped, size := t.Stop(), len(t.C)
	stale := false
	select {
	case <-t.C:
		stale = true
	default:
	}
	start := time.Now()
	t.Reset(5 * time.Millisecond)
	<-t.C
	took := time.Since(start)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	<-tick.C
	tick.Reset(time.Hour)
	late := time.AfterFunc(time.Hour, func() { panic("late") })
	return errors.Join(
		want("stopped", fmt.Sprint(stopped, size, stale), "true 0 false"),
		want("reset", took >= 5*time.Millisecond && took < time.Second, true),
		want("func", late.Stop(), true),
	)
}

func panics() error {
	text := func(f func()) (s string) {
		defer func() { s = fmt.Sprint(recover()) }()
		f()
		return
	}
	var m map[string]int
	closed := make(chan int)
	close(closed)
	var wg sync.WaitGroup
	done := make(chan string)
	go func() { done <- text(func() { closed <- 1 }) }()
	return errors.Join(
		want("map", text(func() { m["x"]++ }), "assignment to entry in nil map"),
		want("send", <-done, "send on closed channel"),
		want("close", text(func() { close(closed) }), "close of closed channel"),
		want("nil", text(func() { close((chan int)(nil)) }), "close of nil channel"),
		want("group", text(func() { wg.Done() }), "sync: negative WaitGroup counter"),
		want("key", text(func() { _ = map[any]int{1: 1}[[]int{}] }), "runtime error: hash of unhashable type []int"),
	)
}

//go:linkname nanotime runtime.nanotime
func nanotime() int64

func linkname() error {
	start := nanotime()
	time.Sleep(time.Second)
	seconds := time.Duration(nanotime()-start) / time.Second
	return want("seconds", int(seconds), 1)
}

// known is only read, but what it holds can be told apart, and one of them
// changes.
var known = map[error]int{io.EOF: 1, errGone: 2, errCounted: 3}

var errGone = errors.New("gone")

type counted struct{ n int }

func (c *counted) Error() string { c.n++; return "counted" }

var errCounted error = &counted{}

func sentinels() error {
	text := errCounted.Error()
	return errors.Join(
		want("found", fmt.Sprint(known[io.EOF], known[errGone], known[errCounted], known[errors.New("gone")]), "1 2 3 0"),
		want("own", fmt.Sprint(text, errCounted.(*counted).n), "counted1"),
		want("wrapped", errors.Is(fmt.Errorf("x: %w", errGone), errGone), true),
	)
}

// curves needs the tables that crypto embeds.
func curves() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	digest := []byte(strings.Repeat("d", 32))
	sig, err := ecdsa.SignASN1(rand.Reader, key, digest)
	return errors.Join(err, want("verified", ecdsa.VerifyASN1(&key.PublicKey, digest, sig), true))
}

type guarded struct {
	sync.Mutex
	*sync.Cond
	n int
}

func methodValues() error {
	var g guarded
	g.Cond = sync.NewCond(&g.Mutex)
	lock, unlock, wait, signal := g.Lock, g.Unlock, g.Wait, g.Signal
	var wg sync.WaitGroup
	for range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			lock()
			defer unlock()
			g.n++
			signal()
		}()
	}
	lock()
	for g.n < 10 {
		wait()
	}
	unlock()
	wg.Wait()
	once := sync.OnceValue(func() int { g.n++; return g.n })
	return want("n", fmt.Sprint(once(), once(), g.TryLock()), "11 11 true")
}

// Types: their names, what embeds them, what compares them, what they are the
// channel or map of.
package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

type (
	ints       chan int
	in         <-chan int
	out        chan<- int
	same       = chan int
	again      = ints
	of[T any]  = chan T
	box[T any] struct {
		c chan T
		m map[string]T
	}
	boxes[K comparable] = map[K]*box[K]
	tree[T any]         struct {
		left, right *tree[T]
		c           of[T]
	}
	set[K comparable] map[K]struct{}
	node              struct{ next *node }
	graph             map[*node][]*node
	inverse           map[chan int]string
	header            map[string][]string
)

func (c ints) next() int { return <-c }
func (c ints) all() (sum int) {
	for v := range c {
		sum += v
	}
	return
}
func (s set[K]) add(k K) bool     { _, ok := s[k]; s[k] = struct{}{}; return !ok }
func (h header) add(k, v string)  { h[k] = append(h[k], v) }
func (b *box[T]) put(v T) *box[T] { b.c <- v; return b }
func (t *tree[T]) each(yield func(T) bool) {
	if t != nil {
		t.left.each(yield)
		yield(<-t.c)
		t.right.each(yield)
	}
}
func keys[M ~map[K]V, K comparable, V any](m M) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}

func drain[C ~chan T | ~<-chan T, T any](c C) (vs []T) {
	for v := range c {
		vs = append(vs, v)
	}
	return vs
}

func send[C ~chan T | ~chan<- T, T any](c C, vs ...T) C {
	go func() {
		for _, v := range vs {
			c <- v
		}
		close(c)
	}()
	return c
}

func either[C ~chan int | chan<- string | chan []byte](c C) (int, int) {
	n := len(c)
	close(c)
	return n, cap(c)
}

func channels() {
	var c ints = make(chan int, 3)
	var plain chan int = c
	var r in = plain
	var w out = plain
	plain <- 1
	w <- 2
	c <- 3
	fmt.Println(c.next(), <-r, <-plain, (<-chan int)(c) == r, chan<- int(plain) == w)
	var a = again(c)
	var s same = a
	fmt.Println(s == plain, len(s), cap(a))
	go func(c ints) { defer close(c); c <- 4; c <- 5 }(plain)
	fmt.Println(a.all())
	var chans [2]of[string]
	chans[1] = make(chan string, 1)
	chans[1] <- "array"
	fmt.Println(<-chans[1], chans[0] == nil)
	type local chan bool
	l := make(local, 1)
	l <- true
	fmt.Println(<-l)
	fmt.Println(drain(send(make(ints), 1, 2)), drain(in(send(make(chan int), 3))), drain(send(make(of[string]), "x")))
	fmt.Println(either(make(chan<- string, 2)))
	ro := func() <-chan int { return send(make(chan int), 7) }
	fmt.Println(<-ro())
	i := any(c)
	switch x := i.(type) {
	case chan int:
		fmt.Println("chan int", x)
	case ints:
		fmt.Println("ints", len(x))
	}
	fmt.Printf("%T %T %T %T %t\n", plain, chans, make(chan<- func(<-chan int)), make(chan (<-chan int)), i == any(plain))
}

func maps() {
	h := header{}
	h.add("k", "v")
	h["k"][0] += "!"
	fmt.Println(keys(h), len(h["none"]), strings.Join(h["k"], ","))
	inv := inverse{}
	c, d := make(chan int), make(ints)
	inv[c], inv[d], inv[nil] = "c", "d", "nil"
	names := ""
	for k, v := range inv {
		if inv[k] != v {
			fmt.Println("wrong")
		}
		names += v
	}
	fmt.Println(len(names), inv[c], inv[d], inv[nil])
	s := set[any]{}
	fmt.Println(s.add(1), s.add("1"), s.add(1), s.add(c), s.add((<-chan int)(c)), s.add([2]any{1, c}), s.add([2]any{1, c}), len(s))
	g := graph{}
	var first *node
	for range 4 {
		first = &node{first}
		g[first] = append(g[first], first.next)
		g[first.next] = append(g[first.next], first)
	}
	edges := 0
	for n, to := range g {
		for range to {
			edges++
		}
		if n != nil && n.next != nil && len(to) == 0 {
			fmt.Println("wrong")
		}
	}
	fmt.Println(len(g), edges)
	bs := boxes[string]{"a": {m: map[string]string{"x": "y"}, c: make(chan string, 2)}}
	bs["a"].put("1").put("2")
	fmt.Println(<-bs["a"].c+<-bs["a"].c, bs["a"].m["x"])
	counts := map[string]int{}
	for i := 0; i < 6; counts["post"]++ {
		i = counts["post"] + 2
	}
	for counts["init"] = 1; counts["init"] < 3; counts["init"]++ {
	}
	fmt.Println(counts)
	byValue := map[struct {
		a int
		b any
	}]string{{1, "x"}: "one", {b: 2}: "two"}
	fmt.Println(byValue[struct {
		a int
		b any
	}{1, "x"}], len(byValue))
	nan := map[float64]int{}
	zero := 0.0
	for i := range 3 {
		nan[zero/zero] = i
	}
	sum := 0
	for k, v := range nan {
		if k == k {
			fmt.Println("wrong")
		}
		sum += v
	}
	fmt.Println(len(nan), sum)
	clear(nan)
	fmt.Println(len(nan))
}

func iterators() {
	leaf := func(v int) *tree[int] { c := make(chan int, 1); c <- v; return &tree[int]{c: c} }
	t := leaf(2)
	t.left, t.right = leaf(1), leaf(3)
	for v := range t.each {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

type guarded struct {
	sync.Mutex
	*sync.Cond
	io.Writer
	n int
}

type once interface{ Do(func()) }

func syncTypes() {
	var g guarded
	g.Cond = sync.NewCond(&g.Mutex)
	lock, unlock := g.Lock, g.Unlock
	lock()
	fmt.Println(g.TryLock())
	unlock()
	func() {
		g.Lock()
		defer g.Unlock()
		g.n++
	}()
	var l sync.Locker = &g.Mutex
	l.Lock()
	defer l.Unlock()
	var o once = new(sync.Once)
	for range 3 {
		o.Do(func() { g.n += 10 })
	}
	add := (*atomic.Int64).Add
	var n atomic.Int64
	var v atomic.Value
	v.Store(header{"x": nil})
	fmt.Println(g.n, add(&n, 5), n.CompareAndSwap(5, 6), n.Load(), len(v.Load().(header)))
	every := []func(func()){o.Do, new(sync.Once).Do}
	for _, do := range every {
		do(func() { g.n++ })
	}
	locks := map[string]*sync.RWMutex{"a": {}}
	locks["a"].RLock()
	locks["a"].RUnlock()
	var anonymous struct {
		sync.RWMutex
		m map[string]int
	}
	anonymous.Lock()
	anonymous.m = map[string]int{"x": 1}
	anonymous.Unlock()
	fmt.Println(g.n, anonymous.m)
}

type comparable1 struct {
	c chan int
	i any
	a [2]*node
	f struct{ s string }
}

func comparisons() {
	c, n := make(chan int), &node{}
	x := comparable1{c, c, [2]*node{n, nil}, struct{ s string }{"s"}}
	y := x
	fmt.Println(x == y, x.i == any(y.c), any(x) == any(y))
	y.c = make(chan int)
	fmt.Println(x == y, x != y, x.a == y.a, x.f == y.f)
	switch x {
	case y:
		fmt.Println("wrong")
	case comparable1{x.c, c, [...]*node{n, nil}, struct{ s string }{"s"}}:
		fmt.Println("equal")
	}
	defer func() { fmt.Println(recover()) }()
	fmt.Println(any([]int{}) == any([]int{}))
}

// shadowed names of types, packages and builtins.
func shadowed(len int, string func(int) int) {
	type int chan float64
	c := make(int, 1)
	c <- 1.5
	fmt := fmt.Sprint
	close := func(int) { c <- 2.5 }
	print := <-c
	close(c)
	append, true := <-c, false
	io.WriteString(stdout{}, fmt(print, append, len, string(len), true, "\n"))
	m := map[interface{}]int{c: c}
	for int := range m {
		delete(m, int)
	}
	panic := m
	io.WriteString(stdout{}, fmt(panic, "\n"))
}

// Fields, methods and parameters with names of types and of what the rewriter
// calls.
type fields struct {
	int    chan int
	string map[*_node]chan<- int
	chan1  struct{ bool, error chan bool }
	close  func(chan int)
	simgen chan fields
}

func (f fields) len(bool *node) int { return cap(f.int) + len(f.string) }

func namedLikeTypes(it chan int, c0, f0 chan int) {
	type node struct{ node *node }
	simgen := fields{int: it, string: map[*_node]chan<- int{{}: it}}
	simgen.chan1.bool = make(chan bool, 1)
	simgen.close = func(c chan int) { close(c) }
	simgen.simgen = make(chan fields, 1)
	for k, c := range simgen.string {
		c <- 1
		simgen.string[&_node{k.next}] = c
		break
	}
	simgen.int <- 2
	fmt.Println(<-simgen.int, <-it, simgen.len(nil))
	select {
	case simgen.simgen <- simgen:
		go (<-simgen.simgen).close(c0)
	case v := <-simgen.chan1.error:
		simgen.chan1.bool <- v
	}
	_, ok := <-c0
	select {
	case simgen.chan1.bool <- ok:
	case <-simgen.chan1.error:
	}
	for it := range f0 {
		f0 := it
		fmt.Print(f0, " ")
	}
	nodes := map[*node]bool{{&node{}}: <-simgen.chan1.bool}
	for it, v := range nodes {
		fmt.Println(it.node != nil, v)
	}
}

type _node = struct{ next *node }

// ranged is about ranges over type parameters.
func ranged[N ~int8, S ~[]E, E any, F ~func(func(K, E) bool), K comparable, A interface{ *[3]E }, M ~map[K]E, C interface{ ~<-chan E }](n N, s S, f F, a A, m M, c C) (got []any) {
	for i := range n {
		got = append(got, i)
	}
	for range n {
		got = append(got, "n")
	}
	for i, v := range s {
		got = append(got, i, v)
	}
	for i := range a {
		got = append(got, i)
	}
loop:
	for k, v := range f {
		for w := range c {
			got = append(got, k, v, w)
			continue loop
		}
		for k, v = range m {
			got = append(got, k, v)
			break loop
		}
	}
	return got
}

func in2[T any](vs []T) <-chan T {
	c := make(chan T, len(vs))
	go func() {
		for _, v := range vs {
			c <- v
		}
		close(c)
	}()
	return c
}

type little int8

func (l little) String() string { return "l" }

type stdout struct{}

func (stdout) Write(b []byte) (int, error) { fmt.Print(string(b)); return len(b), nil }

func main() {
	channels()
	maps()
	iterators()
	syncTypes()
	comparisons()
	shadowed(3, func(n int) int { return n * 2 })
	c := make(chan int, 3)
	c <- 5
	c <- 6
	close(c)
	namedLikeTypes(make(chan int, 3), make(chan int), c)
	fmt.Println(ranged(little(2), []string{"x"}, func(yield func(bool, string) bool) { _ = yield(true, "f") && yield(false, "g") && yield(true, "h") },
		&[3]string{}, map[bool]string{true: "m"}, in2(drain(send(make(of[string]), "1", "2")))))
	ks := keys(set[string]{"b": {}, "a": {}})
	sort.Strings(ks)
	fmt.Println(ks)
}

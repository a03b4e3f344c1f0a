// Everything at once: generics, channels, defers, labels and method values.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// A channel of itself, and keys that hold each other.
type (
	rec   chan rec
	chain struct {
		next *chain
		any
	}
	queue[T any]   struct{ in, out chan T }
	pipe[A, B any] struct {
		*queue[A]
		to func(A) B
	}
	number                       interface{ ~int | ~int64 | ~float64 }
	visitor[K comparable, V any] func(K, V) (stop bool)
	signal                       = chan struct{}
)

func newQueue[T any](n int) *queue[T] { return &queue[T]{make(chan T, n), make(chan T, n)} }

func (q *queue[T]) send(vs ...T) *queue[T] {
	for _, v := range vs {
		q.in <- v
	}
	return q
}

func (q *queue[T]) each(f func(T) error) (err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = errors.Join(err, e)
		}
	}()
	for v := range q.in {
		if err = f(v); err != nil {
			return
		}
		select {
		case q.out <- v:
		default:
			panic(fmt.Errorf("full at %v", v))
		}
	}
	return nil
}

func (p pipe[A, B]) run(done signal) (bs []B) {
	results := make(chan B)
	go func() {
		defer close(done)
		p.each(func(a A) error {
			defer func(f func(A) B) { results <- f(a) }(p.to)
			return nil
		})
	}()
	for {
		select {
		case b := <-results:
			bs = append(bs, b)
			continue
		case signal(nil) <- struct{}{}:
			panic("sent to nobody")
		case _, ok := <-done:
			if !ok && len(bs) == cap(p.in) {
				break
			}
			panic(len(bs))
		}
		return
	}
}

func sum[N number, C ~chan N | ~<-chan N](cs ...C) (n N) {
next:
	for i, c := range cs {
		for {
			select {
			case v, ok := <-c:
				if !ok {
					cs[i] = nil
					continue next
				}
				n += v
			}
		}
	}
	return
}

func visit[M ~map[K]V, K comparable, V any, F ~func(K, V) bool](m M, f F) (n int) {
	defer func() { n = -n }()
loop:
	for k, v := range m {
		switch stop := f(k, v); {
		case stop:
			break loop
		case n > 5:
			goto end
		}
		n++
	}
	return
end:
	return 100
}

func recursive() {
	r := make(rec, 2)
	r <- r
	r <- nil
	fmt.Println(<-r == r, <-r == nil, len(r))
	m := map[rec]map[rec]int{r: {r: 1}, nil: nil}
	m[r][nil]++
	m[nil] = m[r]
	m[nil][r] += <-func() chan int { go func() {}(); c := make(chan int, 1); c <- len(m); return c }()
	fmt.Println(len(m), m[r][r], m[nil][nil])
	a := &chain{any: r}
	b := &chain{a, a}
	a.next = b
	keys := map[chain]string{*a: "a", *b: "b", {}: "zero"}
	keys[chain{b, r}] += "!"
	keys[chain{any: chain{any: keys == nil}}] = "nested"
	var names []string
	for k, v := range keys {
		if keys[k] == v {
			names = append(names, v)
		}
	}
	sort.Strings(names)
	fmt.Println(names)
}

func queues() {
	q := newQueue[int](4).send(1, 2, 3, 4)
	close(q.in)
	fmt.Println(q.each(func(n int) error {
		if n == 3 {
			return fmt.Errorf("three")
		}
		return nil
	}), len(q.out))
	small := &queue[string]{make(chan string, 3), make(chan string, 1)}
	each := small.send("a", "b").each
	close(small.in)
	fmt.Println(each(func(string) error { return nil }))
	p := pipe[int, string]{newQueue[int](3), func(n int) string { return strings.Repeat("x", n) }}
	run, put := pipe[int, string].run, p.send
	put(1, 2)
	put([]int{3}...)
	done := make(signal)
	close(p.in)
	fmt.Println(func() (bs []string) {
		defer func() { bs = append(bs, fmt.Sprint(recover())) }()
		bs = run(p, done)
		return
	}(), len(p.in))
}

func counted() {
	feed := func(ns ...float64) chan float64 {
		c := make(chan float64)
		go func() {
			defer close(c)
			for i := range ns {
				defer func() { ns[i] = 0 }()
				c <- ns[i]
			}
		}()
		return c
	}
	fmt.Println(sum(feed(1, 2, 3), feed(), feed(0.5)), sum[float64, <-chan float64](feed(4)), sum[int, chan int]())
	type set map[string]bool
	var v visitor[string, bool] = func(k string, _ bool) bool { return k == "" }
	fmt.Println(visit(set{"a": true, "b": false}, v), visit(set{"": true}, v), visit[set](nil, v))
	big := map[int]int{}
	for i := range 20 {
		big[i] = i
	}
	fmt.Println(visit(big, func(a, b int) bool { return a != b }))
}

// closures that capture what each iteration has of its own.
func captured() {
	var fs []func() (int, func() string)
	c := make(chan int, 3)
	for i := 0; i < 3; i++ {
		c <- i * 10
		for v := range map[int]bool{<-c: true} {
			inner := make(chan int, 2)
			inner <- i + v
			inner <- v
			close(inner)
		again:
			for w := range inner {
				fs = append(fs, func() (int, func() string) { i++; return i, func() string { return fmt.Sprint(v, w) } })
				break again
			}
			select {
			case x := <-c:
				defer func() { fmt.Print(x, " ") }()
			default:
				x := i
				defer func() { i++; fmt.Print(x, i, " ") }()
				fs = append(fs, func() (int, func() string) { x--; return x, func() string { return fmt.Sprint(v, x) } })
			}
			if len(c) == 0 && i < 2 {
				c <- v + 1
				c <- v + 2
				continue
			}
			goto end
		}
	end:
	}
	for _, f := range fs {
		n, g := f()
		fmt.Print(n, g(), " ")
	}
	fmt.Println()
}

func main() {
	recursive()
	queues()
	counted()
	captured()
	fmt.Println()
}

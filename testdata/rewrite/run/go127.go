//go:build go1.27

package main

import (
	"fmt"
	"sort"
)

// What Go 1.27 added to the language: methods with type parameters, and
// promoted fields as keys of struct literals.

type box[T any] struct{ values []T }

// Map is called with go, on values and through method values.
func (b *box[T]) Map[U any](f func(T) U, out chan<- U) {
	for _, v := range b.values {
		out <- f(v)
	}
	close(out)
}

type plain struct {
	lock chan bool
	seen map[string]int
}

func (p *plain) Add[K key](k K, counts map[K]int) int {
	p.lock <- true
	defer func() { <-p.lock }()
	for key, n := range counts {
		p.seen[key.String()] += n
	}
	p.seen[k.String()]++
	return p.seen[k.String()]
}

type key interface {
	comparable
	fmt.Stringer
}

type name string

func (n name) String() string { return string(n) }

type inner struct {
	ch    chan int
	table map[string]int
}

type outer struct {
	inner
	label string
}

var shared = outer{ch: make(chan int, 2), table: map[string]int{"a": 1}, label: "global"}

func main() {
	b := &box[int]{values: []int{1, 2, 3}}
	out := make(chan string)
	go b.Map(func(i int) string { return fmt.Sprint("v", i) }, out)
	for s := range out {
		fmt.Println(s)
	}
	halves := make(chan float64)
	go b.Map[float64](func(i int) float64 { return float64(i) / 2 }, halves)
	fmt.Println(<-halves, <-halves, <-halves)
	_, ok := <-halves
	fmt.Println(ok)

	f := b.Map[bool]
	odd := make(chan bool, 3)
	f(func(i int) bool { return i%2 == 1 }, odd)
	fmt.Println(<-odd, <-odd, <-odd)

	p := &plain{lock: make(chan bool, 1), seen: map[string]int{}}
	done := make(chan bool)
	for range 4 {
		go func() {
			defer func() { done <- true }()
			p.Add(name("x"), map[name]int{"y": 2, "z": 3})
		}()
	}
	for range 4 {
		<-done
	}
	var keys []string
	for k := range p.seen {
		keys = append(keys, fmt.Sprint(k, p.seen[k]))
	}
	sort.Strings(keys)
	fmt.Println(keys)

	o := outer{ch: make(chan int, 1), table: map[string]int{}, label: "local"}
	o.ch <- 5
	select {
	case v := <-o.ch:
		o.table["got"] = v
	case <-shared.ch:
	}
	shared.ch <- o.table["got"]
	fmt.Println(o.label, o.table, shared.label, <-shared.ch, len(shared.table))
}

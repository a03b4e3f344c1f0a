// Names of package-level variables where they mean something else, and
// variables in every form of declaration and use.
package main

import (
	"fmt"
	"sync"
	"unsafe"
)

type state struct {
	count int
	table map[string]int
	next  *state
	done  chan int
}

type mixed struct {
	C
	*state
	count float64
}

type C chan int

func (c C) put(v int) C         { c <- v; return c }
func (c C) all() (sum int)      { return total(c) }
func (s *state) bump(n int) int { s.count += n; return s.count }
func (s state) get() int        { return s.count }

func total[T ~int, Ch ~chan T](c Ch) (n T) {
	for {
		select {
		case v := <-c:
			n += v
			continue
		default:
		}
		return n
	}
}

func feed[T any](vs ...T) chan T {
	c := make(chan T, len(vs))
	for _, v := range vs {
		c <- v
	}
	close(c)
	return c
}

var (
	count        = 1
	table        = map[string]int{"count": count}
	next, done   = &state{count: count, table: table}, make(C, 4)
	received, ok = <-feed(7)
	found, there = table["count"]
	text, isText = any("text").(string)
	zero, noMore = <-feed[*state]()
	array        = [3]int{count, 2, 3}
	sized        [len(array) + 1]byte
	bytes        = [unsafe.Sizeof(array)]byte{1: 9}
	current      state
	locked       struct {
		sync.Mutex
		m map[string]chan int
	}
	handler  func(int) int
	handlers = map[string]func(int) int{"get": func(n int) int { count += n; return count }}
	all      = []*int{&count, &current.count, &array[1]}
	looping  = func() (n int) {
	loop:
		for v := range feed(1, 2, 3) {
			select {
			case w := <-feed(v):
				if n += w; n > 2 {
					break loop
				}
			}
		}
		return n
	}()
)

const size = len(array) + cap(bytes)

func keyed() {
	s := state{count: count, table: table, next: next, done: done}
	m := map[string]int{text: count, "b": s.count}
	a := [...]int{len(array): count, 0: received}
	x := mixed{count: 1.5, state: &s, C: done}
	n := struct{ count, table int }{count, len(table)}
	count := count + 1
	fmt.Println(s.count, len(s.table), m, a, x.count, x.state.count, n.count, n.table, count)
	x.C <- 5
	x.put(6).put(7)
	fmt.Println(<-x.C, x.all(), len(done))
	x.done = x.C
	x.state.done <- x.bump(2)
	fmt.Println(x.get(), <-done, x.state.get())
}

func labels() int {
count:
	for i := range array {
	table:
		for range done.put(i) {
			switch {
			case i == 0:
				continue count
			case i == 1:
				break table
			}
			goto next
		}
	}
next:
	return count
}

func shadowing(table []int) (next int) {
	for _, count := range table {
		next += count
	}
	type array struct{ count int }
	func(count array) { next += count.count }(array{10})
	if count := next; count > 10 {
		next = count + 1
	}
	switch text := any(next).(type) {
	case int:
		next = text + 1
	}
	select {
	case received, ok := <-feed(100):
		if ok {
			next += received
		}
	}
	var done, current = 1, 2
	const locked = 3
	return next + done + current + locked
}

func values() {
	for i, v := range array { // a copy
		array[2] = 50
		fmt.Print(i, v, " ")
	}
	for i, v := range &array {
		array[2] = 60 + i
		fmt.Print(i, v, " ")
	}
	for array[0] = range array {
	}
	for i := range bytes {
		bytes[i] += byte(i)
	}
	fmt.Println(array, bytes[1], size, len(sized), cap(array[:1]), received, ok, found, there, text, isText, zero == nil, noMore, looping)
	*all[0], *all[1], *all[2] = 5, 6, 7
	fmt.Println(count, current.count, array[1])
	current, array = state{count: array[1]}, [3]int{current.count, count}
	fmt.Println(current.count, array)
	bump, get, plus := current.bump, current.get, (*state).bump
	bump(1)
	fmt.Println(bump(1), get(), plus(&current, 10))
	fmt.Println(state.get(current))
	lock, m := locked.Lock, &locked.m
	lock()
	*m = map[string]chan int{"a": feed(1)}
	locked.m["b"] = make(chan int, 1)
	func() {
		defer locked.Unlock()
		locked.m["b"] <- <-locked.m["a"]
	}()
	locked.Lock()
	fmt.Println(<-locked.m["b"], len(*m), locked.TryLock())
	handler = func(n int) int {
		if n == 0 {
			return count
		}
		return handler(n-1) + 1
	}
	old := handler
	defer func(f func(int) int, n int) { fmt.Println("deferred", f(n), count) }(handler, count)
	out := make(chan int)
	go func(f func(int) int, n int) { out <- f(n) }(handlers["get"], count)
	fmt.Println(<-out)
	handlers["get"] = nil
	handler = func(int) int { return -1 }
	fmt.Println(old(2), handler(5))
	count++
}

func swap() {
	count, array[count%3] = array[0], count
	table["count"], count = count, table["count"]
	table["new"]++
	table[text] += len(table)
	p := &table
	(*p)["p"], *p = 1, map[string]int{"fresh": 1}
	fmt.Println(count, array, table, len(*p))
	next.next, next = next, &state{}
	fmt.Println(next.next == nil, next.count)
	switch count {
	case array[0], array[1]:
		fmt.Println("array")
	case func() int { count++; return count - 1 }():
		fmt.Println("itself", count)
	}
	if _, table := table["fresh"], count; table == count {
		fmt.Println("shadowed")
	}
}

func main() {
	keyed()
	fmt.Println(labels())
	fmt.Println(shadowing([]int{1, 2, 3}))
	values()
	swap()
}

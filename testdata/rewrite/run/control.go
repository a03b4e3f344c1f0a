// Loops over channels, maps, integers and functions; labels, goto, defer and
// recover around all of them.
package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

func feed[T any](vs ...T) chan T {
	c := make(chan T, len(vs))
	for _, v := range vs {
		c <- v
	}
	close(c)
	return c
}

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer fmt.Print("(end of ", n, ")")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs[K comparable, V any](m map[K]V) func(func(K, V) bool) {
	return func(yield func(K, V) bool) {
		for k, v := range m {
			if !yield(k, v) {
				return
			}
		}
	}
}

func received[T any](c <-chan T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

// In the body of a loop over a function, return, defer, goto and the labels of
// outer loops cross the iterator.
func overFunctions() (result string) {
	defer func() { result += "!" }()
	c := feed(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
outer:
	for i := range count(5) {
		for j := range c {
			for k := range count(3) {
				defer func() { fmt.Print(" d", i, j, k) }()
				switch {
				case j == 1:
					continue outer
				case j == 3 && k == 1:
					break
				case j == 5:
					break outer
				case k == 2:
					goto next
				}
			}
		next:
		}
	}
	select {
	case v := <-c:
		fmt.Println("left", v)
	}
	for v := range received(feed("a", "b", "c")) {
		for range count(2) {
			for w := range feed("x", "y") {
				if v == "b" && w == "y" {
					return v + w
				}
			}
		}
	}
	return "not reached"
}

func goroutinesInLoops() {
	out := make(chan int)
	n := 0
	for i := range count(3) {
		for k, v := range map[int]int{1: 10} {
			for w := range feed(100, 200) {
				go func() { out <- i + k + v + w }()
				n++
			}
		}
	}
	var all []int
	for range n {
		all = append(all, <-out)
	}
	sort.Ints(all)
	fmt.Println(all)
}

func mapsThroughIterators() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	sum, keys := 0, ""
	for k, v := range pairs(m) {
		sum += v
		keys += k
	}
	for k := range pairs(m) {
		delete(m, k)
		if len(m) == 1 {
			break
		}
	}
	fmt.Println(sum, len(keys), len(m))
	m = map[string]int{"x": 1}
	for k, v := range m {
		m[k] = v + 1 // the value was read before
		fmt.Println(k, v)
	}
	var none map[string]int
	for range none {
		fmt.Println("never")
	}
	clear(none)
	delete(none, "x")
	fmt.Println(len(none), none["x"], none == nil)
	arr := map[[2]int]struct{ s []int }{{1, 2}: {[]int{3}}}
	for k, v := range arr {
		k[0], v.s[0] = 9, 9
	}
	fmt.Println(arr)
}

func integers() {
	for i := range 3 {
		i *= 10
		fmt.Print(i, " ")
	}
	for i := range uint8(3) {
		fmt.Print(i, " ")
	}
	const big = 2
	for range big {
		fmt.Print(". ")
	}
	n := 3
	for i := range n {
		n = 0
		fmt.Print(i, n, " ")
	}
	for range -1 {
		fmt.Print("never")
	}
	fmt.Println()
}

func closedAndNil() {
	c := make(chan int, 3)
	go func() {
		defer close(c)
		for i := range 5 {
			c <- i
		}
	}()
	for v := range c {
		fmt.Print(v, len(c) <= 3, cap(c), " ")
	}
	var none chan int
	fmt.Println(len(none), cap(none), none == nil)
	last := -1
	for last = range c {
	}
	fmt.Println(last)
	chans := feed(feed(1, 2), feed(3))
	for inner := range chans {
		for v := range inner {
			fmt.Print(v, " ")
		}
	}
	fmt.Println()
}

// jumps goes backwards and forwards over statements that become blocks.
func jumps() {
	i := 0
	trail := ""
start:
	for v := range feed(1, 2) {
		switch i++; {
		case i < 3:
			trail += fmt.Sprint("s", v)
			goto start
		case i == 3:
			goto end
		}
	}
end:
	trail += "e"
	{
		goto inside
	inside:
		go func() {}()
		if i++; i < 6 {
			goto end
		}
	}
loop:
	for k := range map[int]bool{7: true} {
		trail += fmt.Sprint("m", k)
		if i++; i < 9 {
			goto loop
		}
		continue loop
	}
	fmt.Println(trail)
}

type failure struct{ c chan int }

func (f failure) Error() string { return fmt.Sprint("failure with ", <-f.c) }

// deferred is about defers whose operands, functions or bodies communicate.
func deferred() (err error) {
	log := make(chan string, 20)
	defer func() {
		close(log)
		for s := range log {
			fmt.Print(s, " ")
		}
		fmt.Println()
	}()
	defer func() {
		if e, ok := recover().(error); ok {
			err = fmt.Errorf("wrapped: %w", e)
		}
	}()
	put := func(s string) { log <- s }
	for i := range 3 {
		defer put(fmt.Sprint("defer", i, <-feed(i*10)))
	}
	c := make(chan int, 2)
	defer close(c)
	defer func(c chan<- int, v int) { c <- v; put(fmt.Sprint("sent ", v)) }(c, <-feed(4))
	defer func() {
		defer func() { put(fmt.Sprint("inner ", recover())) }()
		select {
		case v := <-feed("in a defer"):
			panic(v)
		}
	}()
	defer delete(map[string]chan int{"x": c}, <-feed("x"))
	func() {
		defer func() { put("unwound") }()
		for v := range feed(1, 2) {
			if v == 2 {
				panic(failure{feed(5)})
			}
		}
	}()
	return nil
}

// repanic passes a panic through several levels, with communication on the way.
func repanic() {
	done := make(chan string)
	go func() {
		defer func() { done <- fmt.Sprint("outer ", recover()) }()
		defer func() {
			r := recover()
			<-feed(1)
			panic(fmt.Sprint("again ", r))
		}()
		var m map[string]chan int
		m["nil map"] = make(chan int, <-feed(1))
	}()
	fmt.Println(<-done)
	func() {
		defer func() { fmt.Println(recover()) }()
		defer panic("replaced")
		panic("first")
	}()
}

func bareBlocks(c chan int) (s string) {
	switch x := <-c; {
	case x == 1:
		s += "one"
		if true {
			break
		}
		s += "wrong"
	}
	func() {
		for {
			select {
			case <-c:
				return
			}
		}
	}()
blocks:
	switch {
	default:
		for range 3 {
			select {
			case <-c:
				break blocks
			}
		}
		s += "wrong"
	}
	return s + strings.Repeat(".", len(c))
}

func sorted[M ~map[K]V, K ~string, V any](m M) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type header map[string][]string

func main() {
	fmt.Println(overFunctions())
	goroutinesInLoops()
	mapsThroughIterators()
	integers()
	closedAndNil()
	jumps()
	fmt.Println(deferred())
	repanic()
	fmt.Println(bareBlocks(feed(1, 2, 3, 4, 5)))
	fmt.Println(sorted(header{"b": nil, "a": nil}))
}

// Channels, select and go statements: what is evaluated, when, and how often.
package main

import "fmt"

func trace[T any](name string, v T) T {
	fmt.Println("eval", name)
	return v
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, "recovered:", recover()) }()
	f()
}

type box struct{ n int }

func (b box) show(tag string, done chan bool) {
	fmt.Println(tag, b.n)
	done <- true
}

func evaluation() {
	a, b := make(chan int, 1), make(chan string, 1)
	xs := []int{0, 0}
	a <- 7
	select {
	case xs[trace("index", 1)] = <-trace("a", a):
	case trace("b2", (chan string)(nil)) <- trace("value", "v"):
	}
	fmt.Println(xs)
	select {
	case trace("nil", (chan int)(nil)) <- trace("sent", 1):
	case v, ok := <-trace("a", a):
		fmt.Println("never", v, ok)
	default:
		fmt.Println("default")
	}
	trace("ch", b) <- trace("text", "hello")
	fmt.Println(<-trace("ch", b))
}

func goArguments() {
	done := make(chan bool)
	v := box{1}
	tag := "first"
	go v.show(tag, done)
	v.n, tag = 2, "second"
	<-done
	f := v.show
	go f(tag, done)
	f = nil
	<-done
	func() {
		go func(n int) { fmt.Println("literal", n); done <- true }(v.n)
		v.n = 3
	}()
	<-done
	try("nil interface", func() {
		var s fmt.Stringer
		go s.String()
	})
	go func() { defer close(done); defer func() { recover() }(); go fmt.Sprint(trace("argument", 1)) }()
	_, ok := <-done
	fmt.Println("closed", ok)
}

func labels() {
	c := make(chan int, 10)
	for i := range 10 {
		c <- i
	}
	close(c)
	sum := 0
outer:
	for {
		select {
		case v, ok := <-c:
			if !ok {
				break outer
			}
			switch {
			case v == 2:
				break
			case v%2 == 1:
				continue outer
			}
			sum += v
		}
	}
	fmt.Println("sum", sum)
	i := 0
again:
	go func() {}()
	if i++; i < 3 {
		goto again
	}
	fmt.Println(i)
}

func ranges() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	close(c)
	var fs []func() int
	var last box
	for v := range c {
		v := v * 10
		fs = append(fs, func() int { return v })
	}
	for last.n = range c {
	}
	for _, f := range fs {
		fmt.Println(f())
	}
	v, ok := <-c
	fmt.Println(v, ok, last)
}

type failure string

func (f failure) Error() string { return string(f) }

func conversions() {
	e := make(chan error, 2)
	e <- failure("x")
	e <- nil
	fmt.Println(<-e, <-e)
	a := make(chan any, 3)
	var s uint = 3
	a <- 1 << s
	a <- s == 3
	a <- []int{1}
	fmt.Printf("%T %T %T\n", <-a, <-a, <-a)
	u := make(chan uint8, 1)
	u <- 1<<s + 250
	fmt.Println(<-u)
}

func panics() {
	try("close nil", func() { close((chan int)(nil)) })
	c := make(chan int)
	close(c)
	try("close twice", func() { close(c) })
	try("send on closed", func() { c <- 1 })
	try("select send on closed", func() {
		select {
		case c <- 1:
		}
	})
}

func pipeline() {
	src, sq, done := make(chan int), make(chan int), make(chan int)
	go func() {
		defer close(src)
		for i := 1; i <= 100; i++ {
			src <- i
		}
	}()
	for range 3 {
		go func() {
			for v := range src {
				sq <- v * v
			}
			done <- 1
		}()
	}
	sum, left := 0, 3
	for left > 0 {
		select {
		case v := <-sq:
			sum += v
		case n := <-done:
			left -= n
		}
	}
	fmt.Println("pipeline", sum)
}

func last(c chan int) int {
	select {
	case v := <-c:
		return v
	}
}

func main() {
	evaluation()
	goArguments()
	labels()
	ranges()
	conversions()
	panics()
	pipeline()
	c := make(chan int, 1)
	c <- 42
	fmt.Println(last(c))
}

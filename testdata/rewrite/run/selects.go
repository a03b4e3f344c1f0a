// Select statements in every form.
package main

import "fmt"

type flag bool
type box struct {
	n    int
	open bool
	any  any
}

func feed[T any](vs ...T) chan T {
	c := make(chan T, len(vs))
	for _, v := range vs {
		c <- v
	}
	close(c)
	return c
}

func trace[T any](name string, v T) T {
	fmt.Print(name, " ")
	return v
}

// operands are evaluated once, in source order, also those of cases that are
// not chosen; what stands on the left side is not, unless its case is chosen.
func operands() {
	var xs [3]int
	never := make(chan int)
	for range 2 {
		select {
		case xs[trace("unchosen index", 0)] = <-trace("a", never):
		case trace("b", never) <- trace("value", 1):
		case xs[trace("index", 1)] = <-trace("c", feed(5)):
		case trace("d", (chan<- string)(nil)) <- trace("text", "x"):
		case *trace("pointer", &xs[2]), _ = <-trace("e", (<-chan int)(nil)):
		}
	}
	fmt.Println(xs)
	select {
	case never <- <-feed(trace("operand", 1)):
	case v := <-(<-feed(feed(trace("inner", 2)))):
		fmt.Println("nested receive", v)
	}
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		select {
		case <-trace("first", never):
		case trace("second", never) <- []int{}[trace("panics", 3)]:
		case <-trace("not reached", never):
		}
	}()
	select {
	case f := <-feed(func() string { return "function" }):
		fmt.Println(f())
	}
}

func targets() {
	var (
		n    int
		ok   bool
		f    flag
		a, b any
		x    box
		p    = &x
		xs   = make([]int, 3)
		m    = map[string]int{}
		mf   = map[int]flag{}
		arr  [2]*int
		i    = 1
	)
	arr[1] = &n
	take := func(c chan int) {
		select {
		case n = <-c:
		}
		select {
		case n, ok = <-c:
		}
		select {
		case n, f = <-c:
		}
		select {
		case a = <-c:
		}
		select {
		case a, b = <-c:
		}
		select {
		case x.n, p.open = <-c:
		}
		select {
		case p.any, mf[i] = <-c:
		}
		select {
		case xs[i], _ = <-c:
		}
		select {
		case _, x.any = <-c:
		}
		select {
		case m["k"] = <-c:
		}
		select {
		case _ = <-c:
		}
		select {
		case _, _ = <-c:
		}
		select {
		case *arr[i], (ok) = (<-c):
		}
		fmt.Println(n, ok, f, a, b, x, xs, m, mf, i)
	}
	take(feed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14))
	take(feed[int]())
	var g, open flag = <-feed(flag(true))
	var named, still any = <-feed(1)
	fmt.Println(g, open, named, still)
}

func definitions() {
	c := feed(1, 2, 3)
	v, ok := "outer", 0
	select {
	case v := <-c:
		v++
		fmt.Println(v)
	}
	select {
	case v, ok := <-c:
		fmt.Println(v, ok)
	}
	select {
	case v, _ := <-c:
		w := v + 10
		fmt.Println(w)
	}
	select {
	case _, ok := <-c:
		fmt.Println(ok)
	}
	fmt.Println(v, ok)
	var fs []func() int
	for range 3 {
		select {
		case v := <-c:
			fs = append(fs, func() int { v++; return v })
		}
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}

// flow is about what jumps out of, into and around clauses.
func flow() (result string) {
	c := feed(0, 1, 2, 3, 4, 5, 6)
	trail := ""
outer:
	for i := 0; ; i++ {
		trail += fmt.Sprint(" ", i, ":")
	inner:
		select {
		case v, ok := <-c:
			switch {
			case !ok:
				break outer
			case v == 0:
				trail += "break"
				break
			case v == 1:
				trail += "inner"
				break inner
			case v == 2:
				trail += "continue"
				continue
			case v == 3:
				continue outer
			case v == 4:
				for {
					select {
					case <-feed(1):
						break inner
					}
				}
			case v == 5:
				goto skip
			}
			for range 3 {
				break
			}
			trail += "end"
		}
		trail += "."
	skip:
		trail += ","
	}
	fmt.Println(trail)
	n := 0
again:
	select {
	case <-feed(n):
		if n++; n < 3 {
			goto again
		}
	}
	defer func() { result += " changed" }()
	select {
	case <-(chan int)(nil):
	default:
		select {
		case v := <-feed("returned"):
			return v
		}
	}
	return "not reached"
}

func terminating(c chan int) int {
	select {
	case v := <-c:
		return v
	case <-(chan int)(nil):
		panic("nil channel")
	}
}

func terminatingDefault(c chan int) int {
	select {
	case <-c:
		return 1
	default:
		return 2
	}
}

func defaults() {
	var none chan int
	full := make(chan int, 1)
	empty := make(chan int)
	select {
	default:
		fmt.Println("only default")
	}
	select {
	case <-none:
	case none <- 1:
	case <-empty:
	case empty <- 1:
	default:
		fmt.Println("nothing is ready")
	}
	for range 2 {
		select {
		default:
			fmt.Println("full")
		case full <- 1:
			fmt.Println("sent")
		}
	}
	select {
	case v := <-full:
		fmt.Println("received", v)
	default:
		fmt.Println("wrong")
	}
	close(empty)
	select {
	case v, ok := <-empty:
		fmt.Println(v, ok)
	default:
		fmt.Println("wrong")
	}
	for _, block := range []bool{true, false} {
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			if block {
				select {
				case empty <- 1:
				case <-none:
				}
			}
			select {
			case empty <- 1:
			default:
				fmt.Println("wrong")
			}
		}()
	}
}

// many equal channels: every case of one channel is as good as another. (A
// select that faces another one is for the simulated runtime's own tests: the
// host that these programs run on natively polls.)
func many() {
	c := make(chan int)
	done := make(chan int)
	const n = 100
	go func() {
		for i := range n {
			c <- i
		}
		close(c)
	}()
	sum := 0
	for open := true; open; {
		var v int
		select {
		case v, open = <-c:
		case v, open = <-c:
		case v, open = <-c:
		case v, open = <-c:
		}
		sum += v
	}
	fmt.Println(sum)
	// Both sides of one channel in one statement never meet.
	self := make(chan int)
	go func() { done <- <-self }()
	for sent := false; !sent; {
		select {
		case self <- 1:
			sent = true
		case <-self:
			fmt.Println("met itself")
		}
	}
	fmt.Println(<-done)
	go func() { self <- 5 }()
	select {
	case v := <-self:
		fmt.Println(v)
	case self <- 6:
	}
}

func conversions() {
	e := make(chan error, 1)
	a := make(chan any, 3)
	u := make(chan uint8, 1)
	r := make(chan (<-chan int), 1)
	f := make(chan func(int) string, 1)
	var s uint = 3
	for range 7 {
		select {
		case e <- nil:
		case a <- 1 << s:
		case u <- 1<<s + 250:
		case r <- feed(1):
		case f <- text[int]:
		}
	}
	fmt.Printf("%v %T %T %T %v %v %v\n", <-e, <-a, <-a, <-a, <-u, <-<-r, (<-f)(5))
}

func text[T any](v T) string { return fmt.Sprint("text ", v) }

func generic[T any, C ~chan T, R interface{ ~chan T | ~<-chan T }](c C, r R, v T) (got []T) {
	for range 2 {
		select {
		case c <- v:
			got = append(got, <-c)
		case v, ok := <-r:
			if !ok {
				r = nil
				continue
			}
			got = append(got, v)
		}
	}
	return got
}

type named chan string

func main() {
	operands()
	targets()
	definitions()
	fmt.Println(flow())
	fmt.Println(terminating(feed(3)), terminatingDefault(nil))
	defaults()
	many()
	conversions()
	fmt.Println(len(generic(make(named, 1), feed("x", "x"), "y")))
}

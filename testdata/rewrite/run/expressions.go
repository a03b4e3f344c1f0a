// Channel operations at every place where an expression may stand.
package main

import "fmt"

func feed[T any](vs ...T) chan T {
	c := make(chan T, len(vs))
	for _, v := range vs {
		c <- v
	}
	close(c)
	return c
}

type point struct{ x, y int }

func (p point) plus(q point) point { return point{p.x + q.x, p.y + q.y} }
func (p *point) move(n int)        { p.x += n }

type shape interface{ plus(point) point }

func operands() {
	c := feed(1, 2, 3, 4, 5, 6, 7, 8, 9)
	fmt.Println(<-c+<-c*<-c, -<-c, ^<-c, +<-c, 100>><-c)
	xs := [...]int{10, 20, 30, 40, 50}
	c = feed(1, 3, 2, 1, 4, 0, 2, 3, 1, 2, 4, 3)
	fmt.Println(xs[<-c], xs[<-c:][0], xs[:<-c], xs[<-c:<-c], xs[<-c:<-c:<-c], (<-c), len(xs[<-c:]))
	b := feed(true, false, true, false, true)
	fmt.Println(<-b && <-b, <-b || <-b, !<-b, <-b && <-b)
	c = feed(1, 2, 3, 4, 5)
	fmt.Println(<-c < <-c, <-c == 3, <-c != <-c)
	s := feed("a", "b", "c")
	fmt.Println(<-s+<-s, (<-s)[0])
	f := feed(func(n int) int { return n * 2 })
	fmt.Println((<-f)(21))
	m := feed(map[string]int{"k": 5})
	fmt.Println((<-m)["k"])
	ps := feed(&point{1, 2}, &point{3, 4})
	fmt.Println((<-ps).x, *<-ps)
	vs := feed(point{1, 2}, point{3, 4})
	fmt.Println((<-vs).y, (<-vs).plus(point{1, 1}))
	is := feed[any](1, "s", point{5, 6}, nil)
	fmt.Println((<-is).(int)+1, (<-is).(string), (<-is).(shape).plus(point{}), <-is == nil)
	cc := feed(feed(1), feed(2))
	fmt.Println(<-<-cc, <-(<-cc))
	ccc := feed(feed(feed("deep")))
	fmt.Println(<-<-<-ccc)
	fmt.Println(*&[]int{<-feed(1)}[0], [...]string{<-feed("array")}, [2]int{1: <-feed(9)})
	fmt.Println(float64(<-feed(3))/2, string(<-feed('x')), []byte(<-feed("bytes")), point(<-feed(struct{ x, y int }{7, 8})))
	fmt.Println(min(<-feed(3), <-feed(1)), max(<-feed(3), 2), len(<-feed("four")), cap(<-feed(make([]int, 1, 7))), append(<-feed([]int{1}), <-feed(2)))
	fmt.Println(real(<-feed(1+2i)), complex(<-feed(1.0), 2), *new(int)+<-feed(1))
	fmt.Println(len(feed(1, 2)), cap(make(chan int, <-feed(5))), len(make([]int, <-feed(3), <-feed(4))))
}

func literals() {
	c := feed(1, 2, 3, 4, 5, 6)
	fmt.Println(point{<-c, <-c}, point{y: <-c, x: <-c}, []int{<-c, 5: <-c})
	k := feed("a", "b")
	fmt.Println(map[string]int{<-k: <-feed(1), <-k: <-feed(2)}, map[string]*point{<-feed("p"): {1, <-feed(2)}}["p"].y)
	fmt.Println([]point{{<-feed(1), 2}, {3, <-feed(4)}}, []*point{{y: <-feed(5)}}[0].y, [][]int{{<-feed(6)}, {7}})
	fmt.Println(func(n int) int { return n + <-feed(1) }(<-feed(2)))
	fmt.Println(struct {
		c <-chan int
		n int
	}{nil, <-feed(1)})
}

func statements() {
	c := feed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	if v := <-c; v == 1 {
		fmt.Println("if", v, <-c)
	}
	if <-c > 5 {
		fmt.Println("wrong")
	} else if <-c == 4 {
		fmt.Println("else if")
	}
	for i := <-c; i < <-c; i += <-c {
		fmt.Println("for", i)
	}
	switch x := <-feed(2); x {
	case <-feed(1):
		fmt.Println("one")
	case <-feed(3), <-feed(2):
		fmt.Println("two")
		fallthrough
	default:
		fmt.Println("through")
	}
	switch <-feed("tag") {
	case "tag":
		fmt.Println("tag")
	}
	switch {
	case <-feed(false):
	case <-feed(true):
		fmt.Println("true")
	}
	switch v := (<-feed[any](1.5)).(type) {
	case float64:
		fmt.Println("float64", v)
	}
	for i, v := range <-feed([]int{7, 8}) {
		fmt.Println("range", i, v)
	}
	for i := range <-feed(2) {
		fmt.Println("integer", i)
	}
	for k, v := range <-feed(map[int]int{1: 2}) {
		fmt.Println("map", k, v)
	}
	for v := range <-feed(feed("channel")) {
		fmt.Println(v)
	}
	for _, r := range <-feed("st") {
		fmt.Println(string(r))
	}
	for v := range <-feed(func(yield func(int) bool) { _ = yield(1) && yield(2) }) {
		fmt.Println("function", v)
	}
	defer fmt.Println("deferred", <-feed("argument"))
	defer (<-feed(func() { fmt.Println("deferred function") }))()
	func() { <-feed(1); _ = <-feed(2); (<-feed(func() { fmt.Println("called") }))() }()
	var arr [3]int
	for arr[<-feed(1)] = range 4 {
	}
	for arr[0], arr[<-feed(2)] = range []int{5, 6} {
	}
	fmt.Println(arr)
	out := make(chan int, 3)
	out <- <-feed(1)
	feedTo(&out) <- <-feed(2) + 1
	(<-feed(out)) <- <-<-feed(feed(4))
	close(out)
	for v := range out {
		fmt.Println("sent", v)
	}
}

func feedTo(c *chan int) chan<- int { return *c }

// simple is about simple statements in front of others, which are communications.
func simple() {
	c := make(chan int, 3)
	if c <- 1; len(c) == 1 {
		fmt.Println("sent in an if")
	} else if <-c; len(c) > 0 {
		fmt.Println("wrong")
	}
	if <-c; len(c) == 0 {
		fmt.Println("received in an if")
	} else if c <- 2; true {
		fmt.Println("wrong")
	}
	switch c <- 3; {
	case len(c) == 1:
		fmt.Println("sent in a switch")
	}
	switch <-c; x := any(len(c)).(type) {
	case int:
		fmt.Println("received in a switch", x)
	}
	for c <- 4; len(c) < 3; c <- 5 {
		fmt.Print("sent in a for ")
	}
	for <-c; len(c) > 0; <-c {
		fmt.Print("received in a for ")
	}
	fmt.Println(len(c))
	for v, ok := <-feed(7); ok; v, ok = <-feed[int]() {
		fmt.Println("both", v)
	}
label:
	c <- 6
	if <-c; len(c) == 0 && cap(c) < 3 {
		goto label
	}
}

// commaOk has receives in the operands of what else has two values.
func commaOk() {
	v, ok := (<-feed[any]("s")).(string)
	m, found := map[string]int{"k": 1}[<-feed("k")]
	n, there := (<-feed(map[string]int{}))["k"]
	fmt.Println(v, ok, m, found, n, there)
	if _, ok := (<-feed[any](1)).(shape); !ok {
		fmt.Println("no shape")
	}
	var (
		a, _    = (<-feed[any](1)).(int)
		_, none = (<-feed[map[int]int](nil))[<-feed(1)]
	)
	a, none = <-feed(a + 1)
	switch v, ok := <-feed(a); {
	case ok:
		fmt.Println(v, none)
	}
	x, y := func() (int, bool) { v, ok := <-feed[int](); return v, ok }()
	fmt.Println(x, y)
}

// started has receives in all operands of a go statement.
func started() {
	out := make(chan string, 4)
	go (<-feed(func(c chan<- string, n int) { c <- fmt.Sprint("function ", n) }))(<-feed(out), <-feed(1))
	fmt.Println(<-out)
	go (<-feed(&point{1, 2})).move(<-feed(3))
	go (<-feed(map[string]func(...int){"f": func(ns ...int) { out <- fmt.Sprint(ns) }}))[<-feed("f")](<-feed([]int{1, 2})...)
	fmt.Println(<-out)
	go close(<-feed(out))
	_, ok := <-out
	fmt.Println(ok)
}

func assignments() {
	var (
		x, y int
		xs   = make([]int, 4)
		m    = map[string]int{}
		p    = &point{}
		pp   = &p
		a    any
		ok   bool
		err  error
		arr  [3]int
		fs   = []func() *int{func() *int { return &y }}
	)
	c := feed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
	x = <-c
	x += <-c
	x <<= <-feed(uint(3))
	xs[<-feed(1)] = <-c
	xs[<-feed(1)] *= <-c
	m["a"] = <-c
	m["a"] -= <-c
	m[<-feed("b")]++
	p.x, (*p).y = <-c, <-c
	(*pp).x += <-c
	*&x = <-c
	*fs[0]() = <-c
	*(<-feed(&arr[2])) = <-c
	a = <-c
	x, xs[2] = <-c, <-c
	fmt.Println(x, y, xs, m, *p, a, arr)
	x, ok = <-c
	fmt.Println(x, ok)
	m["closed"], m2(m)["ok"] = 1, 2
	arr[<-feed(0)], ok = <-feed(21)
	p.x, a = <-feed(22)
	a, _ = <-feed(23)
	_, a = <-feed(24)
	_, _ = <-feed(25)
	err, ok = <-feed(fmt.Errorf("26"))
	fmt.Println(arr, p.x, a, err, ok, m)
	var z, open = <-feed(27)
	var w, still any = <-feed(28)
	v, open2 := <-c
	v, fresh := <-feed(29)
	fmt.Println(z, open, w, still, v, open2, fresh)
	arr[0], arr[1] = arr[1], <-feed(arr[0])
	fmt.Println(arr)
	i := 0
	i, xs[i] = 2, <-feed(99) // the index is evaluated first
	fmt.Println(i, xs)
	p.move(<-feed(5))
	(<-feed(p)).move(1)
	fmt.Println(p.x)
}

func m2(m map[string]int) map[string]int { return m }

func results() (int, string, bool) {
	v, ok := <-feed("s")
	return <-feed(1), v, ok
}

func named() (n int, err error) {
	defer func() { n += <-feed(100) }()
	n, err = <-feed(5), nil
	return <-feed(n + 1), <-feed[error](nil)
}

// order shows when operands are evaluated.
func order() {
	say := func(s string, n int) int { fmt.Print(s, " "); return n }
	ch := func(s string, c chan int) chan int { fmt.Print(s, " "); return c }
	xs := make([]int, 5)
	xs[say("index", 1)] = say("left", 1) + <-ch("channel", feed(2)) + say("right", 3)
	fmt.Println(xs)
	xs[say("i", 0)], xs[say("j", 2)] = <-ch("a", feed(1)), <-ch("b", feed(2))
	fmt.Println(xs)
	c := make(chan int, 1)
	ch("to", c) <- say("value", 7) + <-ch("from", feed(1))
	fmt.Println(<-c)
	_ = say("false", 0) == 1 && <-ch("never", nil) == 1
	_ = say("true", 1) == 1 || <-ch("never", nil) == 1
	fmt.Println()
	fmt.Println(say("f", 1), <-ch("g", feed(2)), say("h", 3))
	var nilMap map[string]int
	defer func() { fmt.Println("recovered", recover(), len(c)) }()
	nilMap["x"] = <-ch("received all the same", feed(1))
}

func main() {
	operands()
	literals()
	statements()
	simple()
	commaOk()
	started()
	assignments()
	fmt.Println(results())
	fmt.Println(named())
	order()
}

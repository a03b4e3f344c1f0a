// Go statements of every kind of function, each of which says what it got.
package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// said collects what goroutines say; hear waits for n of them.
var said = make(chan string, 100)

func say(format string, args ...any) { said <- fmt.Sprintf(format, args...) }

func hear(n int) {
	var all []string
	for range n {
		all = append(all, <-said)
	}
	slices.Sort(all)
	fmt.Println(strings.Join(all, ", "))
}

type counter struct{ n int }

func (c counter) byValue(tag string)    { say("%s %d", tag, c.n) }
func (c *counter) byPointer(tag string) { c.n++; say("%s %d", tag, c.n) }
func (c counter) String() string        { say("String of %d", c.n); return "" }

type outer struct {
	*counter
	inner
}

type inner struct{ name string }

func (i inner) hello() (string, error) {
	say("hello %s", i.name)
	return i.name, errors.New("discarded")
}

type speaker interface{ byValue(tag string) }

type list[T any] struct{ items []T }

func (l *list[T]) tell(more ...T)          { say("%v %v", l.items, more) }
func tellAll[T any](prefix string, v ...T) { say("%s %d %v", prefix, len(v), v) }
func apply[T any](f func(T), v T)          { f(v) }
func call[F ~func(string)](f F)            { go f("core type") }

type action func(string)

func (a action) do(s string) { go a(s) }

func methods() {
	c := counter{1}
	go c.byValue("value")
	go (&c).byValue("through a pointer")
	c.n = 10
	hear(2)
	go c.byPointer("address")
	hear(1)
	var s speaker = c
	go s.byValue("interface")
	s = nil
	go counter.byValue(c, "expression")
	go (*counter).byPointer(&c, "pointer expression")
	go speaker.byValue(c, "interface expression")
	hear(4)
	o := outer{&counter{5}, inner{"inner"}}
	go o.byPointer("promoted")
	hear(1) // it changes what the last one shows
	go o.hello()
	go o.inner.hello()
	go outer.byValue(o, "promoted expression")
	hear(3)
	f, g := c.byValue, o.byPointer
	c.n, o.counter = 0, nil
	go f("bound")
	go g("bound promoted")
	hear(2)
	go fmt.Stringer.String(c)
	go c.String()
	hear(2)
	l := &list[int]{[]int{1}}
	go l.tell()
	go l.tell(2, 3)
	go (*list[int]).tell(l, []int{4}...)
	hear(3)
}

func variadics() {
	xs := []any{1, "two"}
	go say("%v %v", xs...)
	xs = []any{0, 0}
	go say("%v %v", xs[0], nil)
	go say("none")
	go tellAll[int]("explicit")
	go tellAll("inferred", 1.5, 2.5)
	go tellAll[any]("interface", nil, error(nil))
	go apply(func(s string) { say("applied %s", s) }, "x")
	go apply(fmtInt, 7)
	hear(8)
}

func fmtInt(n int) { say("int %d", n) }

func pair() (string, []any)   { return "%v", []any{"of a pair"} }
func triple() (string, int)   { return "triple %v", 3 }
func sayOf(f string, v []any) { say(f, v...) }

func evaluated() {
	var order []string
	note := func(s string) string { order = append(order, s); return s }
	table := map[string]func(string, string){"f": func(a, b string) { say("%s%s", a, b) }}
	get := func() map[string]func(string, string) { note("map"); return table }
	go get()[note("f")](note("a"), note("b"))
	table["f"] = nil
	fmt.Println(order)
	hear(1)
	go sayOf(pair())
	go say(triple())
	hear(2)
	var fs [3]func(int)
	for i := range fs {
		fs[i] = func(n int) { say("f%d(%d)", i, n) }
	}
	i := 1
	go fs[i](i)
	i = 2
	fs[1] = nil
	hear(1)
	p := &order
	go func(p *[]string, n int) { say("%d %d", len(*p), n) }(p, len(*p))
	p = nil
	hear(1)
}

type colour uint8
type flag bool

func (f flag) tell(g flag)  { say("flag %v %v", f, g) }
func tellColour(c colour)   { say("colour %d", c) }
func tellFloat(f float32)   { say("%T %v", f, f) }
func tellError(err error)   { say("%T %v", err, err) }
func tellAny(v any)         { say("%T %v", v, v) }
func tellFuncs(f func(int)) { say("%v", f == nil) }

func conversions() {
	var s uint = 3
	x, y := 1, 2
	go tellColour(1 << s)
	go tellColour(1<<s | 250)
	go tellFloat(1 / 2.0)
	go tellFloat('a')
	go tellAny(1 << s)
	go tellAny(x < y)
	go tellAny('a')
	go flag(true).tell(x == y)
	go tellError(nil)
	go tellError(errors.ErrUnsupported)
	go tellFuncs(nil)
	go tellFuncs(generic)
	s, x = 0, 2
	hear(12)
}

func generic[T any](T) {}

func builtins() {
	c := make(chan int)
	m := map[int]int{1: 1}
	xs, ys := []int{1, 2}, []int{3, 4}
	go close(c)
	_, ok := <-c
	done := make(chan bool)
	// The builtins give no sign, so a second goroutine of a chain does.
	go func() { defer close(done); delete(m, 1); copy(xs, ys); clear(ys) }()
	<-done
	fmt.Println(ok, m, xs, ys)
	go print()
	go println()
	go copy(xs, ys)
	go delete(m, 2)
	go clear(m)
	go recover()
}

func literals() {
	for i := range 3 {
		go func() { say("loop %d", i) }()
	}
	for i := 0; i < 3; i++ {
		go func() {
			go func(j int) { say("nested %d%d", i, j) }(i * 10)
		}()
	}
	hear(6)
	func() {
		defer func() { go say("from a deferred function") }()
		defer func() { go say("recovered %v", recover()) }()
		panic("p")
	}()
	hear(2)
	go (func(s string) { say("parenthesised %s", s) })("literal")
	go (say)("parenthesised name")
	go func() (n int, err error) { defer say("results"); return 1, nil }()
	if f := func() { say("in an if") }; true {
		go f()
	}
	switch {
	default:
		go say("in a switch")
	}
	hear(5)
	call(func(s string) { say("%s", s) })
	call(action(func(s string) { say("%s of a named type", s) }))
	action(func(s string) { say("method of a function %s", s) }).do("x")
	hear(3)
	var run func(n int)
	run = func(n int) {
		if n == 0 {
			say("recursion")
			return
		}
		go run(n - 1)
	}
	go run(5)
	hear(1)
}

func jumps() {
	n := 0
again:
	go say("jump %d", n)
	if n++; n < 3 {
		goto again
	}
label:
	go say("labelled")
	if n++; n < 5 {
		goto label
	}
	hear(5)
}

// A panic while the operands are evaluated is the statement's own.
func panics() {
	try := func(name string, f func()) {
		defer func() { fmt.Println(name, recover()) }()
		f()
	}
	var none []int
	var nobody *outer
	var s speaker
	try("argument", func() { go fmtInt(none[5]) })
	try("function", func() { go map[string][]func(){}["x"][0]() })
	try("receiver", func() { go nobody.hello() })
	try("interface", func() { go s.byValue("x") })
	try("conversion", func() { go tellAny([2]int(none)) })
	try("shift", func() { n := -1; go tellColour(1 << n) })
	try("division", func() { n := 0; go fmtInt(1 / n) })
	try("assertion", func() { go fmtInt(any("x").(int)) })
}

func main() {
	methods()
	variadics()
	evaluated()
	conversions()
	builtins()
	literals()
	jumps()
	panics()
}

// Package-level variables and their initialisation.
package main

import (
	"errors"
	"fmt"
)

var (
	order   []string
	a       = note("a", b+1)
	b       = note("b", c()+1)
	x, y    = pair()
	_       = note("blank", 0)
	counter int
	array   = [3]int{1, 2, 3}
	table   = map[string][]int{"x": {1, 2}}
	words   = []string{"p", "q"}
	point   = struct{ X, Y int }{1, 2}
	ptr     = &point
	method  = point2{3}.value
	ErrGone = errors.New("gone")
	lazy    func() int
	gen     = newStack[int]()
)

type point2 struct{ n int }

func (p point2) value() int { return p.n }

type stack[T any] struct{ items []T }

func newStack[T any]() *stack[T]       { return &stack[T]{} }
func (s *stack[T]) push(v T) *stack[T] { s.items = append(s.items, v); return s }

func note(name string, v int) int {
	order = append(order, name)
	return v
}

func c() int           { return note("c", 10) }
func pair() (int, int) { return note("x", 1), note("y", 2) }

func init() { order = append(order, "init1"); lazy = func() int { counter++; return counter } }
func init() { order = append(order, "init2") }

func next() *int { counter++; return &array[counter%3] }

func main() {
	fmt.Println(order, a, b, x, y)
	*next() += 10
	array[1], array[2] = array[2], array[1]
	for i, v := range array {
		array[2-i] += v
	}
	s := array[:2]
	s[0] = 100
	fmt.Println(array, len(array), cap(s))
	ptr.X++
	q := &point.Y
	*q += 5
	fmt.Println(point, method(), words[1], table["x"][1])
	table["y"] = append(table["y"], 1)
	table["y"][0]++
	fmt.Println(len(table), table["y"])
	fmt.Println(lazy(), lazy(), counter, errors.Is(fmt.Errorf("%w", ErrGone), ErrGone))
	gen.push(1).push(2)
	fmt.Println(gen.items)
	counter, a = a, counter
	counter, a := a, counter
	counter++
	fmt.Println(counter, a)
	func() { array[0], x = 9, y }()
	fmt.Println(array[0], x)
}

// Maps: every order is legal, so that what is printed does not depend on it.
package main

import (
	"fmt"
	"sort"
)

type node struct{ name string }

type graph map[*node][]*node

func sorted[K comparable, V any, M ~map[K]V](m M) []string {
	var all []string
	for k, v := range m {
		all = append(all, fmt.Sprint(k, "=", v))
	}
	sort.Strings(all)
	return all
}

func mutate() {
	m := map[int]bool{}
	for i := range 100 {
		m[i] = true
	}
	seen := 0
	for k := range m {
		if !m[k] {
			fmt.Println("visited a deleted key")
		}
		seen++
		delete(m, k)
		delete(m, 99-k)
	}
	fmt.Println("seen at least half", seen >= 50, len(m))
	m[1] = true
	grown := 0
	for k := range m {
		if grown < 1000 {
			m[k+1000] = true
			grown++
		}
	}
	fmt.Println("ended", len(m) > 1)
	m = nil
	for range m {
		fmt.Println("never")
	}
}

func keys() {
	a, b := &node{"a"}, &node{"b"}
	g := graph{a: {b}, b: nil}
	g[a] = append(g[a], a)
	names := ""
	for n := range g {
		names += n.name
	}
	fmt.Println(len(names), len(g[a]))
	mixed := map[any]int{1: 1, "x": 2, a: 3}
	mixed[a]++
	mixed[*b] = 5
	mixed[[2]any{1, a}] += 7
	sum := 0
	for _, v := range mixed {
		sum += v
	}
	fmt.Println(sum, mixed[a], mixed[node{"b"}])
	func() {
		defer func() { fmt.Println(recover()) }()
		mixed[[]int{1}] = 1
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var none map[*node]int
		none[a] = 1
	}()
	lit := map[*node]string{{"x"}: "x", {"y"}: "y"}
	for k, v := range lit {
		if k.name != v {
			fmt.Println("wrong key")
		}
	}
}

func variables() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	var fs []func() string
	for k, v := range m {
		fs = append(fs, func() string { v++; return fmt.Sprint(k, v) })
	}
	var out []string
	for _, f := range fs {
		f()
		out = append(out, f())
	}
	sort.Strings(out)
	fmt.Println(out)
	var p struct {
		k string
		v any
	}
	for p.k, p.v = range map[string]int{"only": 1} {
	}
	fmt.Println(p)
	n := 0
outer:
	for range m {
		for k := range m {
			if k == "b" {
				continue outer
			}
			n++
			if n > 1000 {
				break outer
			}
		}
	}
	fmt.Println(n <= 6)
}

func main() {
	fmt.Println(sorted(map[string]int{"z": 1, "y": 2}), sorted(map[float64]string{1.5: "x"}))
	mutate()
	keys()
	variables()
}

//go:build go1.21

// Loop variables of a file below Go 1.22: all iterations share them.
package main

import "fmt"

type T struct{ n int }

func (t *T) inc() { t.n++ }

func main() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	close(c)
	var fs []func() int
	for v := range c {
		fs = append(fs, func() int { return v })
	}
	for _, f := range fs {
		fmt.Println(f())
	}

	var ps []*T
	for _, v := range map[string]T{"a": {1}, "b": {1}, "c": {1}} {
		v.inc()
		ps = append(ps, &v)
	}
	for _, p := range ps[1:] {
		fmt.Println(p == ps[0], p.n)
	}

	var ks []*string
	for k := range map[string]int{"x": 1, "y": 2} {
		k := k
		ks = append(ks, &k)
	}
	fmt.Println(*ks[0] != *ks[1])

	for k, v := range map[string]int{"only": 1} {
		defer func() { fmt.Println("deferred", k, v) }()
		k, v = "changed", 2
	}
}

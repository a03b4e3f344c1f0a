package runtime

import (
	"testing"
	"unsafe"
)

func TestHashComparable(t *testing.T) {
	type key struct {
		s string
		_ int
		n [2]int8
		a any
		p *int
	}
	zero, p, q := 0.0, new(int), new(int)
	var equal, different, unhashable bool
	res := Run(Config{Seed: 1, Main: func() {
		hash := func(k key) uint64 {
			h, ok := HashComparable(k, 7)
			unhashable = unhashable || !ok
			return h
		}
		base := key{s: "x", n: [2]int8{1, -2}, a: zero, p: p}
		minus := base
		minus.a = -zero
		equal = hash(base) == hash(minus)
		different = true
		for _, k := range []key{
			{s: "y", n: base.n, a: zero, p: p}, {s: "x", n: [2]int8{1, -3}, a: zero, p: p},
			{s: "x", n: base.n, a: 0, p: p}, {s: "x", n: base.n, a: zero, p: q}, {s: "x", n: base.n, a: zero},
		} {
			different = different && hash(k) != hash(base)
		}
		if _, ok := HashComparable(any([]int{1}), 7); ok {
			t.Error("a slice has a hash")
		}
		if h, _ := HashComparable("text", 1); h == func() uint64 { h, _ := HashComparable("text", 2); return h }() {
			t.Error("the seed does not matter")
		}
	}})
	if res.Failure != nil || !equal || !different || unhashable {
		t.Errorf("%v: equal %v, different %v, unhashable %v", res.Failure, equal, different, unhashable)
	}
}

// What one seed prints of addresses, another process prints too.
func TestAddress(t *testing.T) {
	var first, again, other uintptr
	res := Run(Config{Seed: 1, Main: func() {
		p, q := new(int), new(string)
		first, other, again = Address(unsafe.Pointer(p)), Address(unsafe.Pointer(q)), Address(unsafe.Pointer(p))
	}})
	if res.Failure != nil || first != heapStart+addressStep || other != heapStart+2*addressStep || again != first {
		t.Errorf("%v: %#x %#x %#x", res.Failure, first, other, again)
	}
	if Address(nil) != 0 {
		t.Error("nil has an address")
	}
}

package runtime

import (
	"math"
	"testing"
	"unsafe"
)

// keysOf ranges over a map in a simulation and returns the order.
func keysOf[K comparable, V any](t *testing.T, seed uint64, make func() map[K]V, name func(K) string) (order string) {
	t.Helper()
	passes(t, seed, func() {
		m := make()
		for it := RangeMap(m); it.Next(); {
			order += name(it.Key()) + " "
		}
	})
	return order
}

type (
	celsius float64
	id      [2]uint16
	point   struct {
		x, y int8
		name string
	}
	shape interface{ sides() int }
	node  struct{ n int }
)

func (n *node) sides() int { return n.n }
func (p point) sides() int { return int(p.x) }

// The order of a map is the seed's: the same for equal seeds, whatever the type
// of the key, and different ones for different seeds.
func TestMapOrder(t *testing.T) {
	check := func(kind string, order func(seed uint64) string) {
		t.Helper()
		seen := map[string]bool{}
		for seed := range uint64(20) {
			a := order(seed)
			for range 3 {
				if b := order(seed); b != a {
					t.Errorf("%s: seed %d gave %q, then %q", kind, seed, a, b)
				}
			}
			seen[a] = true
		}
		if len(seen) < 15 {
			t.Errorf("%s: only %d orders in 20 seeds", kind, len(seen))
		}
	}
	const n = 20
	check("string", func(seed uint64) string {
		return keysOf(t, seed, func() map[string]int { return filled(n, func(i int) string { return "k" + itoa(int64(i)) }) },
			func(k string) string { return k })
	})
	check("int", func(seed uint64) string {
		return keysOf(t, seed, func() map[int]int { return filled(n, func(i int) int { return i - 10 }) },
			func(k int) string { return itoa(int64(k)) })
	})
	check("uint8", func(seed uint64) string {
		return keysOf(t, seed, func() map[uint8]int { return filled(n, func(i int) uint8 { return uint8(i) }) },
			func(k uint8) string { return itoa(int64(k)) })
	})
	check("named float", func(seed uint64) string {
		return keysOf(t, seed, func() map[celsius]int { return filled(n, func(i int) celsius { return celsius(i) / 4 }) },
			func(k celsius) string { return itoa(int64(k * 4)) })
	})
	check("array", func(seed uint64) string {
		return keysOf(t, seed, func() map[id]int { return filled(n, func(i int) id { return id{uint16(i % 3), uint16(i)} }) },
			func(k id) string { return itoa(int64(k[1])) })
	})
	check("struct", func(seed uint64) string {
		return keysOf(t, seed, func() map[point]int {
			return filled(n, func(i int) point { return point{int8(i % 2), int8(i % 5), itoa(int64(i))} })
		}, func(k point) string { return k.name })
	})
	check("complex", func(seed uint64) string {
		return keysOf(t, seed, func() map[complex128]int {
			return filled(n, func(i int) complex128 { return complex(float64(i%2), float64(i)) })
		},
			func(k complex128) string { return itoa(int64(imag(k))) })
	})
	check("pointer", func(seed uint64) string {
		return keysOf(t, seed, func() map[*node]int { return filled(n, func(i int) *node { return MapKey(&node{i}) }) },
			func(k *node) string { return itoa(int64(k.n)) })
	})
	check("channel in a struct", func(seed uint64) string {
		type key struct {
			ch chan int
			i  int
		}
		return keysOf(t, seed, func() map[key]int { return filled(n, func(i int) key { return MapKey(key{make(chan int), i}) }) },
			func(k key) string { return itoa(int64(k.i)) })
	})
	check("any", func(seed uint64) string {
		return keysOf(t, seed, func() map[any]int {
			return filled(n, func(i int) any {
				switch i % 5 {
				case 0:
					return i
				case 1:
					return itoa(int64(i))
				case 2:
					return MapKey[any](&node{i})
				case 3:
					return point{x: int8(i)}
				}
				return float32(i)
			})
		}, anyName)
	})
	check("interface with methods", func(seed uint64) string {
		return keysOf(t, seed, func() map[shape]int {
			return filled(n, func(i int) shape {
				if i%2 == 0 {
					return MapKey[shape](&node{i})
				}
				return point{x: int8(i)}
			})
		}, func(k shape) string { return itoa(int64(k.sides())) })
	})
	check("NaN", func(seed uint64) string {
		order := ""
		passes(t, seed, func() {
			m := map[float64]int{}
			for i := range n {
				m[math.NaN()] = i
			}
			for it := RangeMap(m); it.Next(); {
				order += itoa(int64(it.Value())) + " "
			}
		})
		return order
	})
}

func filled[K comparable](n int, key func(i int) K) map[K]int {
	m := map[K]int{}
	for i := range n {
		m[key(i)] = i
	}
	return m
}

func anyName(k any) string {
	switch k := k.(type) {
	case int:
		return itoa(int64(k))
	case string:
		return "s" + k
	case shape:
		return "n" + itoa(int64(k.sides()))
	case float32:
		return "f" + itoa(int64(k))
	}
	return "?"
}

// What the language promises about changing a map while ranging over it.
func TestMapChangesDuringRange(t *testing.T) {
	for seed := range uint64(seeds) {
		passes(t, seed, func() {
			m := filled(20, func(i int) int { return i })
			visited, deleted := map[int]bool{}, map[int]bool{}
			for it := RangeMap(m); it.Next(); {
				k := it.Key()
				if visited[k] {
					Fail("error", "an entry came twice")
				}
				if _, ok := m[k]; !ok {
					Fail("error", "a deleted entry came")
				}
				if it.Value() != m[k] {
					Fail("error", "not the current value")
				}
				visited[k] = true
				delete(m, (k+7)%20)
				deleted[(k+7)%20] = true
				m[k+1000] = 1
				m[(k+3)%20] += 100
			}
			for k := range m {
				if k < 20 && !visited[k] && !deleted[k] {
					Fail("error", "an entry that was never deleted did not come")
				}
			}
			cleared := filled(20, func(i int) int { return i })
			cleared2, rounds := map[float64]int{math.NaN(): 1, math.NaN(): 2}, 0
			for it := RangeMap(cleared); it.Next(); rounds++ {
				clear(cleared)
			}
			for it := RangeMap(cleared2); it.Next(); rounds++ {
				clear(cleared2)
			}
			if rounds != 2 {
				Fail("error", "a cleared map goes on")
			}
		})
	}
}

// Maps of no or one entry draw nothing; a nil map is empty.
func TestSmallMaps(t *testing.T) {
	passes(t, 1, func() {
		before := sched.picks
		for it := RangeMap(map[string]int(nil)); it.Next(); {
			Fail("error", "a nil map has an entry")
		}
		n := 0
		for it := RangeMap(map[string]int{"a": 1}); it.Next(); n++ {
			if it.Key() != "a" || it.Value() != 1 {
				Fail("error", "wrong entry")
			}
		}
		if n != 1 || sched.picks != before {
			Fail("error", "a map of one entry")
		}
	})
	n := 0
	for it := RangeMap(map[*int]int{new(int): 1, new(int): 2}); it.Next(); n++ {
	}
	if n != 2 || MapKey("x") != "x" {
		t.Error("native range over a map")
	}
}

// Pointers that were never announced come in a reproducible order when they lie
// in the binary.
func TestUnannouncedPointers(t *testing.T) {
	order := func(seed uint64) string {
		return keysOf(t, seed, func() map[*node]int { return filled(len(static), func(i int) *node { return &static[i] }) },
			func(k *node) string { return itoa(int64(k.n)) })
	}
	for seed := range uint64(5) {
		if a, b := order(seed), order(seed); a != b {
			t.Errorf("seed %d: %q, then %q", seed, a, b)
		}
	}
}

// When they lie on the heap nothing can be promised, and that is said, once.
func TestUnannouncedHeapPointers(t *testing.T) {
	m := filled(10, func(i int) *node { return &node{i} })
	warnings, text := 0, ""
	r := Run(Config{Seed: 1, Logf: func(format string, args ...any) { warnings++; text = args[0].(string) }, Main: func() {
		for range 2 {
			for it := RangeMap(m); it.Next(); {
			}
			m[&node{}] = 1
			m[&node{}] = 2
		}
	}})
	if r.Failure != nil || warnings != 1 {
		t.Errorf("%d warnings, failure %v", warnings, r.Failure)
	}
	contains(t, text, "10 keys", "TestUnannouncedHeapPointers", "map_test.go:")
}

// Entries whose keys are NaNs are ordered by their values, unless these have no
// order either.
func TestValuesOfNaNs(t *testing.T) {
	p := &node{}
	for _, c := range []struct {
		name     string
		values   []any
		warnings int
	}{
		{"strings", []any{"a", "ab"[:1], "b"}, 0},
		{"nothing", []any{nil, nil, nil}, 0},
		{"one pointer", []any{p, p, [1]*node{p}, [1]*node{p}}, 0},
		{"pointers", []any{&node{}, &node{}}, 1},
		{"slices in structs", []any{struct{ s []int }{[]int{1}}, struct{ s []int }{[]int{2}}}, 1},
	} {
		keys := make([]any, len(c.values))
		for i := range keys {
			keys[i] = math.NaN()
		}
		warnings, text := 0, ""
		r := Run(Config{Seed: 1, Logf: func(format string, args ...any) { warnings++; text = args[0].(string) }, Main: func() {
			for range 2 {
				MapOrder(keys, c.values)
			}
		}})
		if r.Failure != nil || warnings != c.warnings {
			t.Errorf("%s: %d warnings, failure %v", c.name, warnings, r.Failure)
		}
		if warnings > 0 {
			contains(t, text, "NaN", "map_test.go:")
		}
	}
}

var static = [10]node{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}}

func TestSort(t *testing.T) {
	r := source(1)
	for range 500 {
		x := make([]uint64, r.below(100))
		for i := range x {
			x[i] = r.below(30)<<8 | uint64(i)
		}
		sortBy(x, func(a, b uint64) bool { return a>>8 < b>>8 })
		for i := 1; i < len(x); i++ {
			if x[i-1] >= x[i] {
				t.Fatalf("not sorted, or not stable: %x", x)
			}
		}
	}
}

func TestMemHash(t *testing.T) {
	seen := map[uintptr]bool{}
	text := []byte("the quick brown fox jumps over the lazy dog")
	for n := range len(text) {
		for seed := range uintptr(10) {
			seen[MemHash(unsafe.Pointer(&text[0]), seed, uintptr(n))] = true
		}
	}
	if len(seen) != 10*len(text) {
		t.Errorf("%d different hashes of %d inputs", len(seen), 10*len(text))
	}
	other := append([]byte(nil), text...)
	if MemHash(unsafe.Pointer(&text[0]), 1, 20) != MemHash(unsafe.Pointer(&other[0]), 1, 20) {
		t.Error("the hash depends on the address")
	}
}

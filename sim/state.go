package sim

import (
	"unsafe"

	rt "github.com/simgen-dev/simgen/runtime"
)

// State holds named values that workloads publish for each other and for invariants: the
// reference model, counters, what was acknowledged. Each seed starts with an empty one. A
// value is shared, not copied. Publishing it happens before it is got.
type State struct {
	values map[string]*published
}

type published struct{ v any }

// Publish stores v under key and replaces what was there.
func (s *State) Publish(key string, v any) {
	p := &published{v}
	rt.Release(unsafe.Pointer(p))
	rt.Kernelly(func() { s.values[key] = p })
}

// Contains says whether there is a value under key.
func (s *State) Contains(key string) bool { return s.get(key) != nil }

// Get is the value under key; false if there is none or it is of another type.
func Get[T any](s *State, key string) (T, bool) {
	if p := s.get(key); p != nil {
		v, ok := p.v.(T)
		return v, ok
	}
	var zero T
	return zero, false
}

func (s *State) get(key string) (p *published) {
	rt.Kernelly(func() { p = s.values[key] })
	if p != nil {
		rt.Acquire(unsafe.Pointer(p))
	}
	return p
}

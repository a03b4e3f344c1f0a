package sim

// State holds named values that workloads publish for each other and for invariants: the
// reference model, counters, what was acknowledged. Each seed starts with an empty one. A
// value is shared, not copied.
type State struct {
	values map[string]any
}

// Publish stores v under key and replaces what was there.
func (s *State) Publish(key string, v any) { s.values[key] = v }

// Contains says whether there is a value under key.
func (s *State) Contains(key string) bool {
	_, ok := s.values[key]
	return ok
}

// Get is the value under key; false if there is none or it is of another type.
func Get[T any](s *State, key string) (T, bool) {
	v, ok := s.values[key].(T)
	return v, ok
}

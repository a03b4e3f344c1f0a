package sim

import "testing"

// Outside of a simulation assertions do nothing.
func TestAssertNatively(t *testing.T) {
	Always(false, "native always")
	Sometimes(true, "native sometimes")
	Unreachable("native unreachable", "key", 1)
	if assertions != nil {
		t.Error("there is a table of assertions outside of a simulation")
	}
}

func TestFormatDetails(t *testing.T) {
	for _, c := range []struct {
		in   []any
		want string
	}{
		{nil, ""},
		{[]any{"key", "a", "n", 3}, "key=a n=3"},
		{[]any{"only"}, "only"},
		{[]any{"key", "a", "rest"}, "key=a rest"},
	} {
		if got := formatDetails(c.in); got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestState(t *testing.T) {
	s := &State{values: map[string]*published{}}
	s.Publish("n", 3)
	if n, ok := Get[int](s, "n"); n != 3 || !ok {
		t.Errorf("got %d, %v", n, ok)
	}
	if _, ok := Get[string](s, "n"); ok {
		t.Error("a value of another type was found")
	}
	if _, ok := Get[int](s, "m"); ok || s.Contains("m") {
		t.Error("a value nobody published was found")
	}
}

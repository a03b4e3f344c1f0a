package libraries

import "testing"

func TestModel(t *testing.T) {
	m := Model{}
	want := func(value string, right bool) {
		t.Helper()
		if err := m.Read("a", value); (err == nil) != right {
			t.Errorf("read %q: %v", value, err)
		}
	}
	want("", true)
	want("1", false)
	m.Wrote("a", "1", true)
	want("1", true)
	want("", false)
	m.Wrote("a", "2", false)
	want("1", true)
	want("2", true)
	want("1", false)
	m.Wrote("a", "3", true)
	want("2", false)
	want("3", true)
}

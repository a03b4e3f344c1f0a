package redis

import "testing"

func TestModel(t *testing.T) {
	m := NewModel()
	want := func(value string, ok bool) {
		t.Helper()
		if err := m.Read("a").Got(value); (err == nil) != ok {
			t.Errorf("read %q: %v; should be right: %v", value, err, ok)
		}
	}
	want("", true)
	want("1", false)
	m.Write("a", "1").Written(true)
	want("1", true)
	want("", false)

	m.Write("a", "2").Written(false)
	want("1", true)
	want("2", true)
	want("1", false)

	m.Write("a", "").Written(false)
	want("2", true)
	want("", true)
	want("2", false)

	m.Write("a", "3").Written(true)
	late := m.Read("a")
	write := m.Write("a", "4")
	m.Crash()
	want("3", false)
	want("", true)
	if err := late.Got("3"); err != nil {
		t.Errorf("an answer from before the crash: %v", err)
	}
	if err := late.Got("other"); err == nil {
		t.Error("an answer that was never right was accepted")
	}
	write.Written(true)
	want("", true)
	want("4", true)
	want("", false)
}

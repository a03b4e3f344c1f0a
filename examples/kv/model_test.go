package kv

import "testing"

func TestModel(t *testing.T) {
	type read struct {
		value string // "" = nothing
		ok    bool
	}
	for _, c := range []struct {
		name  string
		sets  []string // "?v": v without an answer
		reads []read
	}{
		{"empty", nil, []read{{"", true}, {"1", false}}},
		{"acknowledged", []string{"1"}, []read{{"1", true}, {"1", true}, {"", false}}},
		{"overwritten", []string{"1", "2"}, []read{{"1", false}, {"2", true}}},
		{"unknown and not applied", []string{"1", "?2"}, []read{{"1", true}, {"1", true}}},
		{"unknown and applied", []string{"1", "?2"}, []read{{"2", true}, {"2", true}, {"1", false}}},
		{"unknown and applied late", []string{"1", "?2"}, []read{{"1", true}, {"2", true}, {"1", false}}},
		{"unknown overtaken by a newer set", []string{"1", "?2", "3"}, []read{{"3", true}, {"2", true}, {"3", false}}},
		{"two unknown, any order, each once", []string{"1", "?2", "?3"}, []read{{"3", true}, {"2", true}, {"3", false}}},
		{"unknown does not delete", []string{"1", "?2"}, []read{{"", false}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := NewModel()
			for _, s := range c.sets {
				if s[0] == '?' {
					m.MaybeSet("a", s[1:])
				} else {
					m.Set("a", s, 0)
				}
			}
			for i, r := range c.reads {
				if _, err := m.Get("a", r.value, r.value != "", 0); (err == nil) != r.ok {
					t.Errorf("read %d of %q: %v; should be right: %v", i, r.value, err, r.ok)
				}
			}
		})
	}
}

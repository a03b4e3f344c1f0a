package etcd

import (
	"testing"
	"time"
)

func TestHistory(t *testing.T) {
	type op struct {
		in           input
		out          output
		began, ended time.Duration
	}
	at := func(began, ended time.Duration, in input, out output) op { return op{in, out, began, ended} }
	put := func(began, ended time.Duration, value string) op {
		return at(began, ended, input{Key: "k", New: value}, output{})
	}
	read := func(began, ended time.Duration, value string) op {
		return at(began, ended, input{Key: "k"}, output{Value: value})
	}
	lost := func(began time.Duration, old, value string) op {
		return at(began, began+1, input{Key: "k", Old: old, New: value}, output{Unknown: true})
	}
	swap := func(began, ended time.Duration, old, value string, swapped bool) op {
		return at(began, ended, input{Key: "k", Old: old, New: value}, output{Swapped: swapped})
	}
	for name, c := range map[string]struct {
		ops  []op
		want bool
	}{
		"nothing yet":                  {[]op{read(1, 2, "")}, true},
		"its own value":                {[]op{put(1, 2, "a"), read(3, 4, "a")}, true},
		"lost":                         {[]op{put(1, 2, "a"), read(3, 4, "")}, false},
		"stale":                        {[]op{put(1, 2, "a"), put(3, 4, "b"), read(5, 6, "a")}, false},
		"at the same time":             {[]op{put(1, 4, "a"), put(2, 3, "b"), read(5, 6, "a")}, true},
		"back again":                   {[]op{put(1, 9, "a"), read(2, 3, "a"), read(4, 5, "")}, false},
		"without an answer, not yet":   {[]op{lost(1, "", "a"), read(3, 4, "")}, true},
		"without an answer, later":     {[]op{lost(1, "", "a"), read(3, 4, ""), read(5, 6, "a")}, true},
		"swapped":                      {[]op{put(1, 2, "a"), swap(3, 4, "a", "b", true), read(5, 6, "b")}, true},
		"swapped though it was not":    {[]op{put(1, 2, "a"), swap(3, 4, "x", "b", true)}, false},
		"not swapped though it was":    {[]op{put(1, 2, "a"), swap(3, 4, "a", "b", false)}, false},
		"perhaps swapped":              {[]op{put(1, 2, "a"), lost(3, "a", "b"), read(5, 6, "b")}, true},
		"cannot have been swapped":     {[]op{put(1, 2, "a"), lost(3, "x", "b"), read(5, 6, "b")}, false},
		"another key does not explain": {[]op{at(1, 2, input{Key: "j", New: "a"}, output{}), read(3, 4, "a")}, false},
	} {
		var h History
		for _, o := range c.ops {
			h.Add(0, o.in, o.out, o.began, o.ended)
		}
		if err := h.Check(); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package sim

import (
	"reflect"
	"testing"
)

type modelWorkload struct {
	Base
	Ops    int
	Keys   []string
	model  map[string][]byte
	nested struct{ seen map[int]bool }
	array  [2][]int
	shared *int
	any    any
}

func (*modelWorkload) Name() string       { return "model" }
func (*modelWorkload) Run(*Context) error { return nil }

func TestSnapshot(t *testing.T) {
	n := 1
	fresh := func() *modelWorkload {
		w := &modelWorkload{Ops: 5, Keys: []string{"a", "b"}, model: map[string][]byte{"a": {1}}, shared: &n}
		w.nested.seen = map[int]bool{1: true}
		w.array[0] = []int{7}
		return w
	}
	w := fresh()
	restore := snapshot(w)
	for range 2 { // the second time shows that the snapshot itself is not handed out
		w.Ops = 99
		w.Keys[0] = "changed"
		w.model["a"][0] = 9
		w.model["new"] = nil
		w.nested.seen[2] = true
		w.array[0][0] = 8
		w.any = "set"
		*w.shared++
		restore()
		if want := fresh(); !reflect.DeepEqual(w, want) {
			t.Fatalf("got %+v, want %+v", w, want)
		}
	}
	if n != 3 || w.shared != &n {
		t.Error("what a pointer points at was copied")
	}
}

func TestSnapshotOfOthers(t *testing.T) {
	for _, w := range []Workload{nil, nothing, valueWorkload(3), (*modelWorkload)(nil)} {
		snapshot(w)()
	}
}

type valueWorkload int

func (valueWorkload) Name() string         { return "value" }
func (valueWorkload) Setup(*Context) error { return nil }
func (valueWorkload) Run(*Context) error   { return nil }
func (valueWorkload) Check(*Context) error { return nil }

package runtime

import (
	"fmt"
	"slices"
	"testing"
)

// Each process has its own settings; they follow its environment.
func TestGodebug(t *testing.T) {
	seen := map[string][]string{}
	simulate(t, 1, func(*machine) {
		for _, name := range []string{"a", "b"} {
			p := NewProcess(name, "")
			p.Start(func() {
				EnvironChanged("GODEBUG", "nobody=1") // asks yet
				GodebugUpdate(func(_, environ string) { seen[name] = append(seen[name], environ) })
				EnvironChanged("HOME", "x=1")
				if name == "a" {
					EnvironChanged("GODEBUG", "x=1")
					EnvironChanged("GODEBUG", "")
				}
			})
			p.Wait()
		}
	})
	for name, want := range map[string][]string{"a": {"a=1", "x=1", ""}, "b": {"a=1"}} {
		if !slices.Equal(seen[name], want) {
			t.Errorf("process %s: %s, want %s", name, fmt.Sprintf("%q", seen[name]), fmt.Sprintf("%q", want))
		}
	}
}

package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTimeline(t *testing.T) {
	tl := newTimeline(false, "TestA", 1)
	tl.add("sim", "crash kv-0")
	for i := range 200 {
		tl.addLog("w", fmt.Sprintf("log %d", i))
		tl.addOutput(int64(i)*1e9, "kv-0", fmt.Sprintf("line %d\nmore", i))
	}
	lines := tl.lines()
	if len(lines) != 1+keepLogs+2*keepOutput {
		t.Errorf("got %d lines", len(lines))
	}
	if lines[0] != "    0.000000  sim           crash kv-0" {
		t.Errorf("the fault is lost: %q", lines[0])
	}
	if want := "  199.000000  kv-0          line 199"; lines[len(lines)-2] != want {
		t.Errorf("got %q, want %q", lines[len(lines)-2], want)
	}
	inOrder := slices.IsSortedFunc(lines, func(a, b string) int {
		_, na, _ := strings.Cut(a, "log ")
		_, nb, _ := strings.Cut(b, "log ")
		if na == "" || nb == "" {
			return 0
		}
		return strings.Compare(na, nb)
	})
	if !inOrder {
		t.Errorf("not in order:\n%s", strings.Join(lines, "\n"))
	}
	full := newTimeline(true, "TestA", 1)
	for i := range 1000 {
		full.addOutput(0, "kv-0", fmt.Sprint(i))
	}
	if got := len(full.lines()); got != 1000 {
		t.Errorf("the complete timeline has %d lines", got)
	}
}

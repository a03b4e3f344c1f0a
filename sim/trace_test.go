package sim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim/runner"
)

func TestTrace(t *testing.T) {
	cfg := Config{Workload: Func("w", func(ctx *Context) error {
		for range 3 {
			sleep(time.Duration(ctx.Rand().IntN(1000)) * time.Millisecond)
		}
		return nil
	})}.withDefaults()
	tr := newTrial("TestX", cfg, "")
	trace := func(last int) string {
		file := filepath.Join(t.TempDir(), "a trace")
		r, err := runTraced(tr, 1, false, runner.Trace{File: file, Last: last})
		if err != nil {
			t.Fatal(err)
		}
		mustPass(t, r)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	all := trace(0)
	if all != trace(0) {
		t.Error("two traces of a seed differ")
	}
	if n := strings.Count(all, "w/1  rand "); n != 3 {
		t.Errorf("the trace has %d draws of the workload, want 3:\n%s", n, all)
	}
	before, _, _ := strings.Cut(all, "w/1  rand 2 = ")
	line := strings.Count(before, "\n") + 1
	cut := trace(line)
	_, stack, found := strings.Cut(cut, "goroutine ")
	if !found || !strings.HasPrefix(all, cut[:strings.Index(cut, "goroutine ")]) {
		t.Fatalf("got\n%s", cut)
	}
	if !strings.Contains(stack, "sim.TestTrace") || strings.Contains(stack, "(*scheduler).trace(") {
		t.Errorf("stack:\n%s", stack)
	}
}

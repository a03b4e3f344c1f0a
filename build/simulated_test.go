package build

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// A server that checks itself passes in a simulation, says so each time it is
// started, and every seed runs the same twice.
func TestSimulated(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	dirs, err := filepath.Glob("testdata/simulated/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no programs:", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			abs, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			exe := filepath.Join(t.TempDir(), "program.sim")
			if err := Program(context.Background(), Config{Dir: abs}, ".", exe); err != nil {
				t.Fatal(err)
			}
			out := run(t, abs, exe, "-seeds", "1-6", "-nodes", "2", "-verify", "-v")
			if n := strings.Count(out, "all came out right"); n < 6*2 {
				t.Errorf("only %d servers came to their ends:\n%s", n, out)
			}
		})
	}
}

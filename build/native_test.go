package build

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A rewritten program that runs outside a simulation behaves as the original.
func TestNativeStaysNative(t *testing.T) {
	dirs, err := filepath.Glob("testdata/native/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no programs:", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			ctx := context.Background()
			abs, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			c := Config{Dir: abs}
			want := run(t, abs, "go", "run", ".")
			b, err := c.prepare(ctx, false, []string{"."})
			if err != nil {
				t.Fatal(err)
			}
			exe := filepath.Join(t.TempDir(), "program")
			o := b.graph.overlayOf(b.entries)
			main := filepath.Join(t.TempDir(), "main.go")
			src := "package main\n\nimport program " + `"` + b.graph.roots[0] + `"` + "\n\nfunc main() { program.SimgenMain() }\n"
			if err := os.WriteFile(main, []byte(src), 0o666); err != nil {
				t.Fatal(err)
			}
			export := filepath.Join(t.TempDir(), "export.go")
			if err := os.WriteFile(export, []byte("package main_\n\nfunc SimgenMain() { main() }\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			o[filepath.Join(abs, "zz_simgen_export.go")] = export
			o[filepath.Join(abs, "zz_simgen_main", "main.go")] = main
			if err := b.compile(ctx, o, exe, abs, "./zz_simgen_main", "build"); err != nil {
				t.Fatal(err)
			}
			if got := run(t, abs, exe); got != want {
				t.Errorf("rewritten program prints\n%s\nand the original\n%s", got, want)
			}
		})
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

package rewrite_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
)

// TestExecuted runs each program of testdata/rewrite/run three times: as it
// is, rewritten, and rewritten inside a simulation with some seeds. All of them
// must print the same. The standard library is not rewritten here, so that the
// programs use nothing of it that blocks.
func TestExecuted(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	programs, err := filepath.Glob("../testdata/rewrite/run/*.go")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	u := newUniverse(t)
	for _, program := range programs {
		t.Run(strings.TrimSuffix(filepath.Base(program), ".go"), func(t *testing.T) {
			want := output(t, filepath.Dir(program), "go", "run", filepath.Base(program))
			bin := buildRewritten(t, u, program)
			if got := output(t, "", bin, "native"); got != want {
				t.Errorf("natively, the rewritten program prints something else: %s", firstDifference([]byte(want), []byte(got)))
			}
			if got := output(t, "", bin, "simulated"); got != want {
				t.Errorf("simulated, the rewritten program prints something else: %s", firstDifference([]byte(want), []byte(got)))
			}
		})
	}
}

func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd, err, out, stderr.Bytes())
	}
	return string(out)
}

// buildRewritten compiles the rewritten program and a driver for it.
func buildRewritten(t *testing.T, u *universe, program string) string {
	data, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	p, err := load(u.fset, u, "example.com/run/program", "/src", "go1.24", []source{{"program.go", data}})
	if err != nil {
		t.Fatal(err)
	}
	res, diags := rewrite.Rewrite(p, rewrite.Options{ImportableMain: true, Release: release()})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", []byte("module example.com/run\n\ngo 1.24.0\n\nrequire github.com/simgen-dev/simgen v0.0.0\n\nreplace github.com/simgen-dev/simgen => "+root+"\n"))
	for _, files := range []map[string][]byte{res.Files, res.Added} {
		for name, data := range files {
			write("program/"+name, bytes.Replace(data, []byte(`simgen "simgen"`), []byte(`simgen "github.com/simgen-dev/simgen/runtime"`), 1))
		}
	}
	write("main.go", []byte(driver))
	bin := filepath.Join(dir, "run")
	output(t, dir, "go", "build", "-o", bin, ".")
	return bin
}

// driver runs a program natively, or as a process of a simulation: the last of
// several, each of which prints the same.
const driver = `package main

import (
	"fmt"
	"os"

	_ "unsafe"

	_ "example.com/run/program"
	"github.com/simgen-dev/simgen/runtime"
)

//go:linkname program example.com/run/program.main
func program()

type machine struct{}

func (machine) Syscall(*runtime.Process, uintptr, [6]uintptr) (r1, r2, errno uintptr) { return 0, 0, 38 }
func (machine) PollOpen(*runtime.Process, int, *runtime.PollDesc) int { return 1 }
func (machine) PollClose(*runtime.Process, *runtime.PollDesc)         {}
func (machine) Walltime(_ *runtime.Process, mono int64) int64         { return mono }
func (machine) Args(*runtime.Process) []string                        { return nil }
func (machine) Env(*runtime.Process) []string                         { return nil }
func (machine) Exited(*runtime.Process, runtime.ExitStatus)           {}
func (machine) Stderr(_ *runtime.Process, text string)                { fmt.Fprint(os.Stderr, text) }

func main() {
	if os.Args[1] == "native" {
		program()
		return
	}
	out := os.Stdout
	const seeds = 20
	for seed := uint64(1); seed <= seeds; seed++ {
		os.Stdout = nil
		if seed == seeds {
			os.Stdout = out
		}
		res := runtime.Run(runtime.Config{Seed: seed, Kernel: machine{}, Main: func() {
			p := runtime.NewProcess("program", "example.com/run/program")
			p.Start(nil)
			if st := p.Wait(); st.Code != 0 {
				runtime.Fail("exit", st.Panic)
			}
		}})
		if res.Failure != nil {
			fmt.Fprintln(os.Stderr, seed, res.Failure.Kind, res.Failure.Message)
			os.Exit(1)
		}
	}
}
`

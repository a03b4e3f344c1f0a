package rewrite_test

import (
	"bytes"
	"context"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/simgen-dev/simgen/rewrite"
)

// TestExecuted runs each program of testdata/rewrite/run three times: as it
// is, rewritten, and rewritten inside a simulation with some seeds. All of them
// must print the same. The standard library is not rewritten here, so that the
// programs use nothing of it that blocks; and no goroutine of theirs outlives
// main or starts before it, since outside an instrumented build there is one
// current goroutine.
//
// A program is one file, or an archive of several packages: the directory of a
// file is the end of its import path, imported packages come first, and the
// program itself, which has none, last.
func TestExecuted(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	files, err := filepath.Glob("../testdata/rewrite/run/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	var programs []program
	for _, name := range files {
		if p := readProgram(t, name); p.fits() {
			programs = append(programs, p)
		}
	}
	runPrograms(t, programs)
}

// A program of several packages, imported ones first.
type program struct {
	name     string
	packages []programPackage
}

type programPackage struct {
	dir   string // below the program's
	files []source
}

func readProgram(t *testing.T, name string) program {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	base, ext, _ := strings.Cut(filepath.Base(name), ".")
	p := program{name: base}
	if ext == "go" {
		p.packages = []programPackage{{".", []source{{"program.go", data}}}}
		return p
	}
	at := map[string]int{}
	for _, f := range txtar.Parse(data).Files {
		dir := path.Dir(f.Name)
		if _, ok := at[dir]; !ok {
			at[dir] = len(p.packages)
			p.packages = append(p.packages, programPackage{dir: dir})
		}
		pkg := &p.packages[at[dir]]
		pkg.files = append(pkg.files, source{path.Base(f.Name), f.Data})
	}
	return p
}

// fits reports whether this release has the language of the program, which
// says so in a build constraint if it is not the oldest one's.
func (p program) fits() bool {
	var n int
	_, err := fmt.Sscanf(string(p.packages[0].files[0].data), "//go:build go1.%d\n", &n)
	return err != nil || release() >= n
}

// runPrograms compiles all programs, twice, and compares what they print.
func runPrograms(t *testing.T, programs []program) {
	native, rewritten := newModule(t), newModule(t)
	u := newUniverse(t)
	for _, p := range programs {
		p.writeTo(native)
		p.rewriteTo(t, u, rewritten)
	}
	rewritten.write("driver/main.go", driverOf(programs))
	output(t, native.dir, "go", "build", "-o", native.bin(""), "./...")
	output(t, rewritten.dir, "go", "build", "-o", rewritten.bin("driver"), "./driver")
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			want := output(t, "", native.bin(p.name))
			for _, how := range []string{"native", "simulated"} {
				if got := output(t, "", rewritten.bin("driver"), how, p.name); got != want {
					t.Errorf("%s, the rewritten program prints something else: %s", how, firstDifference([]byte(want), []byte(got)))
				}
			}
		})
	}
}

// A module is a directory to compile.
type module struct {
	t   *testing.T
	dir string
}

func newModule(t *testing.T) module {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	m := module{t, t.TempDir()}
	m.write("go.mod", []byte("module example.com/run\n\ngo 1.24.0\n\nrequire github.com/simgen-dev/simgen v0.0.0\n\nreplace github.com/simgen-dev/simgen => "+root+"\n"))
	return m
}

// bin is where an executable of the module goes; "" is the place of several.
func (m module) bin(name string) string { return filepath.Join(m.dir, "bin") + "/" + name }

func (m module) write(name string, data []byte) {
	name = filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		m.t.Fatal(err)
	}
}

func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute) // for what hangs
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd, err, out, stderr.Bytes())
	}
	return string(out)
}

func (p program) writeTo(m module) {
	for _, pkg := range p.packages {
		for _, f := range pkg.files {
			m.write(path.Join(p.name, pkg.dir, f.name), f.data)
		}
	}
}

// rewriteTo writes the program as it is after rewriting.
func (p program) rewriteTo(t *testing.T, u *universe, m module) {
	p.writeTo(m)
	imports := layered{u, map[string]*types.Package{}}
	facts := map[string]*rewrite.Facts{}
	for _, pkg := range p.packages {
		var goFiles []source
		var asm [][]byte
		for _, f := range pkg.files {
			switch path.Ext(f.name) {
			case ".go":
				goFiles = append(goFiles, f)
			case ".s":
				asm = append(asm, f.data)
			}
		}
		if len(goFiles) == 0 {
			continue
		}
		importPath := path.Join("example.com/run", p.name, pkg.dir)
		in, err := load(u.fset, imports, importPath, "/src/"+importPath, "go1.24", goFiles)
		if err != nil {
			t.Fatal(err)
		}
		in.Asm = asm
		imports.own[importPath] = in.Types
		res, diags := rewrite.Rewrite(in, rewrite.Options{
			DepFacts:       func(path string) *rewrite.Facts { return facts[path] },
			ImportableMain: true, Release: release(),
		})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		facts[importPath] = &res.Facts
		for _, files := range []map[string][]byte{res.Files, res.Added} {
			for name, data := range files {
				data = bytes.Replace(data, []byte(` "simgen"`), []byte(` "github.com/simgen-dev/simgen/runtime"`), 1)
				m.write(path.Join(p.name, pkg.dir, name), data)
			}
		}
	}
}

// driverOf is the program that runs one of the programs natively, or as a
// process of a simulation: the last of several, each of which prints the same.
func driverOf(programs []program) []byte {
	names := make([]string, len(programs))
	for i, p := range programs {
		names[i] = p.name
	}
	sort.Strings(names)
	var imports, mains, table strings.Builder
	for i, name := range names {
		fmt.Fprintf(&imports, "\t_ \"example.com/run/%s\"\n", name)
		fmt.Fprintf(&mains, "//go:linkname main%d example.com/run/%s.main\nfunc main%d()\n\n", i, name, i)
		fmt.Fprintf(&table, "\t%q: main%d,\n", name, i)
	}
	return []byte(strings.NewReplacer("IMPORTS\n", imports.String(), "MAINS\n", mains.String(), "TABLE\n", table.String()).Replace(driver))
}

const driver = `package main

import (
	"fmt"
	"os"

	_ "unsafe"

	"github.com/simgen-dev/simgen/runtime"

IMPORTS
)

MAINS

var programs = map[string]func(){
TABLE
}

type machine struct{}

func (machine) Syscall(*runtime.Process, uintptr, [6]uintptr) (r1, r2, errno uintptr) { return 0, 0, 38 }
func (machine) PollOpen(*runtime.Process, int, *runtime.PollDesc) int { return 1 }
func (machine) PollClose(*runtime.Process, *runtime.PollDesc)         {}
func (machine) Walltime(_ *runtime.Process, mono int64) int64         { return mono }
func (machine) Args(*runtime.Process) []string                        { return nil }
func (machine) Env(*runtime.Process) []string                         { return nil }
func (machine) Exited(*runtime.Process, runtime.ExitStatus)           {}
func (machine) Print(_ *runtime.Process, text []byte)                 { os.Stderr.Write(text) }
func (machine) Stderr(_ *runtime.Process, text string)                { fmt.Fprint(os.Stderr, text) }

func main() {
	how, name := os.Args[1], os.Args[2]
	if how == "native" {
		programs[name]()
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
			p := runtime.NewProcess("program", "example.com/run/"+name)
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

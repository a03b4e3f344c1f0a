package floor

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/host.md")

// Everything that a package with rows exports has a row.
func TestEveryExportHasAFate(t *testing.T) { forEachTarget(t, everyExportHasAFate) }

func everyExportHasAFate(t *testing.T, target Target) {
	for _, pkg := range hostPackages() {
		rows := HostRows(pkg)
		for _, name := range exports(t, pkg, target.Arch) {
			typ, _, method := strings.Cut(name, ".")
			if rows[name].Fate == "" && rows["*"].Fate == "" && (!method || rows[typ+".*"].Fate == "") {
				t.Errorf("Go 1.%d has %s.%s, which nobody has decided about; give it a row in host.go", target.Release, pkg, name)
			}
		}
	}
}

// A row that says that something is done has the row of the floor that does it.
func TestEveryFateIsCarriedOut(t *testing.T) {
	byFloor := map[string]bool{}
	for _, r := range Rows {
		byFloor[r.Pkg+"."+r.Func] = true
	}
	for _, r := range Host {
		switch {
		case r.Says == "":
			t.Errorf("%s %s: says nothing", r.Pkg, r.Names)
		case r.Pkg == "" || r.Pkg == "runtime" || r.Pkg == "plugin" || r.Fate == AsItIs || r.Names == "*":
			// Package rewrite refuses them or has a test of its own.
		case r.By != "":
			if !byFloor[r.Pkg+"."+r.By] {
				t.Errorf("%s %s: there is no row %s", r.Pkg, r.Names, r.By)
			}
		default:
			for _, name := range strings.Fields(r.Names) {
				if !byFloor[r.Pkg+"."+name] {
					t.Errorf("%s.%s: there is no such row", r.Pkg, name)
				}
			}
		}
	}
}

// What packages of the standard library pull from Go's runtime is decided about: it has a row, or may stay native.
func TestEveryPullIsDecided(t *testing.T) { forEachTarget(t, everyPullIsDecided) }

func everyPullIsDecided(t *testing.T, target Target) {
	decided := map[string]bool{}
	for _, r := range Rows {
		decided[r.Pkg+"."+r.Func] = true
	}
	for _, n := range Native {
		decided[n.Func] = true
	}
	for _, path := range standard(t) {
		if strings.HasPrefix(path, "runtime/race/") || strings.HasPrefix(path, "runtime/internal/") {
			continue // a library in C; tests
		}
		if belowFloor(path) || IsExempt(path) && !slices.Contains(Needed(target), path) {
			continue
		}
		for file, src := range goSources(t, path, target.Arch) {
			if !strings.HasSuffix(file, ".go") || !bytes.Contains(src, []byte("//go:linkname")) {
				continue
			}
			for _, m := range push.FindAllSubmatch(src, -1) {
				local, from := string(m[2]), string(m[3])
				if strings.HasPrefix(from, "runtime") && !bytes.Contains(src, []byte("func "+local+"(")) {
					continue // a variable: memory
				}
				if strings.HasPrefix(from, "runtime") && !decided[path+"."+local] && !decided[path+".*"] {
					t.Errorf("Go 1.%d: %s/%s pulls %s.%s as %s; give it a row, or an entry in Native with its reason", target.Release, path, file, from, m[4], local)
				}
			}
		}
	}
}

// docs/host.md is the table.
func TestHostPage(t *testing.T) {
	const page = "../../docs/host.md"
	got := hostPage()
	if *update {
		if err := os.WriteFile(page, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the table in host.go (go test ./rewrite/floor -run TestHostPage -update)", page)
	}
}

func hostPage() []byte {
	var w bytes.Buffer
	w.WriteString(`<!-- Printed by a test of rewrite/floor from the table in rewrite/floor/host.go. Do not edit. -->

# What could reach the host

Everything that a program asks the operating system for crosses the system call boundary, and there the simulated machine answers (` + "`shim/`" + `). This page
has what does not cross it: what Go's runtime, the compiler and the processor could tell a program about the process, the threads, the memory and
the clock of the host, or let it do to them.

`)
	for _, f := range []struct {
		fate  Fate
		means string
	}{
		{Simulated, "the simulated process's own"},
		{Nothing, "it does nothing, or returns what there is: nothing"},
		{Fails, "with an error that says why"},
		{Refused, "by `simgen check` and by every build, with a position and a way out"},
		{AsItIs, "it cannot tell one host from another, or reaches nothing of it; what it can do all the same is said"},
	} {
		fmt.Fprintf(&w, "- **%s**: %s\n", f.fate, f.means)
	}
	pkg := "none"
	for _, r := range Host {
		if r.Pkg != pkg {
			pkg = r.Pkg
			title := "Package " + pkg
			if pkg == "" {
				title = "The language and its tools"
			}
			fmt.Fprintf(&w, "\n## %s\n\n| what | in a simulation | |\n|---|---|---|\n", title)
		}
		names := r.Names
		if pkg != "" {
			names = "`" + strings.ReplaceAll(names, " ", "` `") + "`"
		}
		if r.Names == "*" {
			names = "all of it"
		}
		fmt.Fprintf(&w, "| %s | %s | %s |\n", names, r.Fate, r.Says)
	}
	return w.Bytes()
}

func hostPackages() (list []string) {
	for _, r := range Host {
		if r.Pkg != "" && !slices.Contains(list, r.Pkg) {
			list = append(list, r.Pkg)
		}
	}
	return list
}

// exports are the exported functions and variables of a package, and the exported methods of its exported types.
func exports(t *testing.T, pkg, arch string) (names []string) {
	for file, src := range goSources(t, pkg, arch) {
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := funcName(d)
				typ, _, _ := strings.Cut(name, ".")
				if d.Name.IsExported() && ast.IsExported(typ) {
					names = append(names, name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
						for _, id := range v.Names {
							if id.IsExported() {
								names = append(names, id.Name)
							}
						}
					}
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// standard are the packages of the standard library.
func standard(t *testing.T) []string {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

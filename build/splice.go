package build

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/simgen-dev/simgen"
)

// splicedTag is the build tag of an instrumented build. It selects the files
// of the simulation runtime that use what the floor adds to Go's own runtime.
const splicedTag = "simgen_spliced"

// A splicedFile is one embedded file with its build constraint's verdict left
// to the go command.
type splicedFile struct {
	dir  string // folder in the repository: "runtime", "sim/report"
	name string
	src  []byte
}

// splicedFiles are the embedded Go files without tests.
func splicedFiles() ([]splicedFile, error) {
	var list []splicedFile
	err := fs.WalkDir(simgen.Source, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || strings.Contains(p, "testdata/") {
			return err
		}
		src, err := simgen.Source.ReadFile(p)
		list = append(list, splicedFile{path.Dir(p), path.Base(p), src})
		return err
	})
	return list, err
}

// splicedImports are the standard packages that the embedded ones import.
func splicedImports() ([]string, error) {
	files, err := splicedFiles()
	if err != nil {
		return nil, err
	}
	set := map[string]bool{}
	for _, f := range files {
		imports, err := importsOf(f.name, f.src)
		if err != nil {
			return nil, err
		}
		for _, p := range imports {
			if _, ours := mapImport(p); !ours && p != "unsafe" {
				set[p] = true
			}
		}
	}
	var list []string
	for p := range set {
		list = append(list, p)
	}
	sort.Strings(list)
	return list, nil
}

func importsOf(name string, src []byte) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, s := range f.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// addSpliced adds the embedded packages as standard ones.
func (g *graph) addSpliced() error {
	files, err := splicedFiles()
	if err != nil {
		return err
	}
	for _, f := range files {
		if !g.matches(f) {
			continue
		}
		p, _ := mapImport(simgen.Module + "/" + f.dir)
		n := g.nodes[p]
		if n == nil {
			n = &node{Path: p, Std: true, Dir: filepath.Join(g.env.GOROOT, "src", filepath.FromSlash(p)), imports: map[string]string{}, sources: map[string][]byte{}}
			g.nodes[p] = n
		}
		file := filepath.Join(n.Dir, f.name)
		n.files = addString(n.files, file)
		n.sources[file] = f.src
		imports, err := importsOf(f.name, f.src)
		if err != nil {
			return err
		}
		for _, i := range imports {
			m, _ := mapImport(i)
			n.imports[m] = m
		}
	}
	return nil
}

// hasRelease reports whether a build tag names the release of g or an earlier one.
func (g *graph) hasRelease(tag string) bool {
	number, ok := strings.CutPrefix(tag, "go1.")
	n, err := strconv.Atoi(number)
	return ok && err == nil && n <= g.env.Release
}

// matches reports whether the build of g includes an embedded file.
func (g *graph) matches(f splicedFile) bool {
	tag := func(t string) bool {
		return t == splicedTag || t == raceTag && g.race || t == g.env.GOOS || t == g.env.GOARCH || t == "unix" || g.hasRelease(t)
	}
	for _, suffix := range []string{"amd64", "arm64"} {
		if strings.HasSuffix(f.name, "_"+suffix+".go") && suffix != g.env.GOARCH {
			return false
		}
	}
	for _, line := range strings.Split(string(f.src), "\n") {
		if strings.HasPrefix(line, "package ") {
			break
		}
		if constraint.IsGoBuild(line) {
			if x, err := constraint.Parse(line); err == nil {
				return x.Eval(tag)
			}
		}
	}
	return true
}

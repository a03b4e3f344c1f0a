package rewrite_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/simgen-dev/simgen/rewrite"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGolden runs testdata/rewrite/*.txtar. Each archive holds packages (the
// directory of a file is the end of its import path, imported packages first)
// and what they are rewritten to under want/. The comment may hold settings:
// "go: 1.20" is the language version, "importable" renames package main, "dormant" leaves it uninitialised natively,
// "std" lets the packages be part of the standard library.
//
// What was produced is always type-checked again, against the real simulation
// runtime, and must be in gofmt's layout.
func TestGolden(t *testing.T) {
	archives, err := filepath.Glob("../testdata/rewrite/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	u := newUniverse(t)
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			runGolden(t, u, name)
		})
	}
}

func runGolden(t *testing.T, u *universe, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(data)
	g := &golden{t: t, u: u, settings: string(ar.Comment), facts: map[string]*rewrite.Facts{},
		original: layered{u, map[string]*types.Package{}}, rewritten: layered{u, map[string]*types.Package{}}}
	got := &txtar.Archive{Comment: ar.Comment}
	byDir := map[string][]source{}
	var dirs []string
	for _, f := range ar.Files {
		if strings.HasPrefix(f.Name, "want/") {
			continue
		}
		got.Files = append(got.Files, f)
		dir := path.Dir(f.Name)
		if byDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		byDir[dir] = append(byDir[dir], source{path.Base(f.Name), f.Data})
	}
	for _, dir := range dirs {
		got.Files = append(got.Files, g.rewrite(dir, byDir[dir])...)
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text := txtar.Format(got); !bytes.Equal(text, data) {
		t.Errorf("%s differs from what was produced (go test -run TestGolden -update):\n%s", name, firstDifference(data, text))
	}
}

func firstDifference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range g {
		if i >= len(w) || w[i] != g[i] {
			was := "(end of file)"
			if i < len(w) {
				was = w[i]
			}
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, was, g[i])
		}
	}
	return fmt.Sprintf("line %d\nwant %s\ngot  (end of file)", len(g)+1, w[len(g)])
}

// layered resolves the packages of one golden above the universe.
type layered struct {
	base types.Importer
	own  map[string]*types.Package
}

func (l layered) Import(path string) (*types.Package, error) {
	if p := l.own[path]; p != nil {
		return p, nil
	}
	return l.base.Import(path)
}

type golden struct {
	t         *testing.T
	u         *universe
	settings  string
	facts     map[string]*rewrite.Facts
	original  layered
	rewritten layered
}

func (g *golden) setting(name string) (string, bool) {
	for _, line := range strings.Split(g.settings, "\n") {
		if key, value, _ := strings.Cut(strings.TrimSpace(line), ":"); key == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// rewrite rewrites one package of the archive and returns what came out.
func (g *golden) rewrite(dir string, sources []source) []txtar.File {
	t := g.t
	importPath := path.Join("example.com/p", dir)
	version, _ := g.setting("go")
	if version != "" {
		version = "go" + version
	}
	var goFiles []source
	var asm [][]byte
	for _, s := range sources {
		if strings.HasSuffix(s.name, ".s") {
			asm = append(asm, s.data)
		} else {
			goFiles = append(goFiles, s)
		}
	}
	p, err := load(g.u.fset, g.original, importPath, "/src/"+importPath, version, goFiles)
	if err != nil {
		t.Fatal(err)
	}
	p.Asm = asm
	_, importable := g.setting("importable")
	_, dormant := g.setting("dormant")
	options := rewrite.Options{
		DepFacts:       func(path string) *rewrite.Facts { return g.facts[path] },
		ImportableMain: importable,
		Dormant:        dormant,
	}
	again, err := load(g.u.fset, g.original, importPath, "/src/"+importPath, version, goFiles)
	if err != nil {
		t.Fatal(err)
	}
	again.Asm = asm
	g.original.own[importPath] = p.Types
	res, diags := rewrite.Rewrite(p, options)
	if second, _ := rewrite.Rewrite(again, options); !reflect.DeepEqual(res, second) {
		t.Errorf("%s: rewriting it twice gives different results", importPath)
	}
	for _, f := range p.Files {
		checkPositions(t, f)
	}
	g.facts[importPath] = &res.Facts

	want := path.Join("want", dir)
	var out []txtar.File
	if len(diags) > 0 {
		var b strings.Builder
		for _, d := range diags {
			d.Pos.Filename = filepath.Base(d.Pos.Filename)
			fmt.Fprintln(&b, d)
		}
		out = append(out, txtar.File{Name: want + "/diagnostics", Data: []byte(b.String())})
	}
	if len(res.Rouses) > 0 {
		out = append(out, txtar.File{Name: want + "/rouses", Data: []byte(strings.Join(res.Rouses, "\n") + "\n")})
	}
	all := map[string][]byte{}
	for _, s := range goFiles {
		all[s.name] = s.data
	}
	for _, m := range []map[string][]byte{res.Files, res.Added} {
		for _, name := range sortedKeys(m) {
			out = append(out, txtar.File{Name: want + "/" + name, Data: m[name]})
			all[name] = m[name]
			// gofmt of Go 1.24 moves a //line directive into the comment behind it.
			if release() == 24 {
				continue
			}
			if tidy, err := format.Source(m[name]); err != nil || !bytes.Equal(tidy, m[name]) {
				t.Errorf("%s is not in gofmt's layout (%v): %s", name, err, firstDifference(tidy, m[name]))
			}
		}
	}
	if len(diags) == 0 {
		g.check(importPath, version, all)
	}
	return out
}

// checkPositions requires that every node of a rewritten tree has a position.
func checkPositions(t *testing.T, f *rewrite.File) {
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		if list, ok := n.(*ast.FieldList); ok && len(list.List) == 0 {
			return false
		}
		if n != nil && !n.Pos().IsValid() {
			t.Errorf("%s: a %T has no position", f.Name, n)
		}
		return true
	})
}

// check type-checks what was produced.
func (g *golden) check(importPath, version string, files map[string][]byte) {
	var sources []source
	for _, name := range sortedKeys(files) {
		sources = append(sources, source{name, files[name]})
	}
	p, err := load(g.u.fset, g.rewritten, importPath, "/out/"+importPath, version, sources)
	if err != nil {
		g.t.Errorf("the result does not compile: %v", err)
		return
	}
	g.rewritten.own[importPath] = p.Types
}

func sortedKeys(m map[string][]byte) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

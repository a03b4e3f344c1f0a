package runtime

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// What this package may import, and why no more: an instrumented build compiles
// it below almost everything.
var allowedImports = map[string]string{
	"unsafe":        "the language",
	"runtime":       "the host: goroutines, stacks, and what the overlay adds",
	"math/bits":     "imports nothing",
	"cmp":           "imports nothing",
	"internal/race": "spliced only: declares the edges a coroutine switch does not make",
	"weak":          "plain only: what the overlay has of its own",
}

// The race detector must not see what the scheduler does: a switch is no
// synchronisation, so every function is exempt.
func TestRules(t *testing.T) {
	notTests := func(f string) bool { return !strings.HasSuffix(f, "_test.go") }
	for _, f := range parsePackage(t, notTests) {
		for _, imp := range f.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if allowedImports[path] == "" {
				t.Errorf("%s imports %s, which may depend on what this package replaces", f.name, path)
			}
		}
		if f.name == "host_plain.go" {
			continue
		}
		for _, d := range f.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && (fn.Doc == nil || !strings.Contains(directives(fn.Doc), "//go:norace")) {
				t.Errorf("%s: %s lacks //go:norace", f.name, fn.Name.Name)
			}
		}
	}
}

type parsed struct {
	name string
	file *ast.File
}

func parsePackage(t *testing.T, include func(name string) bool) (list []parsed) {
	t.Helper()
	names, err := listGoFiles(".")
	if err != nil {
		t.Skip(err) // a spliced test binary runs without its source
	}
	fset := token.NewFileSet()
	for _, name := range names {
		if !include(name) {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parsed{name, f})
	}
	return list
}

func directives(doc *ast.CommentGroup) string {
	text := ""
	for _, c := range doc.List {
		text += c.Text + "\n"
	}
	return text
}

func listGoFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

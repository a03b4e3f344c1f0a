package rewrite

import (
	"go/ast"
	"go/types"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// refusedImports lists packages that cannot work in a simulation, with the
// advice.
var refusedImports = map[string]struct{ message, advice string }{
	"C": {
		"this package uses cgo; C code cannot be simulated",
		"build with CGO_ENABLED=0 or a build tag that selects a version in Go",
	},
	"plugin": {
		"plugins are loaded by the host's linker and cannot be rewritten",
		"link the code into the program",
	},
}

// checkImports reports packages that cannot be rewritten at all, for which the
// rest would make no sense.
func (w *work) checkImports() bool {
	ok := true
	for _, f := range w.files {
		for _, spec := range f.syntax.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			if r, refused := refusedImports[path]; refused {
				w.diag(spec.Pos(), r.message, r.advice)
				ok = ok && path != "C"
			}
		}
		f.checkDirectives()
	}
	return ok
}

// checkDirectives refuses the directives that link C libraries into a program without cgo.
func (f *fileWork) checkDirectives() {
	for _, g := range f.syntax.Comments {
		for _, c := range g.List {
			if word, _, _ := strings.Cut(c.Text, " "); strings.HasPrefix(word, "//go:cgo_") && !f.Std {
				f.diag(c.Pos(), word+" links C code into the program, which cannot be simulated", refusedImports["C"].advice)
			}
		}
	}
}

// finishImports adds the runtime's import and blanks those of package runtime
// that are no longer used; removing them would renumber the lines below.
func (f *fileWork) finishImports() {
	if !f.usesRuntime {
		return
	}
	astutil.AddNamedImport(f.Fset, f.syntax, f.alias, runtimePath)
	for _, spec := range f.syntax.Imports {
		pn := f.Info.PkgNameOf(spec)
		if pn == nil || pn.Imported().Path() != "runtime" || pn.Name() == "_" || f.stillUses(pn) {
			continue
		}
		spec.Name = ident(spec.Path.Pos(), "_")
	}
	ast.SortImports(f.Fset, f.syntax)
}

// stillUses reports whether the rewritten file refers to an imported package.
func (f *fileWork) stillUses(pn *types.PkgName) bool {
	used := false
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := f.Info.Uses[id]
			if obj == pn || pn.Name() == "." && obj != nil && obj.Pkg() == pn.Imported() {
				used = true
			}
		}
		return !used
	})
	return used
}

// importPaths returns the resolved paths that a set of files imports, as the
// instrumented build knows them.
func (w *work) importPaths(test bool) []string {
	seen := map[string]bool{}
	for _, f := range w.files {
		if f.file.Test != test {
			continue
		}
		for _, spec := range f.syntax.Imports {
			if pn := w.Info.PkgNameOf(spec); pn != nil && pn.Imported().Path() != "unsafe" {
				seen[SplicedPath(pn.Imported().Path())] = true
			}
		}
	}
	paths := make([]string, 0, len(seen))
	for p := range seen {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

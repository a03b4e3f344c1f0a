package rewrite

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// Programs, and the imports of simgen itself.
//
//	package main       =>  package main_         when a test binary links the program in
//	package main_test  =>  package main__test    so that the clauses still belong together
//
// Go refuses to import a package whose clause says main; any other name will
// do, since the import path alone identifies it. What the program sees of the
// name is put right by package floor (zz_simgen_names.go). func main becomes an ordinary
// function, which the generated file registers.
//
//	import "github.com/simgen-dev/simgen/sim"  =>  import "simgen/sim"
//
// In an instrumented build simgen's own packages are part of the standard
// library, so that the rewritten standard library may import them; there is
// one copy of them.

// modulePrefix is where simgen's packages are for their authors, splicedPath
// where they are in an instrumented build.
const (
	modulePrefix = "github.com/simgen-dev/simgen/"
	runtimePath  = "simgen"
)

// SplicedPath returns the import path that a package of simgen's has in an
// instrumented build; other paths are returned as they are.
func SplicedPath(path string) string {
	rest, ok := strings.CutPrefix(path, modulePrefix)
	if !ok {
		return path
	}
	dir, _, _ := strings.Cut(rest, "/")
	switch dir {
	case "runtime":
		return runtimePath + strings.TrimPrefix(rest, "runtime")
	case "shim", "sim":
		return runtimePath + "/" + rest
	}
	return path
}

func collectMainPackage(f *fileWork, n node) {
	switch n := n.(type) {
	case *ast.File:
		if f.opt.ImportableMain {
			if name := ImportableName(n.Name.Name); name != n.Name.Name {
				n.Name.Name = name
				f.dirty = true
			}
		}
	case *ast.ImportSpec:
		path, err := strconv.Unquote(n.Path.Value)
		if err != nil {
			return
		}
		if to := SplicedPath(path); to != path {
			n.Path = &ast.BasicLit{ValuePos: n.Path.ValuePos, Kind: token.STRING, Value: strconv.Quote(to)}
			f.dirty = true
		}
	}
}

// isProgram reports whether a clause is that of a program, before or after
// renaming.
func isProgram(clause string) bool { return clause == "main" || clause == ImportableName("main") }

// ImportableName is the clause that stands for a program's: any other is returned as it is.
func ImportableName(clause string) string {
	switch clause {
	case "main":
		return "main_"
	case "main_test":
		return "main__test"
	}
	return clause
}

// packageClause returns the clause of the package's files after rewriting.
func (w *work) packageClause() string {
	name := w.Name
	if w.XTest && !strings.HasSuffix(name, "_test") {
		name += "_test"
	}
	if w.opt.ImportableMain {
		return ImportableName(name)
	}
	return name
}

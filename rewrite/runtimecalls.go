package rewrite

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Functions of package runtime, called or used as values, and its variable.
//
//	runtime.Gosched()       =>  simgen.Gosched()
//	runtime.MemProfileRate  =>  (*simgen.MemProfileRate())
//
// The replacements have the same signatures and do the native thing outside a
// simulation.

// runtimeFuncs are the names that are replaced. Package floor's table has the reasons.
var runtimeFuncs = func() map[string]bool {
	names := map[string]bool{}
	for name, row := range floor.HostRows("runtime") {
		names[name] = row.By == "" && row.Fate != floor.AsItIs
	}
	return names
}()

func collectRuntimeCall(f *fileWork, n node) {
	var id *ast.Ident
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if f.importedPackage(n.X) == "runtime" {
			id = n.Sel
		}
	case *ast.Ident:
		if _, ok := f.parent(0).(*ast.SelectorExpr); !ok {
			id = n // dot import
		}
	}
	if id == nil {
		return
	}
	obj := f.Info.Uses[id]
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "runtime" || !runtimeFuncs[obj.Name()] {
		return
	}
	if v, ok := obj.(*types.Var); ok && !v.IsField() {
		f.claim(n, func(c *astutil.Cursor) {
			e := star(n.Pos(), call(n.Pos(), n.End(), f.runtimeFunc(n.Pos(), v.Name())))
			c.Replace(paren(n.Pos(), n.End(), e))
		})
		return
	}
	fn, ok := obj.(*types.Func)
	if !ok || fn.Signature().Recv() != nil {
		return
	}
	f.claim(n, func(c *astutil.Cursor) {
		if fn.Signature().TypeParams() != nil {
			f.upgrade = true
		}
		c.Replace(f.runtimeFunc(n.Pos(), fn.Name()))
	})
}

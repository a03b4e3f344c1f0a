package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Uses of per-process variables.
//
//	x       =>  (*simgen_x.At())            x of this package
//	X       =>  (*Simgen_X.At())            exported, or imported with a dot
//	pkg.X   =>  (*pkg.Simgen_X.At())        X of another package
//	&x      =>  simgen_x.At()
//
// The declaration stays: it is the native instance, and the only one outside
// a simulation. The handle simgen_x is declared in a generated file. At
// evaluates nothing of the program's, cannot panic, and returns the same
// address for as long as the process lives; (*p) is addressable, so that
// assignment, &x.f, method calls with pointer receivers and slicing of arrays
// work as on the variable. Go leaves open when a variable's value is loaded
// relative to the calls in the same expression; its address here is the same
// whenever it is asked for.
//
// Expressions with a constant value (len(x) of an array) are left alone: they
// must stay constant and do not evaluate x.

func collectGlobal(f *fileWork, n node) {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		if id, ok := n.X.(*ast.Ident); ok && n.Op == token.AND {
			f.collectAddress(n, id)
		} else if sel, ok := n.X.(*ast.SelectorExpr); ok && n.Op == token.AND {
			f.collectImportedAddress(n, sel)
		}
	case *ast.SelectorExpr:
		f.collectImported(n)
	case *ast.Ident:
		if handle := f.handleOf(n); handle != "" && !f.handled[n] {
			parens := f.needsParens(n)
			f.claim(n, func(c *astutil.Cursor) {
				c.Replace(deref(n.NamePos, n.End(), ident(n.NamePos, handle), parens))
			})
		}
	}
}

// collectAddress is for &x.
func (f *fileWork) collectAddress(u *ast.UnaryExpr, id *ast.Ident) {
	handle := f.handleOf(id)
	if handle == "" {
		return
	}
	f.handled[id] = true
	f.claim(u, func(c *astutil.Cursor) {
		c.Replace(atCall(u.OpPos, u.End(), ident(u.OpPos, handle)))
	})
}

// collectImportedAddress is for &pkg.X.
func (f *fileWork) collectImportedAddress(u *ast.UnaryExpr, sel *ast.SelectorExpr) {
	if !f.importedHandle(sel) {
		return
	}
	f.handled[sel], f.handled[sel.Sel] = true, true
	f.claim(u, func(c *astutil.Cursor) {
		c.Replace(atCall(u.OpPos, u.End(), selector(u.OpPos, sel.X, "Simgen_"+sel.Sel.Name)))
	})
}

// collectImported is for pkg.X.
func (f *fileWork) collectImported(sel *ast.SelectorExpr) {
	if f.handled[sel] || f.importedPackage(sel.X) == "" {
		return
	}
	if !f.importedHandle(sel) {
		f.checkShared(sel)
		return
	}
	f.handled[sel.Sel] = true
	parens := f.needsParens(sel)
	f.claim(sel, func(c *astutil.Cursor) {
		handle := selector(sel.Sel.Pos(), sel.X, "Simgen_"+sel.Sel.Name)
		c.Replace(deref(sel.Pos(), sel.End(), handle, parens))
	})
}

// handleOf returns the handle of the per-process variable that an identifier
// without a qualifier uses, "" if it is none.
func (f *fileWork) handleOf(id *ast.Ident) string {
	obj, ok := f.Info.Uses[id].(*types.Var)
	if !ok || obj.IsField() || obj.Pkg() == nil {
		return ""
	}
	if obj.Pkg() == f.Types {
		if v := f.vars[obj]; v != nil && v.perProcess {
			return v.handle
		}
		return ""
	}
	if !isPackageVar(obj) { // else it comes from a dot import
		return ""
	}
	if vars, _ := f.dep(obj.Pkg().Path()); vars[obj.Name()] {
		return "Simgen_" + obj.Name()
	}
	return ""
}

// importedHandle reports whether sel is pkg.X with a per-process X.
func (f *fileWork) importedHandle(sel *ast.SelectorExpr) bool {
	path := f.importedPackage(sel.X)
	if path == "" {
		return false
	}
	obj, ok := f.Info.Uses[sel.Sel].(*types.Var)
	if !ok {
		return false
	}
	vars, _ := f.dep(path)
	return vars[obj.Name()]
}

func isPackageVar(obj *types.Var) bool {
	return obj.Pkg().Scope().Lookup(obj.Name()) == obj
}

// checkShared reports assignments to another package's error variable. It is
// shared on the assumption that nobody does that (see classify.go): one process
// would change what the others see.
func (f *fileWork) checkShared(sel *ast.SelectorExpr) {
	obj, ok := f.Info.Uses[sel.Sel].(*types.Var)
	if !ok || !isPackageVar(obj) || !isError(obj.Type()) {
		return
	}
	if _, rewritten := f.dep(obj.Pkg().Path()); !rewritten {
		return
	}
	how := ""
	switch p, child := f.context(sel); p := p.(type) {
	case *ast.AssignStmt:
		for _, lhs := range p.Lhs {
			if lhs == child {
				how = "assignment to "
			}
		}
	case *ast.IncDecStmt:
		how = "assignment to "
	case *ast.RangeStmt:
		if p.Key == child || p.Value == child {
			how = "assignment to "
		}
	case *ast.UnaryExpr:
		if p.Op == token.AND {
			how = "the address is taken of "
		}
	}
	if how != "" {
		f.diag(sel.Pos(), how+obj.Pkg().Path()+"."+obj.Name()+", which all simulated processes share",
			"keep the value in a variable of your own")
	}
}

// needsParens reports whether *p must be parenthesised in the place of n.
func (f *fileWork) needsParens(n ast.Expr) bool {
	switch p := f.parent(0).(type) {
	case *ast.AssignStmt, *ast.ReturnStmt, *ast.ValueSpec, *ast.CompositeLit, *ast.ParenExpr:
		return false
	case *ast.KeyValueExpr:
		return p.Key == n
	case *ast.CallExpr:
		return p.Fun == n
	}
	return true
}

// atCall: handle.At()
func atCall(pos, end token.Pos, handle ast.Expr) *ast.CallExpr {
	return call(pos, end, selector(pos, handle, "At"))
}

// deref: (*handle.At())  or  *handle.At()
func deref(pos, end token.Pos, handle ast.Expr, parens bool) ast.Expr {
	e := star(pos, atCall(pos, end, handle))
	if !parens {
		return e
	}
	return paren(pos, end, e)
}

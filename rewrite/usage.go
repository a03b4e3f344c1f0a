package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// usage is what the package does with one of its variables.
type usage struct {
	written string // how it is assigned or can be, "" if it is not
	escapes string // how a reference into it leaves, "" if every use reads in place
}

// findUses looks at every use of every variable of the package.
func (w *work) findUses() {
	for _, f := range w.files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := w.Info.Defs[fn.Name].(*types.Func); ok {
					w.funcs[obj] = fn
				}
			}
		}
	}
	for _, f := range w.files {
		w.eachUse(f.syntax, func(id *ast.Ident, stack []ast.Node) {
			if obj, ok := w.Info.Uses[id].(*types.Var); ok {
				if v := w.vars[obj]; v != nil {
					u := useWalk{w: w, stack: stack, at: id, typ: obj.Type(), direct: true}
					u.classify(&v.use)
				}
			}
		})
	}
}

// A useWalk climbs from the name of a variable to the outermost expression
// that still denotes storage belonging to it: from x to x.f[i].g.
type useWalk struct {
	w      *work
	stack  []ast.Node // ancestors of the name
	at     ast.Expr   // the expression reached so far
	typ    types.Type // its type
	direct bool       // at is the variable's own storage, not something behind a pointer, slice or map
}

func (u *useWalk) classify(use *usage) {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if !u.step(u.stack[i], use) {
			return
		}
	}
}

func (u *useWalk) write(use *usage, how string) bool {
	if use.written == "" && u.direct {
		use.written = how
	}
	if use.escapes == "" {
		use.escapes = how
	}
	return false
}

// leave says that the value of the expression is copied somewhere, which
// matters if it holds references.
func (u *useWalk) leave(use *usage, how string) bool {
	if use.escapes == "" && holdsReference(u.typ) {
		use.escapes = how
	}
	return false
}

// up continues with the enclosing expression.
func (u *useWalk) up(e ast.Expr) bool {
	u.at, u.typ = e, u.w.Info.TypeOf(e)
	if tuple, ok := u.typ.(*types.Tuple); ok { // v, ok := m[k]
		u.typ = tuple.At(0).Type()
	}
	return u.typ != nil
}

// step looks at the parent p of the expression reached; it reports whether the
// walk goes on there.
func (u *useWalk) step(p ast.Node, use *usage) bool {
	switch p := p.(type) {
	case *ast.ParenExpr:
		return u.up(p)
	case *ast.SelectorExpr:
		return u.selector(p, use)
	case *ast.IndexExpr:
		return u.index(p, use)
	case *ast.StarExpr:
		u.direct = false
		return u.up(p)
	case *ast.SliceExpr:
		return u.slice(p, use)
	case *ast.UnaryExpr:
		switch p.Op {
		case token.AND:
			return u.write(use, "address taken")
		case token.ARROW:
			return u.leave(use, "channel used")
		}
		return false
	case *ast.IncDecStmt:
		return u.write(use, "assigned")
	case *ast.AssignStmt:
		return u.assign(p, use)
	case *ast.RangeStmt:
		return u.rangeOver(p, use)
	case *ast.CallExpr:
		return u.call(p, use)
	case *ast.BinaryExpr, *ast.SwitchStmt, *ast.CaseClause:
		return false // comparison
	}
	return u.leave(use, "reference copied")
}

func (u *useWalk) assign(p *ast.AssignStmt, use *usage) bool {
	for _, lhs := range p.Lhs {
		if lhs == u.at {
			return u.write(use, "assigned")
		}
	}
	for i, rhs := range p.Rhs {
		// v := x, and v, ok := x[i] where the walk has only v.
		if rhs == u.at && holdsReference(u.typ) && (len(p.Lhs) == len(p.Rhs) || len(p.Rhs) == 1) && u.readByLocal(p.Lhs[i]) {
			return false
		}
	}
	return u.leave(use, "reference copied")
}

func (u *useWalk) selector(p *ast.SelectorExpr, use *usage) bool {
	sel := u.w.Info.Selections[p]
	if sel == nil {
		return u.leave(use, "reference copied")
	}
	_, pointer := u.typ.Underlying().(*types.Pointer)
	if sel.Kind() == types.FieldVal {
		if pointer || sel.Indirect() {
			u.direct = false
		}
		return u.up(p)
	}
	fn := sel.Obj().(*types.Func)
	recv := fn.Signature().Recv().Type()
	if u.readByMethod(p, fn) {
		return false
	}
	if _, byPointer := recv.Underlying().(*types.Pointer); byPointer {
		if !pointer && !sel.Indirect() {
			return u.write(use, "address taken by a method call")
		}
		if use.escapes == "" && !immutablePointer(recv) {
			use.escapes = "method called on a pointer"
		}
		return false
	}
	return u.leave(use, "method called")
}

func (u *useWalk) index(p *ast.IndexExpr, use *usage) bool {
	if p.X != u.at {
		return false // used as an index or key: read
	}
	switch u.typ.Underlying().(type) {
	case *types.Array:
	default:
		u.direct = false
	}
	return u.up(p)
}

func (u *useWalk) slice(p *ast.SliceExpr, use *usage) bool {
	if p.X != u.at {
		return false
	}
	switch u.typ.Underlying().(type) {
	case *types.Basic:
		return false // string
	case *types.Array:
		if !u.direct {
			return u.up(p)
		}
		// The slice refers to the variable itself: fine as long as every use
		// of the slice reads in place.
		var through usage
		rest := useWalk{w: u.w, stack: u.above(p), at: p, typ: u.w.Info.TypeOf(p)}
		rest.classify(&through)
		if through.escapes != "" {
			return u.write(use, "sliced")
		}
		return false
	}
	u.direct = false
	return u.up(p)
}

// above returns the ancestors of p.
func (u *useWalk) above(p ast.Node) []ast.Node {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if u.stack[i] == p {
			return u.stack[:i]
		}
	}
	return nil
}

func (u *useWalk) rangeOver(p *ast.RangeStmt, use *usage) bool {
	if p.X != u.at {
		return u.write(use, "assigned")
	}
	var key, elem types.Type
	switch t := u.typ.Underlying().(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Array:
		elem = t.Elem()
	case *types.Map:
		key, elem = t.Key(), t.Elem()
	case *types.Pointer:
		if a, ok := t.Elem().Underlying().(*types.Array); ok {
			elem = a.Elem()
		}
	case *types.Basic:
		return false
	default:
		return u.leave(use, "ranged over")
	}
	leaks := func(to ast.Expr, t types.Type) bool {
		return to != nil && t != nil && holdsReference(t) && !u.readByLocal(to)
	}
	if leaks(p.Value, elem) || leaks(p.Key, key) {
		if use.escapes == "" {
			use.escapes = "elements copied by a range statement"
		}
	}
	return false
}

func (u *useWalk) call(p *ast.CallExpr, use *usage) bool {
	if p.Fun == u.at {
		return false // a function value is called
	}
	if tv := u.w.Info.Types[p.Fun]; tv.IsType() { // a conversion copies bytes into strings and back
		if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Kind() != types.UnsafePointer {
			return false
		}
		return u.leave(use, "reference copied")
	}
	id, ok := ast.Unparen(p.Fun).(*ast.Ident)
	if ok {
		if b, ok := u.w.Info.Uses[id].(*types.Builtin); ok {
			return u.builtin(p, b.Name(), use)
		}
	}
	if holdsReference(u.typ) && u.readByCall(p) {
		return false
	}
	return u.leave(use, "passed to a function")
}

func (u *useWalk) builtin(p *ast.CallExpr, name string, use *usage) bool {
	switch name {
	case "len", "cap", "min", "max", "print", "println", "panic":
		return false
	case "append", "copy":
		if len(p.Args) > 1 && p.Args[0] != u.at {
			if s, ok := u.typ.Underlying().(*types.Slice); ok && p.Args[len(p.Args)-1] == u.at &&
				(name == "copy" || p.Ellipsis.IsValid()) && !holdsReference(s.Elem()) {
				return false
			}
			return u.leave(use, "reference copied")
		}
	}
	if use.escapes == "" {
		use.escapes = "changed by " + name
	}
	return false
}

// holdsReference reports whether a value of type t can lead to storage that
// someone may write: through a pointer, slice, map or channel. What a function
// or an interface holds is the business of the initialiser's analysis.
func holdsReference(t types.Type) bool {
	if immutablePointer(t) {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Signature, *types.Interface:
		return false
	case *types.Array:
		return holdsReference(t.Elem())
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if holdsReference(t.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// immutablePointer reports whether t is a pointer type whose documentation
// promises that the value behind it never changes.
func immutablePointer(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	return immutableTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()] != ""
}

// immutableTypes lists types that are handled by pointer and never change, with
// the reason.
var immutableTypes = map[string]string{
	"regexp.Regexp": "compiled once; all methods but Longest only read (its scratch space lives in pools)",
}

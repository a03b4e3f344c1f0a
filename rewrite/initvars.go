package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// Repeating the initialisers of per-process variables when a process starts.
//
//	var x = f()         =>  func simgen_init_x() { *simgen_x.At() = f() }
//	var a, b = g()      =>  func simgen_init_a() { *simgen_a.At(), *simgen_b.At() = g() }
//	var _ = register()  =>  func simgen_init_blank0() { _ = register() }
//
// The functions are added to the end of the file that has the declaration, so
// that its imports are in force; the declaration itself stays for the native
// instance, see dormant.go. Assignment converts like initialisation does. The expression is a
// copy of the rewritten one: it reads the process's own instances of other
// variables. A variable without an initialiser needs nothing, a shared one
// keeps what it has: its initialiser has no effect worth repeating.
//
// The order is the one the type checker found (types.Info.InitOrder), which is
// Go's. Which of them wait until the variable is used is in deferred.go.

func (w *work) repeatInitialisers() {
	for _, in := range w.Info.InitOrder {
		d, ok := w.declared[in.Lhs[0].Pos()]
		if !ok || !w.needsRepeating(in) {
			continue
		}
		name := w.freshName("simgen_init_" + w.initName(in))
		w.repeats[in] = name
		d.file.dirty = true
		d.file.syntax.Decls = append(d.file.syntax.Decls, d.repeat(in, name))
	}
	for _, v := range w.order { // []byte from //go:embed
		if v.perProcess && v.embed && v.init == nil {
			w.repeatEmbed(v)
		}
	}
}

// A declaration is where an initialiser is written.
type declaration struct {
	spec *ast.ValueSpec
	file *fileWork
}

func (w *work) needsRepeating(in *types.Initializer) bool {
	blank := true
	for _, obj := range in.Lhs {
		if obj.Name() == "_" {
			continue
		}
		blank = false
		if v := w.vars[obj]; v != nil && v.perProcess {
			return true
		}
	}
	return blank && !w.pure[in] && !w.policy.native(w.Path)
}

func (w *work) initName(in *types.Initializer) string {
	for _, obj := range in.Lhs {
		if v := w.vars[obj]; v != nil && v.perProcess {
			return obj.Name()
		}
	}
	w.blanks++
	return "blank" + strconv.Itoa(w.blanks-1)
}

// repeat makes the function that evaluates an initialiser again. It runs after
// the edits, so the expression in the declaration is the rewritten one.
func (d declaration) repeat(in *types.Initializer, name string) ast.Decl {
	w, spec := d.file.work, d.spec
	own := spec.Values // those of this initialiser
	if len(spec.Values) == len(spec.Names) {
		for i, id := range spec.Names {
			if id.NamePos == in.Lhs[0].Pos() {
				own = spec.Values[i : i+1]
			}
		}
	}
	value := own[0]
	pos, end := value.Pos(), value.End()
	switch zero := w.dormant[in]; {
	case zero == nil:
		value = clone(value)
	case len(zero) == len(own):
		own[0] = zero[0]
	default:
		spec.Values = zero
	}
	var lhs []ast.Expr
	for _, obj := range in.Lhs {
		if v := w.vars[obj]; v != nil && v.perProcess {
			lhs = append(lhs, deref(pos, pos, ident(pos, v.handle), false))
		} else {
			lhs = append(lhs, ident(pos, "_"))
		}
	}
	return d.file.newFunc(pos, end, name, assign(pos, lhs, token.ASSIGN, value))
}

// repeatEmbed gives the process a copy of embedded bytes:
//
//	func simgen_init_x() { *simgen_x.At() = append(x[:0:0], x...) }
func (w *work) repeatEmbed(v *variable) {
	pos := v.name.Pos()
	name := w.freshName("simgen_init_" + v.obj.Name())
	native := func() ast.Expr { return ident(pos, v.obj.Name()) }
	empty := &ast.SliceExpr{X: native(), Lbrack: pos, High: intLit(pos, 0), Max: intLit(pos, 0), Slice3: true, Rbrack: pos}
	grown := call(pos, pos, ident(pos, "append"), empty, native())
	grown.Ellipsis = pos
	lhs := []ast.Expr{deref(pos, pos, ident(pos, v.handle), false)}
	v.file.syntax.Decls = append(v.file.syntax.Decls, v.file.newFunc(pos, pos, name, assign(pos, lhs, token.ASSIGN, grown)))
	v.file.dirty = true
	w.embedInits = append(w.embedInits, embedInit{name, v, v.file.file.Test})
}

type embedInit struct {
	name string
	of   *variable
	test bool
}

// judgeBlanks finds the initialisers of blank variables that have no effect,
// as in the assertion  var _ I = (*T)(nil).
func (w *work) judgeBlanks() {
	for _, in := range w.Info.InitOrder {
		if w.immutable(in.Rhs) || w.freshValue(in.Rhs, w.Info.TypeOf(in.Rhs)) {
			w.pure[in] = true
		}
	}
}

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Initialisers that can wait until their variable is used first. A process
// uses a small part of what its program imports, and most variables are
// initialised with something that only has to be made:
//
//	var pools = map[string]*sync.Pool{}
//	var zero = big.NewInt(0)
//	var once = sync.OnceValue(load)
//
// An initialiser can wait when nobody could tell: its expression has no effect,
// cannot panic or block, and what it evaluates to is the same at any time. The
// value may be changed later, through the variable; what the expression reads
// may not. The runtime sees to it that a use before the variable's turn still
// finds the zero value.
//
// This decides about time only. Whether a variable is shared is decided before,
// in classify.go, and more strictly.

// findDeferred decides about every initialiser. It needs to know which variables
// are per-process, and has to look before anything is changed.
func (w *work) findDeferred() {
	for _, in := range w.Info.InitOrder {
		if v := w.deferrable(in); v != nil {
			w.deferred[in] = v
		}
	}
}

// deferrable returns the variable whose first use in.Rhs can wait for, or nil.
func (w *work) deferrable(in *types.Initializer) *variable {
	if len(in.Lhs) != 1 {
		return nil
	}
	if v := w.vars[in.Lhs[0]]; v != nil && v.perProcess && w.settled(in.Rhs) {
		return v
	}
	return nil
}

// settled reports whether evaluating e has no effect and the same result
// whenever it is done. The result may be new storage.
func (w *work) settled(e ast.Expr) bool {
	if w.immutable(e) {
		return true
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return w.settled(e.X)
	case *ast.Ident:
		v := w.ownVar(e)
		return v != nil && w.settledVar(v)
	case *ast.SelectorExpr:
		return w.settledMethod(e)
	case *ast.UnaryExpr:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			return w.settled(lit)
		}
		return e.Op == token.AND && w.ownStorage(e.X)
	case *ast.CompositeLit:
		return w.settledLiteral(e)
	case *ast.CallExpr:
		return w.settledCall(e)
	}
	return false
}

func (w *work) allSettled(exprs []ast.Expr) bool {
	for _, e := range exprs {
		if !w.settled(e) {
			return false
		}
	}
	return true
}

// ownVar returns the package's variable that e names, or nil.
func (w *work) ownVar(e ast.Expr) *variable {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if obj, ok := w.Info.Uses[id].(*types.Var); ok {
			return w.vars[obj]
		}
	}
	return nil
}

// settledVar reports whether v has one value from its initialisation on.
func (w *work) settledVar(v *variable) bool {
	if !v.perProcess || v.use.written != "" || v.obj.Exported() || v.embed {
		return false
	}
	return v.init == nil || v.expr != nil && w.settled(v.expr)
}

// ownStorage reports whether e denotes a variable of the package or a field in
// it: its address is the same for as long as a process lives.
func (w *work) ownStorage(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return w.ownVar(e) != nil
	case *ast.SelectorExpr:
		sel := w.Info.Selections[e]
		if sel == nil || sel.Kind() != types.FieldVal || sel.Indirect() {
			return false
		}
		return w.ownStorage(e.X)
	}
	return false
}

// settledMethod is for x.Method as a value, which keeps a pointer to x.
func (w *work) settledMethod(e *ast.SelectorExpr) bool {
	sel := w.Info.Selections[e]
	if sel == nil || sel.Kind() != types.MethodVal || len(sel.Index()) != 1 {
		return false
	}
	if _, pointer := sel.Obj().(*types.Func).Signature().Recv().Type().Underlying().(*types.Pointer); !pointer {
		return false
	}
	if _, pointer := w.Info.TypeOf(e.X).Underlying().(*types.Pointer); pointer {
		return w.settled(e.X)
	}
	return w.ownStorage(e.X)
}

func (w *work) settledLiteral(lit *ast.CompositeLit) bool {
	t := w.Info.TypeOf(lit).Underlying()
	if p, ok := t.(*types.Pointer); ok { // an element &T{...} with its type elided
		t = p.Elem().Underlying()
	}
	if m, ok := t.(*types.Map); ok {
		if mayHoldAddress(m.Key()) { // the order of such keys is that in which they first became keys
			return false
		}
		for _, e := range lit.Elts {
			if !w.immutable(e.(*ast.KeyValueExpr).Key) {
				return false
			}
		}
	}
	return w.allSettled(elements(lit))
}

func (w *work) settledCall(e *ast.CallExpr) bool {
	if tv := w.Info.Types[e.Fun]; tv.IsType() {
		return len(e.Args) == 1 && !w.looks(tv.Type, e.Args[0]) && w.settled(e.Args[0])
	}
	if fun, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if b, ok := w.Info.Uses[fun].(*types.Builtin); ok {
			switch b.Name() {
			case "make":
				return w.allConstant(e.Args[1:])
			case "new":
				return w.Info.Types[e.Args[0]].IsType()
			}
			return false
		}
	}
	fn := w.calledFunc(e)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	name := fn.FullName()
	return keepers[name] != "" && w.allSettled(e.Args) ||
		(freshFuncs[name] != "" || name == "fmt.Errorf") && w.allImmutable(e.Args)
}

// looks reports whether the conversion of e to t looks at what e refers to,
// which may have changed: that of a slice to a string or an array does.
func (w *work) looks(t types.Type, e ast.Expr) bool {
	if _, slice := w.Info.TypeOf(e).Underlying().(*types.Slice); !slice {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Interface:
		return false
	}
	return true
}

func (w *work) allConstant(exprs []ast.Expr) bool {
	for _, e := range exprs {
		if w.Info.Types[e].Value == nil {
			return false
		}
	}
	return true
}

// freshFuncs lists functions that make something new of immutable arguments and
// do nothing else, with what that is. They take no lock and read no variable
// that could change.
var freshFuncs = map[string]string{
	"bytes.NewBufferString": "a buffer",
	"container/list.New":    "an empty list",
	"internal/godebug.New":  "a setting, which looks itself up when it is asked",
	"math/big.NewFloat":     "a number",
	"math/big.NewInt":       "a number",
	"math/big.NewRat":       "a number",
	"math/rand.NewSource":   "a source that begins with its seed",
	"math/rand/v2.NewPCG":   "a source that begins with its seed",
	"net.CIDRMask":          "bytes",
	"net.IPv4":              "bytes",
	"net.IPv4Mask":          "bytes",
	"net/http.NewServeMux":  "an empty multiplexer",
	"strings.Fields":        "strings",
	"strings.NewReader":     "a reader",
	"strings.NewReplacer":   "a replacer, which builds its tables when it is used",
	"strings.Split":         "strings",
}

// keepers lists functions that put their arguments into something new without
// looking at what they refer to.
var keepers = map[string]string{
	"bytes.NewBuffer": "a buffer",
	"bytes.NewReader": "a reader",
	"reflect.ValueOf": "a description",
	"sync.NewCond":    "a condition",
	"sync.OnceFunc":   "a function",
	"sync.OnceValue":  "a function",
	"sync.OnceValues": "a function",
}

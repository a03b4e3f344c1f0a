package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Analysis of initialisers. An expression is immutable when evaluating it has
// no effect and gives the same value in every process, and nothing reachable
// from that value can change. It is fresh when it makes a new slice, map or
// pointer target, which nothing else refers to, of immutable elements.

const (
	unknown = iota
	inProgress
	isImmutable
	isMutable
)

// immutableVar reports whether v has an immutable value for ever.
func (w *work) immutableVar(v *variable) bool {
	switch v.state {
	case inProgress, isMutable:
		return false
	case isImmutable:
		return true
	}
	v.state = inProgress
	ok := v.use.written == ""
	if ok && v.init != nil {
		ok = v.expr != nil && w.immutable(v.expr)
	}
	if ok && v.init == nil && v.embed {
		_, slice := v.obj.Type().Underlying().(*types.Slice)
		ok = !slice
	}
	v.state = isMutable
	if ok {
		v.state = isImmutable
	}
	return ok
}

func (w *work) allImmutable(exprs []ast.Expr) bool {
	for _, e := range exprs {
		if !w.immutable(e) {
			return false
		}
	}
	return true
}

func (w *work) immutable(e ast.Expr) bool {
	if tv := w.Info.Types[e]; tv.Value != nil || tv.IsNil() || tv.IsType() {
		return true
	}
	switch e := e.(type) {
	case *ast.FuncLit:
		return true // at package level there is nothing local to capture
	case *ast.ParenExpr:
		return w.immutable(e.X)
	case *ast.Ident:
		return w.immutableObject(w.Info.Uses[e])
	case *ast.SelectorExpr:
		return w.immutableSelector(e)
	case *ast.IndexExpr:
		switch w.Info.TypeOf(e.X).Underlying().(type) {
		case *types.Basic, *types.Array, *types.Signature:
			return w.immutable(e.X) && w.immutable(e.Index)
		}
	case *ast.IndexListExpr:
		return w.immutable(e.X)
	case *ast.UnaryExpr:
		return e.Op != token.AND && e.Op != token.ARROW && w.immutable(e.X)
	case *ast.BinaryExpr:
		return w.immutable(e.X) && w.immutable(e.Y)
	case *ast.CompositeLit:
		switch w.Info.TypeOf(e).Underlying().(type) {
		case *types.Struct, *types.Array:
			return w.allImmutable(elements(e))
		}
	case *ast.CallExpr:
		return w.immutableCall(e)
	}
	return false
}

// elements returns the values of a composite literal, and of a map the keys.
func elements(lit *ast.CompositeLit) []ast.Expr {
	var values []ast.Expr
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		values = append(values, e)
	}
	return values
}

func (w *work) immutableObject(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return true
	case *types.Var:
		if v := w.vars[obj]; v != nil {
			return w.immutableVar(v) && (!obj.Exported() || w.sentinel(v))
		}
		return w.immutableImport(obj)
	}
	return false
}

// immutableImport judges a variable of another package: its sentinel errors,
// and plain facts (about the CPU, say) that packages below the floor have.
func (w *work) immutableImport(obj *types.Var) bool {
	if obj.Pkg() == nil || obj.Pkg() == w.Types {
		return false
	}
	vars, rewritten := w.dep(obj.Pkg().Path())
	if !rewritten {
		_, basic := obj.Type().Underlying().(*types.Basic)
		return basic && !holdsReference(obj.Type()) || isError(obj.Type())
	}
	return !vars[obj.Name()] && isError(obj.Type())
}

func (w *work) immutableSelector(e *ast.SelectorExpr) bool {
	sel := w.Info.Selections[e]
	if sel == nil {
		return w.immutableObject(w.Info.Uses[e.Sel])
	}
	switch sel.Kind() {
	case types.MethodExpr:
		return true
	case types.MethodVal: // binds a copy of its receiver
		_, pointer := sel.Obj().(*types.Func).Signature().Recv().Type().Underlying().(*types.Pointer)
		return !pointer && !sel.Indirect() && w.immutable(e.X)
	case types.FieldVal:
		if _, pointer := w.Info.TypeOf(e.X).Underlying().(*types.Pointer); !pointer && !sel.Indirect() {
			return w.immutable(e.X) || w.nativeField(e)
		}
	}
	return false
}

// nativeField reports whether e is a plain field of a variable that lives below
// the floor, as cpu.X86.HasAVX.
func (w *work) nativeField(e *ast.SelectorExpr) bool {
	if _, basic := w.Info.TypeOf(e).Underlying().(*types.Basic); !basic {
		return false
	}
	x, ok := e.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	obj, ok := w.Info.Uses[x.Sel].(*types.Var)
	if !ok || obj.Pkg() == nil || obj.Pkg() == w.Types || obj.IsField() {
		return false
	}
	_, rewritten := w.dep(obj.Pkg().Path())
	return !rewritten
}

func (w *work) immutableCall(e *ast.CallExpr) bool {
	if tv := w.Info.Types[e.Fun]; tv.IsType() { // conversion
		return len(e.Args) == 1 && w.immutable(e.Args[0]) && !isByteSlice(tv.Type)
	}
	if fun, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if b, ok := w.Info.Uses[fun].(*types.Builtin); ok {
			switch b.Name() {
			case "len", "cap", "min", "max":
				return w.allImmutable(e.Args)
			}
			return false
		}
	}
	if w.isTypeOf(e) {
		return true
	}
	fn := w.calledFunc(e)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	name := fn.FullName()
	if pureFuncs[name] == "" {
		return false
	}
	if name == "fmt.Errorf" && !w.constantFormat(e) {
		return false
	}
	return w.allImmutable(e.Args)
}

// calledFunc returns the declared function that a call names.
func (w *work) calledFunc(e *ast.CallExpr) *types.Func {
	fun := ast.Unparen(e.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		fn, _ := w.Info.Uses[fun].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := w.Info.Uses[fun.Sel].(*types.Func)
		return fn
	}
	return nil
}

// isTypeOf recognises  reflect.TypeOf(...)  and  reflect.TypeOf(...).Elem(): a
// type descriptor is the same value in every process.
func (w *work) isTypeOf(e *ast.CallExpr) bool {
	fn := w.calledFunc(e)
	if fn == nil {
		return false
	}
	switch fn.FullName() {
	case "reflect.TypeFor", "internal/reflectlite.TypeFor":
		return true
	case "reflect.TypeOf", "internal/reflectlite.TypeOf":
		// The argument is only asked for its type, but it is evaluated.
		return w.immutable(e.Args[0]) || w.freshValue(e.Args[0], w.Info.TypeOf(e.Args[0]))
	case "(reflect.Type).Elem", "(internal/reflectlite.Type).Elem":
		inner, ok := ast.Unparen(ast.Unparen(e.Fun).(*ast.SelectorExpr).X).(*ast.CallExpr)
		return ok && w.isTypeOf(inner)
	}
	return false
}

// constantFormat reports whether a call of fmt.Errorf formats constants and
// wraps nothing.
func (w *work) constantFormat(e *ast.CallExpr) bool {
	for _, arg := range e.Args {
		if w.Info.Types[arg].Value == nil {
			return false
		}
	}
	return len(e.Args) > 0 && !strings.Contains(w.Info.Types[e.Args[0]].Value.ExactString(), "%w")
}

// pureFuncs lists functions without effect whose result depends on the
// arguments only and cannot be changed, with the reason.
var pureFuncs = map[string]string{
	"errors.New":           "makes a value that only tells its text",
	"fmt.Errorf":           "the same, for constant arguments without %w",
	"fmt.Sprintf":          "a string",
	"fmt.Sprint":           "a string",
	"strings.Repeat":       "a string",
	"strings.ToLower":      "a string",
	"strings.ToUpper":      "a string",
	"strings.TrimSpace":    "a string",
	"strings.Join":         "a string",
	"strconv.Itoa":         "a string",
	"strconv.Quote":        "a string",
	"math.Inf":             "a number",
	"math.NaN":             "a number",
	"math.Float64bits":     "a number",
	"math.Float64frombits": "a number",
	"math.Float32frombits": "a number",
	"math.Sqrt":            "a number",
	"math.Log":             "a number",
	"math.Log2":            "a number",
	"math.Pow":             "a number",
	"math/bits.Len":        "a number",
	"regexp.MustCompile":   "see immutableTypes",
}

func isByteSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

// freshValue reports whether e makes a value of type t that refers to nothing
// but new storage with immutable contents.
func (w *work) freshValue(e ast.Expr, t types.Type) bool {
	if w.immutable(e) {
		return true
	}
	if types.IsInterface(t) {
		return false // what an interface holds can be reached by its methods
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return w.freshValue(e.X, t)
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return e.Op == token.AND && ok && w.freshValue(lit, w.Info.TypeOf(lit))
	case *ast.CompositeLit:
		return w.freshLiteral(e)
	case *ast.CallExpr:
		if tv := w.Info.Types[e.Fun]; tv.IsType() {
			return len(e.Args) == 1 && w.freshValue(e.Args[0], w.Info.TypeOf(e.Args[0]))
		}
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
			if b, ok := w.Info.Uses[id].(*types.Builtin); ok && (b.Name() == "make" || b.Name() == "new") {
				return w.allImmutable(e.Args)
			}
		}
	}
	return false
}

func (w *work) freshLiteral(lit *ast.CompositeLit) bool {
	switch t := w.Info.TypeOf(lit).Underlying().(type) {
	case *types.Pointer: // an element &T{...} with its type elided
		return w.freshElements(lit, t.Elem())
	default:
		return w.freshElements(lit, t)
	}
}

func (w *work) freshElements(lit *ast.CompositeLit, t types.Type) bool {
	for i, e := range lit.Elts {
		var elem types.Type
		value := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			value = kv.Value
		}
		switch t := t.Underlying().(type) {
		case *types.Slice:
			elem = t.Elem()
		case *types.Array:
			elem = t.Elem()
		case *types.Map:
			elem = t.Elem()
			if mayHoldAddress(t.Key()) || !w.immutable(e.(*ast.KeyValueExpr).Key) {
				return false
			}
		case *types.Struct:
			elem = fieldType(t, e, i)
		}
		if elem == nil || !w.freshValue(value, elem) {
			return false
		}
	}
	return true
}

// fieldType returns the type of the field that the i-th element of a struct
// literal sets.
func fieldType(t *types.Struct, e ast.Expr, i int) types.Type {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return t.Field(i).Type()
	}
	name := kv.Key.(*ast.Ident).Name
	for j := 0; j < t.NumFields(); j++ {
		if t.Field(j).Name() == name {
			return t.Field(j).Type()
		}
	}
	return nil
}

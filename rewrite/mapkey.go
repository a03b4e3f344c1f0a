package rewrite

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Insertion into a map whose keys can hold an address.
//
//	m[k] = v             =>  m[simgen.MapKey(k)] = v          also op=, ++, --, and as
//	                                                          operand of a receive or range
//	map[*T]int{p: 1}     =>  map[*T]int{simgen.MapKey(p): 1}
//
// MapKey returns its argument and remembers when pointers inside it were first
// used as a key; the order of a range then follows that and not the address.
// It is a call around an operand that is evaluated once at the same place. If
// k is converted to the key type by the assignment, it still is, after the
// call; where k's own type is not comparable (the native operation panics), the
// conversion is made explicit and the panic stays where it was.
//
// Constants and nil hold no address. Lookups and delete insert nothing.

func collectMapKey(f *fileWork, n node) {
	x, ok := n.(*ast.IndexExpr)
	if !ok || f.isConst(x.Index) {
		return
	}
	m, ok := coreType(f.typeOf(x.X)).(*types.Map)
	if !ok || !mayHoldAddress(m.Key()) || !mayHoldAddress(f.typeOf(x.Index)) || !f.assignedTo(x) {
		return
	}
	wrap := f.mapKey(x.Index, m.Key())
	if wrap == nil {
		return
	}
	f.claim(x, func(*astutil.Cursor) { x.Index = wrap(x.Index) })
}

// assignedTo reports whether x stands on the left of an assignment.
func (f *fileWork) assignedTo(x ast.Expr) bool {
	switch p, child := f.context(x); p := p.(type) {
	case *ast.AssignStmt:
		for _, lhs := range p.Lhs {
			if lhs == child {
				return true
			}
		}
	case *ast.IncDecStmt:
		return true
	case *ast.RangeStmt:
		return p.Key == child || p.Value == child
	}
	return false
}

// mapKey returns the function that wraps a key of a map with keys of type to.
func (f *fileWork) mapKey(key ast.Expr, to types.Type) func(ast.Expr) ast.Expr {
	plain := func(e ast.Expr) ast.Expr {
		return f.runtimeCall(e.Pos(), e.End(), "MapKey", e)
	}
	t := f.typeOf(key)
	if types.Comparable(t) && f.declaredFunc(key) == nil {
		return plain
	}
	conv, ok := f.typeExpr(to, key.Pos())
	if !ok {
		f.diag(key.Pos(), "the type of this map key cannot be named here",
			"convert the key before the assignment")
		return nil
	}
	return func(e ast.Expr) ast.Expr { return plain(call(e.Pos(), e.End(), conv, e)) }
}

func collectMapLiteral(f *fileWork, n node) {
	lit, ok := n.(*ast.CompositeLit)
	if !ok {
		return
	}
	m, ok := literalType(f.typeOf(lit)).(*types.Map)
	if !ok || !mayHoldAddress(m.Key()) {
		return
	}
	wraps := map[*ast.KeyValueExpr]func(ast.Expr) ast.Expr{}
	for _, e := range lit.Elts {
		kv := e.(*ast.KeyValueExpr)
		if f.isConst(kv.Key) || !mayHoldAddress(f.typeOf(kv.Key)) {
			continue
		}
		if wrap := f.literalKey(kv.Key, m.Key()); wrap != nil {
			wraps[kv] = wrap
		}
	}
	if len(wraps) == 0 {
		return
	}
	f.claim(lit, func(*astutil.Cursor) {
		for kv, wrap := range wraps {
			kv.Key = wrap(kv.Key)
		}
	})
}

// literalKey is mapKey for a key of a composite literal, whose own type may be
// elided: {1, p} for T{1, p} or &T{1, p}.
func (f *fileWork) literalKey(key ast.Expr, to types.Type) func(ast.Expr) ast.Expr {
	lit, ok := key.(*ast.CompositeLit)
	if !ok || lit.Type != nil {
		return f.mapKey(key, to)
	}
	elem := to
	ptr, pointer := to.Underlying().(*types.Pointer)
	if pointer {
		elem = ptr.Elem()
	}
	name, ok := f.typeExpr(elem, key.Pos())
	if !ok {
		f.diag(key.Pos(), "the type of this map key cannot be named here", "write it out")
		return nil
	}
	return func(e ast.Expr) ast.Expr {
		lit := e.(*ast.CompositeLit)
		lit.Type = name
		if pointer {
			e = addressOf(lit.Pos(), lit)
		}
		return f.runtimeCall(e.Pos(), e.End(), "MapKey", e)
	}
}

// literalType is the type that a composite literal makes: the core type, or
// what a pointer type with an elided & points to.
func literalType(t types.Type) types.Type {
	u := coreType(t)
	if p, ok := u.(*types.Pointer); ok {
		return coreType(p.Elem())
	}
	return u
}

// mayHoldAddress reports whether a value of type t can contain an address, so
// that its hash and order are not the same in every run.
func mayHoldAddress(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return mayHoldAddress(t.Elem())
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if mayHoldAddress(t.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

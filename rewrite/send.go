package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// The send statement.
//
//	ch <- v  =>  simgen.Send(ch, v)              v has the channel's element type
//	ch <- v  =>  simgen.SendTo(ch).Value(v)      v is converted to it
//
// Channel and value are evaluated in the same order, before the communication.
// With the second form the element type is fixed by the channel alone, and v
// is converted as by assignment; a single call would let v take part in type
// inference, which prefers the defined one of two types.

func collectSend(f *fileWork, n node) {
	s, ok := n.(*ast.SendStmt)
	if !ok || !f.hasCore(s.Chan, s.Arrow) {
		return
	}
	direct := f.sendsDirectly(s)
	f.claim(s, func(c *astutil.Cursor) {
		c.Replace(exprStmt(f.sendCall(s, "Send", "SendTo", s.Pos(), direct)))
	})
}

// sendCall is the text  simgen.one(ch, v)  or  simgen.two(ch).Value(v)
func (f *fileWork) sendCall(s *ast.SendStmt, one, two string, pos token.Pos, direct bool) ast.Expr {
	if direct {
		return f.runtimeCall(pos, s.Value.End(), one, s.Chan, s.Value)
	}
	to := f.runtimeCall(pos, s.Chan.End(), two, s.Chan)
	return call(s.Arrow, s.Value.End(), selector(s.Arrow, to, "Value"), s.Value)
}

// sendsDirectly reports whether the value may stand beside the channel in one
// generic call.
func (f *fileWork) sendsDirectly(s *ast.SendStmt) bool {
	ch := f.chanOf(s.Chan)
	if f.Info.Types[s.Value].IsNil() {
		return true // has no type to take part in inference with
	}
	if f.untyped(s.Value) || f.declaredFunc(s.Value) != nil {
		return false
	}
	return types.Identical(ch.Elem(), f.typeOf(s.Value))
}

// chanOf returns the channel type of an expression, nil if it has none.
func (f *fileWork) chanOf(e ast.Expr) *types.Chan {
	ch, _ := coreType(f.typeOf(e)).(*types.Chan)
	return ch
}

// hasCore reports whether one channel type underlies the expression; for a
// type parameter of several channel types there is no call that fits.
func (f *fileWork) hasCore(ch ast.Expr, pos token.Pos) bool {
	if f.chanOf(ch) != nil {
		return true
	}
	if _, ok := f.typeOf(ch).Underlying().(*types.Interface); ok {
		f.diag(pos, "this operation is on a type parameter with several channel types",
			"give the type parameter one element type, as in ~chan T")
	}
	return false
}

// coreType returns the type that underlies t: for a type parameter the one
// that all types of its type set share, nil if there is none. Of channels with
// different directions it is the most restricted one.
func coreType(t types.Type) types.Type {
	tp, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	var core types.Type
	iface, ok := tp.Constraint().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	for i := 0; i < iface.NumEmbeddeds(); i++ {
		for _, u := range typeTerms(iface.EmbeddedType(i)) {
			if core = mergeCore(core, u.Underlying()); core == nil {
				return nil
			}
		}
	}
	return core
}

// typeTerms returns the types of a constraint's element.
func typeTerms(t types.Type) []types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Union:
		var terms []types.Type
		for i := 0; i < t.Len(); i++ {
			terms = append(terms, typeTerms(t.Term(i).Type())...)
		}
		return terms
	default:
		iface, ok := t.Underlying().(*types.Interface)
		if !ok {
			return []types.Type{t}
		}
		var terms []types.Type
		for i := 0; i < iface.NumEmbeddeds(); i++ {
			terms = append(terms, typeTerms(iface.EmbeddedType(i))...)
		}
		return terms
	}
}

func mergeCore(a, b types.Type) types.Type {
	if a == nil || types.Identical(a, b) {
		return b
	}
	x, ok1 := a.(*types.Chan)
	y, ok2 := b.(*types.Chan)
	if !ok1 || !ok2 || !types.Identical(x.Elem(), y.Elem()) {
		return nil
	}
	switch {
	case x.Dir() == types.SendRecv:
		return y
	case y.Dir() == types.SendRecv:
		return x
	}
	return nil
}

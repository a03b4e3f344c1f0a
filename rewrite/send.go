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

// hasCore reports whether one channel type underlies the expression, without
// which there is no call that fits. The language asks for it, too.
func (f *fileWork) hasCore(ch ast.Expr, pos token.Pos) bool {
	if f.chanOf(ch) != nil {
		return true
	}
	f.diag(pos, "this operation is on a type parameter without one channel type",
		"give the type parameter one element type, as in ~chan T")
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
	set, all := typeSet(tp.Constraint())
	if all {
		return nil
	}
	var core types.Type
	for _, term := range set {
		if core = mergeCore(core, term.Type().Underlying()); core == nil {
			return nil
		}
	}
	return core
}

// typeSet returns the terms of a constraint, or that it allows all types.
// Elements of an interface are intersected, those of a union added up.
func typeSet(t types.Type) (set []*types.Term, all bool) {
	switch u := t.Underlying().(type) {
	case *types.Union:
		for i := range u.Len() {
			term := u.Term(i)
			if !types.IsInterface(term.Type()) {
				set = append(set, term)
				continue
			}
			more, every := typeSet(term.Type())
			set, all = append(set, more...), all || every
		}
		return set, all
	case *types.Interface:
		all = true
		for i := range u.NumEmbeddeds() {
			more, every := typeSet(u.EmbeddedType(i))
			switch {
			case every:
			case all:
				set, all = more, false
			default:
				set = intersect(set, more)
			}
		}
		return set, all
	}
	return []*types.Term{types.NewTerm(false, t)}, false
}

func intersect(a, b []*types.Term) []*types.Term {
	var both []*types.Term
	for _, x := range a {
		for _, y := range b {
			switch {
			case x.Tilde() && types.Identical(x.Type().Underlying(), y.Type().Underlying()):
				both = append(both, y)
			case types.Identical(x.Type(), y.Type()), y.Tilde() && types.Identical(x.Type().Underlying(), y.Type().Underlying()):
				both = append(both, x)
			}
		}
	}
	return both
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

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// A rangeLoop turns a range clause into a for clause over an iterator.
//
// The operand is evaluated once, before the loop. A label stays on the loop:
// continue goes on to it.Next(), as the clause has no post statement. Operands
// on the left of an assignment are evaluated in each iteration, after the next
// element is known, as in the original.
//
// The body moves into a block of its own where it declares a name again that
// the clause defines (k := k): the original body is a scope inside that of the
// clause.
//
// Loop variables: since Go 1.22 each iteration has its own, which a definition
// at the start of the body gives. In older files all iterations share one, and
// that can be observed when the variable is captured by a closure or its
// address is taken; then the variables are defined in the init clause instead:
//
//	for it, k, v := simgen.RangeMap(m).Vars(); it.Next(); {
//	    k, v = it.Key(), it.Value()
type rangeLoop struct {
	f        *fileWork
	stmt     *ast.RangeStmt
	iterator string
	vars     []loopVar
}

type loopVar struct {
	place  *ast.Expr // on the left side: the edits may replace what is there; nil if absent or blank
	method string    // of the iterator
}

func (l *rangeLoop) bind(place *ast.Expr, method string) {
	if id, ok := (*place).(*ast.Ident); *place == nil || ok && id.Name == "_" {
		place = nil
	}
	l.vars = append(l.vars, loopVar{place, method})
}

// name is the identifier on the left side, nil if there is something else.
func (v loopVar) name() *ast.Ident {
	if v.place == nil {
		return nil
	}
	id, _ := (*v.place).(*ast.Ident)
	return id
}

func (l *rangeLoop) collect() {
	s, f := l.stmt, l.f
	it := namesIn(s).one("it")
	shared := s.Tok == token.DEFINE && !f.perIteration() && l.observed()
	nested := s.Tok == token.DEFINE && l.redeclared()
	f.claim(s, func(c *astutil.Cursor) {
		pos := s.For
		loop := &ast.ForStmt{For: pos, Body: s.Body}
		iter := f.runtimeCall(s.Range, s.X.End(), l.iterator, s.X)
		loop.Init = assign(pos, []ast.Expr{ident(pos, it)}, token.DEFINE, iter)
		end := s.X.End()
		loop.Cond = call(end, end, selector(end, ident(end, it), "Next"))
		if shared {
			l.declareShared(loop, it)
		}
		if step := l.step(it, shared); step != nil {
			if nested {
				b := *s.Body
				loop.Body = block(s.Body.Lbrace, s.Body.Rbrace, step, &b)
			} else {
				loop.Body.List = append([]ast.Stmt{step}, loop.Body.List...)
			}
		}
		c.Replace(loop)
	})
}

// step is the text  k, v := it.Key(), it.Value(), nil when nothing is bound.
func (l *rangeLoop) step(it string, shared bool) ast.Stmt {
	pos := l.stmt.For
	var lhs, rhs []ast.Expr
	for _, v := range l.vars {
		if v.place != nil {
			lhs = append(lhs, *v.place)
			rhs = append(rhs, call(pos, pos, selector(pos, ident(pos, it), v.method)))
		}
	}
	if lhs == nil {
		return nil
	}
	tok := l.stmt.Tok
	if shared {
		tok = token.ASSIGN
	}
	step := assign(pos, lhs, tok, rhs...)
	l.f.synthetic[step] = l.stmt.Tok == token.DEFINE
	return step
}

// declareShared makes the init clause  it, k, v := iterator.Vars()
func (l *rangeLoop) declareShared(loop *ast.ForStmt, it string) {
	init := loop.Init.(*ast.AssignStmt)
	pos := l.stmt.For
	for _, v := range l.vars {
		name := "_"
		if id := v.name(); id != nil {
			name = id.Name
		}
		init.Lhs = append(init.Lhs, ident(pos, name))
	}
	end := l.stmt.X.End()
	init.Rhs = []ast.Expr{call(end, end, selector(end, init.Rhs[0], "Vars"))}
}

// redeclared reports whether the body's own scope has a name of the clause.
func (l *rangeLoop) redeclared() bool {
	scope := l.f.Info.Scopes[l.stmt.Body]
	for _, v := range l.vars {
		if id := v.name(); id != nil && (scope == nil || scope.Lookup(id.Name) != nil) {
			return true
		}
	}
	return false
}

// observed reports whether it can make a difference that all iterations share
// the loop variables.
func (l *rangeLoop) observed() bool {
	vars := map[types.Object]bool{}
	for _, v := range l.vars {
		if id := v.name(); id != nil {
			vars[l.f.Info.Defs[id]] = true
		}
	}
	found := false
	uses := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && vars[l.f.Info.Uses[id]] {
			found = true
		}
		return !found
	}
	ast.Inspect(l.stmt.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ast.Inspect(n.Body, uses)
			return false
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				ast.Inspect(n.X, uses)
			}
		case *ast.SliceExpr:
			if _, ok := l.f.typeOf(n.X).Underlying().(*types.Array); ok {
				ast.Inspect(n.X, uses)
			}
		case *ast.SelectorExpr: // x.m() with a pointer receiver takes &x
			if sel := l.f.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				ast.Inspect(n.X, uses)
			}
		}
		return !found
	})
	return found
}

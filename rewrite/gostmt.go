package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// The go statement.
//
//	go f()                 =>  simgen.Go(f)
//	go x.m()               =>  simgen.Go(x.m)
//	go func() { ... }()    =>  simgen.Go(func() { ... })
//	go f(x, y())           =>  {
//	                               a0, a1 := x, y()
//	                               simgen.GoCall(func() { f(a0, a1) })
//	                           }
//	go x.m(y)              =>  {
//	                               f0, a0 := x.m, y     // x.m[T] if the call infers T
//	                               simgen.GoCall(func() { f0(a0) })
//	                           }
//
// Go evaluates the function value and the arguments at the statement and
// discards the results. So does this: evaluating x.m as a method value copies
// the receiver (or panics for a nil interface) just as the go statement does.
// GoCall knows that the closure is not the program's, and keeps it out of stacks.
// What needs no evaluation is used in the closure directly: constants, nil,
// declared functions, function literals without arguments; that also keeps
// untyped constants untyped and generic functions uninstantiated until the call.
// Temporaries have the argument's own type; the conversion to the parameter's
// type happens in the call, and a conversion by assignment cannot panic. An
// untyped bool or shift takes its type from the parameter, so that its
// temporary is converted explicitly; a bool whose type cannot be named becomes
// untyped again by a comparison. What uintptr(p) keeps alive during the call
// is the pointer, so that it has the temporary.
//
// The block keeps the temporaries to itself, so a goto may jump over the
// statement as before; a label stays on the block.

func collectGo(f *fileWork, n node) {
	s, ok := n.(*ast.GoStmt)
	if !ok {
		return
	}
	g := &goStmt{f: f, stmt: s}
	if g.isPlain() {
		f.claim(s, g.editPlain)
		return
	}
	if !g.plan() {
		f.handled[s] = true
		return
	}
	f.claim(s, g.editGeneral)
}

type goStmt struct {
	f    *fileWork
	stmt *ast.GoStmt

	fun    string     // temporary of the function value, "" to use it directly
	types  []ast.Expr // type arguments of the method it is
	args   []goArg
	spread []string // temporaries of f(g()) with a multi-valued g
}

type goArg struct {
	temp       string   // its temporary, "" to use it directly
	conversion ast.Expr // of what is assigned to the temporary, nil for none
	address    bool     // uintptr(p): the temporary holds p
	untyped    bool     // the temporary, a bool, is compared to become untyped
}

// isPlain reports whether the call is f() with a function that is a func()
// already.
func (g *goStmt) isPlain() bool {
	c := g.stmt.Call
	sig, ok := g.f.typeOf(c.Fun).Underlying().(*types.Signature)
	if !ok || len(c.Args) > 0 || g.f.builtin(c.Fun) != "" {
		return false
	}
	if _, ok := types.Unalias(g.f.typeOf(c.Fun)).(*types.TypeParam); ok {
		return false
	}
	return sig.Params().Len() == 0 && sig.Results().Len() == 0
}

func (g *goStmt) editPlain(c *astutil.Cursor) {
	s := g.stmt
	c.Replace(exprStmt(g.f.runtimeCall(s.Go, s.Call.End(), "Go", ast.Unparen(s.Call.Fun))))
}

// plan decides which parts of the call need a temporary.
func (g *goStmt) plan() bool {
	f, call := g.f, g.stmt.Call
	fresh := namesIn(g.stmt)
	if g.needsFun(call) {
		g.fun = fresh.one("f0")
		var ok bool
		if g.types, ok = f.typeArguments(call.Fun); !ok {
			f.diag(call.Fun.Pos(), "a type argument of this method cannot be named here",
				"assign the method value to a variable before the go statement")
			return false
		}
	}
	if len(call.Args) == 1 {
		if tuple, ok := f.typeOf(call.Args[0]).(*types.Tuple); ok {
			g.spread = fresh.series("a", tuple.Len())
			return true
		}
	}
	names := fresh.series("a", len(call.Args))
	g.args = make([]goArg, len(call.Args))
	for i, arg := range call.Args {
		if f.isConst(arg) || f.declaredFunc(arg) != nil || f.Info.Types[arg].IsType() {
			continue
		}
		a := &g.args[i]
		a.temp = names[i]
		a.address = f.isAddress(arg)
		if !f.untyped(arg) {
			continue
		}
		conv, ok := f.typeExpr(f.typeOf(arg), arg.Pos())
		if ok {
			a.conversion = conv
		} else if isBoolean(f.typeOf(arg)) {
			a.untyped = true
		} else {
			f.diag(arg.Pos(), "the type of this argument of a go statement cannot be named here",
				"assign it to a variable before the go statement")
			return false
		}
	}
	return true
}

// typeArguments are those of a generic method that is called, which a method
// value cannot infer from the arguments as the call does. It reports false if one
// cannot be named.
func (f *fileWork) typeArguments(fun ast.Expr) (args []ast.Expr, ok bool) {
	sel, isMethod := withoutIndices(fun).(*ast.SelectorExpr)
	if !isMethod || f.Info.Selections[sel] == nil {
		return nil, true
	}
	list := f.Info.Instances[sel.Sel].TypeArgs
	for i := range list.Len() {
		arg, ok := f.typeExpr(list.At(i), fun.End())
		if !ok {
			return nil, false
		}
		args = append(args, arg)
	}
	return args, true
}

func withoutIndices(e ast.Expr) ast.Expr {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return x.X
	case *ast.IndexListExpr:
		return x.X
	default:
		return x
	}
}

// instantiated is fun with type arguments.
func instantiated(fun ast.Expr, args []ast.Expr) ast.Expr {
	end := fun.End()
	switch len(args) {
	case 0:
		return fun
	case 1:
		return &ast.IndexExpr{X: withoutIndices(fun), Lbrack: end, Index: args[0], Rbrack: end}
	}
	return &ast.IndexListExpr{X: withoutIndices(fun), Lbrack: end, Indices: args, Rbrack: end}
}

// isAddress reports whether e is uintptr(p) of an unsafe pointer.
func (f *fileWork) isAddress(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || !f.Info.Types[c.Fun].IsType() || len(c.Args) != 1 {
		return false
	}
	b, ok := f.typeOf(c.Args[0]).Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

func isBoolean(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func (g *goStmt) needsFun(call *ast.CallExpr) bool {
	f := g.f
	if f.builtin(call.Fun) != "" || f.declaredFunc(call.Fun) != nil {
		return false
	}
	_, lit := ast.Unparen(call.Fun).(*ast.FuncLit)
	return !lit || len(call.Args) > 0
}

func (g *goStmt) editGeneral(c *astutil.Cursor) {
	s, end := g.stmt, g.stmt.End()-1
	run := *s.Call
	var stmts []ast.Stmt
	var lhs, rhs []ast.Expr
	if g.fun != "" {
		lhs = append(lhs, ident(s.Call.Pos(), g.fun))
		rhs = append(rhs, instantiated(s.Call.Fun, g.types))
		run.Fun = ident(end, g.fun)
	}
	flush := func() {
		if len(lhs) > 0 {
			stmts = append(stmts, assign(lhs[0].Pos(), lhs, token.DEFINE, rhs...))
		}
		lhs, rhs = nil, nil
	}
	run.Args = nil
	for i, a := range g.args {
		arg := s.Call.Args[i]
		if a.temp == "" {
			run.Args = append(run.Args, arg)
			continue
		}
		var use ast.Expr = ident(end, a.temp)
		switch {
		case a.conversion != nil:
			arg = call(arg.Pos(), arg.End(), a.conversion, arg)
		case a.untyped:
			use = binary(end, use, token.EQL, paren(end, end, binary(end, intLit(end, 0), token.EQL, intLit(end, 0))))
		case a.address:
			conv := ast.Unparen(arg).(*ast.CallExpr)
			arg = conv.Args[0]
			fun := clone(conv.Fun)
			reposition(fun, end)
			use = call(end, end, fun, use)
		}
		lhs = append(lhs, ident(s.Call.Pos(), a.temp))
		rhs = append(rhs, arg)
		run.Args = append(run.Args, use)
	}
	if g.spread != nil {
		flush()
		for _, name := range g.spread {
			lhs = append(lhs, ident(s.Call.Args[0].Pos(), name))
			run.Args = append(run.Args, ident(end, name))
		}
		rhs = s.Call.Args
	}
	flush()
	if len(stmts) == 0 {
		c.Replace(exprStmt(g.f.runtimeCall(s.Go, end+1, "GoCall", closure(s.Go, end, exprStmt(&run)))))
		return
	}
	// What follows the temporaries is behind their comments.
	run.Lparen, run.Rparen = end, end
	if run.Ellipsis.IsValid() {
		run.Ellipsis = end
	}
	start := g.f.runtimeCall(end, end, "GoCall", closure(end, end, exprStmt(&run)))
	c.Replace(block(s.Go, end, append(stmts, exprStmt(start))...))
}

// untyped reports whether e, though not constant, would have another type if
// it stood alone: comparisons and shifts of untyped operands take the type of
// their context.
func (f *fileWork) untyped(e ast.Expr) bool {
	var alone types.Type
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch x.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			alone = types.Typ[types.Bool]
		case token.SHL, token.SHR:
			if !f.isConst(x.X) {
				return f.untyped(x.X)
			}
			alone = types.Typ[types.Int]
		default:
			return f.untyped(x.X) && f.untyped(x.Y) ||
				f.untyped(x.X) && f.isConst(x.Y) || f.isConst(x.X) && f.untyped(x.Y)
		}
	case *ast.UnaryExpr:
		return x.Op != token.AND && x.Op != token.ARROW && f.untyped(x.X)
	default:
		return false
	}
	return !types.Identical(f.typeOf(e), alone)
}

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// The receive operation.
//
//	<-ch             =>  simgen.Recv(ch)
//	v, ok = <-ch     =>  v, ok = simgen.Recv2(ch)
//
//	v, flag = <-ch   =>  v, flag = simgen.Recv2As[Flag](ch)
//
// A receive is an expression that is evaluated in the usual order among calls
// and receives; a call takes the same place. The two-value form keeps the
// statement around it, so that definitions, assignments to any operand and
// blanks stay as they are. One thing differs: the second value of the original
// is an untyped bool and that of a call is not, hence a variable of a defined
// boolean type is named in the call.

func collectRecv(f *fileWork, n node) {
	u, ok := n.(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW || f.handled[u] || !f.hasCore(u.X, u.OpPos) {
		return
	}
	if !f.commaOk(u) {
		f.claim(u, func(c *astutil.Cursor) {
			c.Replace(f.runtimeCall(u.OpPos, u.End(), "Recv", u.X))
		})
		return
	}
	parent, _ := f.context(u)
	flag, ok := f.okType(parent)
	if !ok {
		f.handled[u] = true
		return
	}
	f.claim(u, func(c *astutil.Cursor) {
		c.Replace(f.withOkType(f.runtimeCall(u.OpPos, u.End(), "Recv2", u.X), "Recv2As", flag))
	})
}

// withOkType makes the text  simgen.name[flag](...)  of a call if there is a
// flag.
func (f *fileWork) withOkType(c *ast.CallExpr, name string, flag ast.Expr) ast.Expr {
	if flag != nil {
		pos := c.Pos()
		c.Fun = &ast.IndexExpr{X: f.runtimeFunc(pos, name), Lbrack: pos, Index: flag, Rbrack: pos}
	}
	return c
}

// okType returns the type of the second operand of a two-value form if it is
// none that accepts a bool. It reports false, and says so, if there is one and
// it cannot be named.
func (f *fileWork) okType(stmt ast.Node) (ast.Expr, bool) {
	var ok ast.Expr
	switch s := stmt.(type) {
	case *ast.AssignStmt:
		if len(s.Lhs) == 2 {
			ok = s.Lhs[1]
		}
	case *ast.ValueSpec:
		if s.Type != nil && len(s.Names) == 2 {
			ok = s.Type
		}
	}
	if ok == nil {
		return nil, true
	}
	if id, isIdent := ok.(*ast.Ident); isIdent && id.Name == "_" {
		return nil, true
	}
	t := f.typeOf(ok)
	if t == types.Typ[types.Invalid] || types.AssignableTo(types.Typ[types.Bool], t) {
		return nil, true
	}
	if flag, named := f.typeExpr(t, ok.Pos()); named {
		return flag, true
	}
	f.diag(ok.Pos(), "the second value of a receive is assigned to a variable of type "+
		types.TypeString(t, types.RelativeTo(f.Types))+", which cannot be named here", "receive into a variable of type bool and convert it")
	return nil, false
}

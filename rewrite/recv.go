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
// A receive is an expression that is evaluated in the usual order among calls
// and receives; a call takes the same place. The two-value form keeps the
// statement around it, so that definitions, assignments to any operand and
// blanks stay as they are. One thing differs: the second value of the original
// is an untyped bool and that of a call is not, hence a variable of a defined
// boolean type is refused.

func collectRecv(f *fileWork, n node) {
	u, ok := n.(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW || f.handled[u] || !f.hasCore(u.X, u.OpPos) {
		return
	}
	name := "Recv"
	if f.commaOk(u) {
		name = "Recv2"
		parent, _ := f.context(u)
		if !f.takesBool(parent) {
			f.handled[u] = true
			return
		}
	}
	f.claim(u, func(c *astutil.Cursor) {
		c.Replace(f.runtimeCall(u.OpPos, u.End(), name, u.X))
	})
}

// takesBool reports whether the second operand of a two-value form accepts a
// bool; it says so if not.
func (f *fileWork) takesBool(stmt ast.Node) bool {
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
		return true
	}
	if id, isIdent := ok.(*ast.Ident); isIdent && id.Name == "_" {
		return true
	}
	t := f.typeOf(ok)
	if t == types.Typ[types.Invalid] || types.AssignableTo(types.Typ[types.Bool], t) {
		return true
	}
	f.diag(ok.Pos(), "the second value of a receive is assigned to a variable of type "+
		types.TypeString(t, types.RelativeTo(f.Types)), "receive into a variable of type bool and convert it")
	return false
}

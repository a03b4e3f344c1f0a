package rewrite

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// The select statement.
//
//	select {                        switch c0, c1 := simgen.CaseRecv(a), simgen.CaseSend(b, f()); simgen.Select(c0, c1) {
//	case v, ok := <-a:              case 0:
//	    A                               v, ok := c0.Value2()
//	case b <- f():             =>       A
//	    B                           default:
//	}                                   B
//	                                }
//	with a default clause           the same with simgen.SelectDefault, whose -1
//	                                reaches the original default clause
//	select {}                  =>   for { simgen.Select() }
//
// Channels and values to send are evaluated once, in source order, when the
// statement is entered; the operand of a case becomes the operand of a call,
// calls happen from left to right, and each case is complete before the next
// one begins. The operands on the left of an assignment are evaluated after
// the receive, and only those of the chosen case.
//
// A clause of a switch is the same kind of scope as one of a select, and
// break, continue, goto and labels mean the same in both. Without a default
// clause the last one takes its place, since Select returns one of its cases:
// a select that ends a function (every clause ends in return) then becomes a
// switch that does, too.
//
// The operands take the position of the select keyword, for they move past the
// bodies of the clauses before them.

func collectSelect(f *fileWork, n node) {
	s, ok := n.(*ast.SelectStmt)
	if !ok {
		return
	}
	if len(s.Body.List) == 0 {
		f.claim(s, func(c *astutil.Cursor) {
			wait := exprStmt(f.runtimeCall(s.Select, s.Body.Lbrace, "Select"))
			c.Replace(&ast.ForStmt{For: s.Select, Body: block(s.Body.Lbrace, s.Body.Rbrace, wait)})
		})
		return
	}
	plan := selectPlan{f: f, stmt: s, names: namesIn(s).series("c", len(s.Body.List))}
	ok = true
	for _, clause := range s.Body.List {
		ok = plan.addClause(clause.(*ast.CommClause)) && ok
	}
	if ok { // else the diagnostic is out, and the statement stays as it is
		f.claim(s, plan.edit)
	}
}

type selectPlan struct {
	f     *fileWork
	stmt  *ast.SelectStmt
	names []string
	cases []selectCase
}

type selectCase struct {
	clause *ast.CommClause
	send   *ast.SendStmt
	direct bool            // the sent value needs no conversion
	recv   *ast.UnaryExpr  // nil in a default clause, too
	assign *ast.AssignStmt // what the receive is assigned to, if anything
	flag   ast.Expr        // type of the second operand, if it is no bool
}

func (p *selectPlan) addClause(clause *ast.CommClause) bool {
	f := p.f
	c := selectCase{clause: clause}
	switch comm := clause.Comm.(type) {
	case *ast.SendStmt:
		c.send = comm
		f.handled[comm] = true
		if !f.hasCore(comm.Chan, comm.Arrow) {
			return false
		}
		c.direct = f.sendsDirectly(comm)
	case *ast.ExprStmt:
		c.recv = ast.Unparen(comm.X).(*ast.UnaryExpr)
	case *ast.AssignStmt:
		c.assign = comm
		c.recv = ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr)
		if len(comm.Lhs) == 2 {
			var ok bool
			if c.flag, ok = f.okType(comm); !ok {
				return false
			}
		}
	}
	if c.recv != nil {
		f.handled[c.recv] = true
		if !f.hasCore(c.recv.X, c.recv.OpPos) {
			return false
		}
	}
	p.cases = append(p.cases, c)
	return true
}

func (p *selectPlan) edit(cur *astutil.Cursor) {
	f, pos := p.f, p.stmt.Select
	var lhs, rhs, args []ast.Expr
	wait := "Select"
	index := 0
	for i := range p.cases {
		c := &p.cases[i]
		clause := &ast.CaseClause{Case: c.clause.Case, Colon: c.clause.Colon, Body: c.clause.Body}
		p.stmt.Body.List[i] = clause
		if c.send == nil && c.recv == nil {
			wait = "SelectDefault"
			continue
		}
		name := p.names[index]
		lhs = append(lhs, ident(pos, name))
		rhs = append(rhs, p.operand(c))
		args = append(args, ident(pos, name))
		clause.List = []ast.Expr{intLit(c.clause.Case, index)}
		if c.assign != nil {
			clause.Body = append([]ast.Stmt{p.receive(c, name)}, clause.Body...)
		}
		index++
	}
	if wait == "Select" {
		p.stmt.Body.List[index-1].(*ast.CaseClause).List = nil
	}
	sw := &ast.SwitchStmt{Switch: pos, Body: p.stmt.Body}
	sw.Tag = f.runtimeCall(pos, pos, wait, args...)
	if len(lhs) > 0 { // else it is select { default: }
		sw.Init = assign(pos, lhs, token.DEFINE, rhs...)
	}
	cur.Replace(sw)
}

// operand is the text  simgen.CaseRecv(ch)  or  simgen.CaseSend(ch, v)
func (p *selectPlan) operand(c *selectCase) ast.Expr {
	pos := p.stmt.Select
	var e ast.Expr
	if c.send != nil {
		e = p.f.sendCall(c.send, "CaseSend", "CaseSendTo", pos, c.direct)
	} else {
		e = p.f.runtimeCall(pos, pos, "CaseRecv", c.recv.X)
	}
	p.f.dropComments(c.clause.Comm)
	reposition(e, pos)
	return e
}

// receive is the text  v, ok := c0.Value2(), with the original left side and token.
func (p *selectPlan) receive(c *selectCase, name string) ast.Stmt {
	pos := c.recv.OpPos
	method := "Value"
	if len(c.assign.Lhs) == 2 {
		method = "Value2"
	}
	value := call(pos, pos, selector(pos, ident(pos, name), method))
	if c.flag != nil {
		value = p.f.runtimeCall(pos, pos, "Value2As", ident(pos, name))
		p.f.withOkType(value, "Value2As", c.flag)
	}
	s := assign(c.assign.TokPos, c.assign.Lhs, c.assign.Tok, value)
	p.f.synthetic[s] = c.assign.Tok == token.DEFINE
	return s
}

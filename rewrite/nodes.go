package rewrite

import (
	"go/ast"
	"go/token"
	"reflect"
	"strconv"
)

// Constructors of syntax, each documented by the Go text it makes. Every node
// takes the position of what it replaces: comments, directives and line
// numbers then stay where they were.

// ident: name
func ident(pos token.Pos, name string) *ast.Ident {
	return &ast.Ident{NamePos: pos, Name: name}
}

// selector: x.name
func selector(pos token.Pos, x ast.Expr, name string) *ast.SelectorExpr {
	return &ast.SelectorExpr{X: x, Sel: ident(pos, name)}
}

// call: fun(args...), from pos to end
func call(pos, end token.Pos, fun ast.Expr, args ...ast.Expr) *ast.CallExpr {
	return &ast.CallExpr{Fun: fun, Lparen: pos, Args: args, Rparen: lastOf(pos, end)}
}

// lastOf is the position of the last character of what spans from pos to end.
// A node that replaces another must not end behind it: further replacements
// around it would add up, and reach the next line.
func lastOf(pos, end token.Pos) token.Pos { return max(pos, end-1) }

// star: *x
func star(pos token.Pos, x ast.Expr) *ast.StarExpr {
	return &ast.StarExpr{Star: pos, X: x}
}

// paren: (x)
func paren(pos, end token.Pos, x ast.Expr) *ast.ParenExpr {
	return &ast.ParenExpr{Lparen: pos, X: x, Rparen: lastOf(pos, end)}
}

// binary: x op y
func binary(pos token.Pos, x ast.Expr, op token.Token, y ast.Expr) *ast.BinaryExpr {
	return &ast.BinaryExpr{X: x, OpPos: pos, Op: op, Y: y}
}

// exprStmt: x
func exprStmt(x ast.Expr) *ast.ExprStmt { return &ast.ExprStmt{X: x} }

// assign: lhs tok rhs
func assign(pos token.Pos, lhs []ast.Expr, tok token.Token, rhs ...ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: lhs, TokPos: pos, Tok: tok, Rhs: rhs}
}

// block: { stmts }
func block(pos, end token.Pos, stmts ...ast.Stmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: pos, List: stmts, Rbrace: end}
}

// closure: func() { stmts }
func closure(pos, end token.Pos, stmts ...ast.Stmt) *ast.FuncLit {
	return &ast.FuncLit{
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}},
		Body: block(pos, end, stmts...),
	}
}

// intLit: n
func intLit(pos token.Pos, n int) *ast.BasicLit {
	return &ast.BasicLit{ValuePos: pos, Kind: token.INT, Value: strconv.Itoa(n)}
}

// emptyInterface: interface{}, which nothing can shadow
func emptyInterface(pos token.Pos) *ast.InterfaceType {
	return &ast.InterfaceType{Interface: pos, Methods: &ast.FieldList{Opening: pos, Closing: pos}}
}

var (
	posType      = reflect.TypeFor[token.Pos]()
	objectType   = reflect.TypeFor[*ast.Object]()
	scopeType    = reflect.TypeFor[*ast.Scope]()
	commentsType = reflect.TypeFor[*ast.CommentGroup]()
)

// reposition gives every token of n the position pos. It is for operands that
// move forward in the text: the printer would otherwise flush the comments
// between their old place and the new one too early.
func reposition(n ast.Node, pos token.Pos) {
	setPositions(reflect.ValueOf(n), pos)
}

func setPositions(v reflect.Value, pos token.Pos) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() && v.Type() != objectType && v.Type() != scopeType && v.Type() != commentsType {
			setPositions(v.Elem(), pos)
		}
	case reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			setPositions(v.Index(i), pos)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			field := v.Field(i)
			if field.Type() != posType {
				setPositions(field, pos)
			} else if field.Int() != 0 { // zero means that the token is absent
				field.SetInt(int64(pos))
			}
		}
	}
}

// clone copies an expression, without its comments: they belong to the
// original.
func clone[N ast.Node](n N) N {
	return cloneValue(reflect.ValueOf(n)).Interface().(N)
}

func cloneValue(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(cloneValue(v.Elem()))
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != objectType && v.Type() != scopeType && v.Type() != commentsType {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(cloneValue(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := 0; i < v.Len(); i++ {
				out.Index(i).Set(cloneValue(v.Index(i)))
			}
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			out.Field(i).Set(cloneValue(v.Field(i)))
		}
	default:
		out.Set(v)
	}
	return out
}

// addressOf: &x
func addressOf(pos token.Pos, x ast.Expr) *ast.UnaryExpr {
	return &ast.UnaryExpr{OpPos: pos, Op: token.AND, X: x}
}

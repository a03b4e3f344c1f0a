package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// structExpr spells the text  struct { a int; b.T }. Fields that another
// package keeps to itself cannot be spelled.
func (f *fileWork) structExpr(t *types.Struct, pos token.Pos) (ast.Expr, bool) {
	fields := &ast.FieldList{Opening: pos, Closing: pos}
	for i := range t.NumFields() {
		v := t.Field(i)
		typ, ok := f.typeExpr(v.Type(), pos)
		if !ok || !f.ours(v) {
			return nil, false
		}
		field := &ast.Field{Type: typ}
		if v.Embedded() {
			field.Type = ast.Unparen(typ) // may not have parentheses
		} else {
			field.Names = []*ast.Ident{ident(pos, v.Name())}
		}
		if tag := t.Tag(i); tag != "" {
			field.Tag = &ast.BasicLit{ValuePos: pos, Kind: token.STRING, Value: strconv.Quote(tag)}
		}
		fields.List = append(fields.List, field)
	}
	return &ast.StructType{Struct: pos, Fields: fields}, true
}

// interfaceExpr spells the text  interface { M(int) }  of an interface without
// embedded ones.
func (f *fileWork) interfaceExpr(t *types.Interface, pos token.Pos) (ast.Expr, bool) {
	e := emptyInterface(pos)
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		typ, ok := f.signatureExpr(m.Signature(), pos)
		if !ok || !f.ours(m) {
			return nil, false
		}
		e.Methods.List = append(e.Methods.List, &ast.Field{Names: []*ast.Ident{ident(pos, m.Name())}, Type: typ})
	}
	return e, t.NumEmbeddeds() == 0
}

// signatureExpr spells the text  func(a, ...b) (c, d)
func (f *fileWork) signatureExpr(t *types.Signature, pos token.Pos) (ast.Expr, bool) {
	params, ok1 := f.tupleExpr(t.Params(), pos)
	results, ok2 := f.tupleExpr(t.Results(), pos)
	if !ok1 || !ok2 {
		return nil, false
	}
	if t.Variadic() {
		last := params.List[len(params.List)-1]
		last.Type = &ast.Ellipsis{Ellipsis: pos, Elt: last.Type.(*ast.ArrayType).Elt}
	}
	typ := &ast.FuncType{Func: pos, Params: params}
	if t.Results().Len() > 0 {
		typ.Results = results
	}
	return typ, true
}

func (f *fileWork) tupleExpr(t *types.Tuple, pos token.Pos) (*ast.FieldList, bool) {
	list := &ast.FieldList{Opening: pos, Closing: pos}
	for i := range t.Len() {
		typ, ok := f.typeExpr(t.At(i).Type(), pos)
		if !ok {
			return nil, false
		}
		list.List = append(list.List, &ast.Field{Type: typ})
	}
	return list, true
}

// ours reports whether the name of a field or method means the same in this
// package.
func (f *fileWork) ours(obj types.Object) bool { return obj.Exported() || obj.Pkg() == f.Types }

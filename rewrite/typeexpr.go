package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// typeExpr spells a type as it can be written at a position of the file. Names
// are looked up there: one that is shadowed, not imported or not exported
// makes the type unspeakable, and the caller says so.
func (f *fileWork) typeExpr(t types.Type, pos token.Pos) (ast.Expr, bool) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return f.qualified(types.Unsafe, "Pointer", pos)
		}
		return ident(pos, t.Name()), f.visible(types.Universe.Lookup(t.Name()), pos)
	case *types.Alias:
		return f.namedExpr(t.Obj(), t.TypeArgs(), pos)
	case *types.Named:
		return f.namedExpr(t.Obj(), t.TypeArgs(), pos)
	case *types.TypeParam:
		return ident(pos, t.Obj().Name()), f.visible(t.Obj(), pos)
	case *types.Pointer:
		elem, ok := f.typeExpr(t.Elem(), pos)
		return paren(pos, pos, star(pos, elem)), ok
	case *types.Slice:
		elem, ok := f.typeExpr(t.Elem(), pos)
		return &ast.ArrayType{Lbrack: pos, Elt: elem}, ok
	case *types.Array:
		elem, ok := f.typeExpr(t.Elem(), pos)
		length := &ast.BasicLit{ValuePos: pos, Kind: token.INT, Value: strconv.FormatInt(t.Len(), 10)}
		return &ast.ArrayType{Lbrack: pos, Len: length, Elt: elem}, ok
	case *types.Map:
		key, ok1 := f.typeExpr(t.Key(), pos)
		elem, ok2 := f.typeExpr(t.Elem(), pos)
		return &ast.MapType{Map: pos, Key: key, Value: elem}, ok1 && ok2
	case *types.Chan:
		elem, ok := f.typeExpr(t.Elem(), pos)
		return paren(pos, pos, &ast.ChanType{Begin: pos, Arrow: pos, Dir: chanDirs[t.Dir()], Value: elem}), ok
	case *types.Interface:
		return f.interfaceExpr(t, pos)
	case *types.Struct:
		return f.structExpr(t, pos)
	case *types.Signature:
		return f.signatureExpr(t, pos)
	}
	return nil, false
}

func (f *fileWork) namedExpr(obj *types.TypeName, args *types.TypeList, pos token.Pos) (ast.Expr, bool) {
	var name ast.Expr = ident(pos, obj.Name())
	if obj.Pkg() == nil || obj.Pkg() == f.Types {
		if !f.visible(obj, pos) {
			return nil, false
		}
	} else {
		var ok bool
		if name, ok = f.qualified(obj.Pkg(), obj.Name(), pos); !ok {
			return nil, false
		}
	}
	if args.Len() == 0 {
		return name, true
	}
	var list []ast.Expr
	for i := 0; i < args.Len(); i++ {
		arg, ok := f.typeExpr(args.At(i), pos)
		if !ok {
			return nil, false
		}
		list = append(list, arg)
	}
	if len(list) == 1 {
		return &ast.IndexExpr{X: name, Lbrack: pos, Index: list[0], Rbrack: pos}, true
	}
	return &ast.IndexListExpr{X: name, Lbrack: pos, Indices: list, Rbrack: pos}, true
}

// visible reports whether the name of obj means obj at pos.
func (f *fileWork) visible(obj types.Object, pos token.Pos) bool {
	scope := f.Types.Scope().Innermost(pos)
	if scope == nil {
		scope = f.Info.Scopes[f.syntax]
	}
	if scope == nil {
		return false
	}
	_, found := scope.LookupParent(obj.Name(), pos)
	return found == obj
}

// qualified spells pkg.name through the file's import of pkg.
func (f *fileWork) qualified(pkg *types.Package, name string, pos token.Pos) (ast.Expr, bool) {
	if !token.IsExported(name) {
		return nil, false
	}
	for _, spec := range f.syntax.Imports {
		pn := f.Info.PkgNameOf(spec)
		if pn == nil || pn.Imported() != pkg || pn.Name() == "_" {
			continue
		}
		if pn.Name() == "." {
			return ident(pos, name), true
		}
		return selector(pos, ident(pos, pn.Name()), name), f.visible(pn, pos)
	}
	return nil, false
}

var chanDirs = map[types.ChanDir]ast.ChanDir{
	types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV,
}

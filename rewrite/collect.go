package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// fileWork is the state of rewriting one file.
type fileWork struct {
	*work
	file   *File
	syntax *ast.File

	alias     string          // the name under which the runtime is imported
	idents    map[string]bool // every identifier of the file
	edits     map[ast.Node]edit
	handled   map[ast.Node]bool // nodes that no further pass may claim
	synthetic map[ast.Node]bool // statements that correspond to no line of their own
	stack     []ast.Node        // while collecting: the ancestors, outermost first

	added map[ast.Node]bool // declarations that the original does not have

	usesRuntime bool // needs the import
	upgrade     bool // uses generics, and the file's language may lack them
	dirty       bool // changed without an edit
}

// An edit changes or replaces the node of the cursor.
type edit func(c *astutil.Cursor)

// A node is what a pass looks at.
type node = ast.Node

// claim registers the edit of n, unless another pass has claimed it before.
func (f *fileWork) claim(n ast.Node, e edit) {
	if f.handled[n] {
		return
	}
	f.handled[n] = true
	f.edits[n] = e
}

// parent returns the i-th ancestor of the node being collected, 0 the direct
// parent, nil beyond the file.
func (f *fileWork) parent(i int) ast.Node {
	if i >= len(f.stack) {
		return nil
	}
	return f.stack[len(f.stack)-1-i]
}

// context returns the nearest ancestor that is no parenthesis, and the child
// of it through which the node is reached.
func (f *fileWork) context(n ast.Node) (parent, child ast.Node) {
	child = n
	for i := 0; ; i++ {
		p := f.parent(i)
		if _, ok := p.(*ast.ParenExpr); !ok {
			return p, child
		}
		child = p
	}
}

func (f *fileWork) collect() {
	var on []pass
	for _, p := range passes {
		if !f.policy.exempt(f.Path, p.name) && !(f.opt.TestsOnly && p.name == "initfunc") {
			on = append(on, p)
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if n == nil {
			f.stack = f.stack[:len(f.stack)-1]
			return true
		}
		// A constant expression is not evaluated: len(array), unsafe.Sizeof(<-c).
		// It must stay constant, and nothing in it happens.
		if e, ok := n.(ast.Expr); ok && f.Info.Types[e].Value != nil {
			return false
		}
		for i := range on {
			on[i].collect(f, n)
		}
		f.stack = append(f.stack, n)
		return true
	})
}

func (f *fileWork) mutate() {
	if len(f.edits) == 0 {
		return
	}
	astutil.Apply(f.syntax, nil, func(c *astutil.Cursor) bool {
		if n := c.Node(); n != nil {
			if e := f.edits[n]; e != nil {
				e(c)
			}
		}
		return true
	})
}

func (f *fileWork) changed() bool {
	return f.dirty || f.usesRuntime || len(f.edits) > 0
}

func (f *fileWork) typeOf(e ast.Expr) types.Type {
	if t := f.Info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// commaOk reports whether e is used in its two-value form.
func (f *fileWork) commaOk(e ast.Expr) bool {
	_, ok := f.typeOf(e).(*types.Tuple)
	return ok
}

func (f *fileWork) isConst(e ast.Expr) bool {
	tv := f.Info.Types[e]
	return tv.Value != nil || tv.IsNil()
}

// builtin returns the name of the builtin function that fun denotes, or "".
func (f *fileWork) builtin(fun ast.Expr) string {
	if id, ok := ast.Unparen(fun).(*ast.Ident); ok {
		if b, ok := f.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// declaredFunc returns the function that e names, if e is the name of a
// declared function, possibly qualified or instantiated: evaluating such an
// expression does nothing, and the function can be called later.
func (f *fileWork) declaredFunc(e ast.Expr) *types.Func {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		fn, _ := f.Info.Uses[e].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		if sel := f.Info.Selections[e]; sel != nil {
			if sel.Kind() != types.MethodExpr {
				return nil
			}
			fn, _ := sel.Obj().(*types.Func)
			return fn
		}
		fn, _ := f.Info.Uses[e.Sel].(*types.Func)
		return fn
	case *ast.IndexExpr:
		return f.declaredFunc(e.X)
	case *ast.IndexListExpr:
		return f.declaredFunc(e.X)
	}
	return nil
}

// importedPackage returns the path of the package that e names as in pkg.Name.
func (f *fileWork) importedPackage(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		if pn, ok := f.Info.Uses[id].(*types.PkgName); ok {
			return pn.Imported().Path()
		}
	}
	return ""
}

// runtimeFunc is the text  simgen.name
func (f *fileWork) runtimeFunc(pos token.Pos, name string) ast.Expr {
	f.usesRuntime = true
	return selector(pos, ident(pos, f.alias), name)
}

// runtimeCall is the text  simgen.name(args...)  spanning from pos to end.
func (f *fileWork) runtimeCall(pos, end token.Pos, name string, args ...ast.Expr) *ast.CallExpr {
	f.upgrade = f.upgrade || name != "Go" && name != "GoCall"
	return call(pos, end, f.runtimeFunc(pos, name), args...)
}

// newFunc is the declaration
//
//	func name() {
//	    stmt
//	}
//
// It starts in the line above the statement's, which keeps the line numbers
// in step.
func (f *fileWork) newFunc(pos, end token.Pos, name string, stmt ast.Stmt) *ast.FuncDecl {
	above := pos
	if file := f.Fset.File(pos); file != nil {
		if line := f.Fset.PositionFor(pos, false).Line; line > 1 {
			above = file.LineStart(line - 1)
		}
	}
	d := &ast.FuncDecl{
		Name: ident(above, name),
		Type: &ast.FuncType{Func: above, Params: &ast.FieldList{Opening: above, Closing: above}},
		Body: block(above, end, stmt),
	}
	f.added[d] = true
	return d
}

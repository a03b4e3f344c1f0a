package rewrite

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Functions that a package outside the standard library pulls from Go's
// runtime. (Those of the standard library are the floor's.)
//
//	//go:linkname nanotime runtime.nanotime
//	func nanotime() int64
//
// becomes
//
//	//go:linkname simgen_native_nanotime runtime.nanotime
//	func nanotime() int64 {
//	    if simgen.Simulated() {
//	        return simgen.Nanotime()
//	    }
//	    return simgen_native_nanotime()
//	}
//
//	func simgen_native_nanotime() int64
//
// The declaration keeps its name and type, so that callers see no difference.
// Functions that only look at memory and types (mallocgc, memmove,
// typedmemmove) are left alone. All others of Go's runtime are refused, and so
// are its variables: they reach into the scheduler, the poller, the timers, the
// kernel. The tables are in pulls.go.

// collectLinkname handles a function declaration without a body.
func collectLinkname(f *fileWork, n node) {
	d, ok := n.(*ast.FuncDecl)
	if !ok || d.Body != nil || d.Recv != nil || f.Std {
		return
	}
	directive, remote := f.linkname(d.Name.Name)
	if directive == nil {
		return
	}
	if code := pulled[remote]; code != "" {
		f.claimPull(d, directive, remote, code)
		return
	}
	f.refusePull(d.Pos(), d.Name.Name, remote)
}

// refusePull refuses a name that is linked to what cannot be pulled.
func (w *work) refusePull(pos token.Pos, local, remote string) {
	if why := refusedPull(remote); why != "" {
		w.diag(pos, local+" is linked to "+remote+", which "+why, "use the exported equivalent, or build with a tag that leaves this file out")
	}
}

// linkname finds the directive that links a local name to another package's.
func (f *fileWork) linkname(local string) (directive *ast.Comment, remote string) {
	for _, g := range f.syntax.Comments {
		for _, c := range g.List {
			if fields := strings.Fields(c.Text); len(fields) == 3 && floor.IsLinkname(fields[0]) && fields[1] == local {
				return c, fields[2]
			}
		}
	}
	return nil, ""
}

// claimPull plans the wrapper of a pulled function.
func (f *fileWork) claimPull(d *ast.FuncDecl, directive *ast.Comment, remote, code string) {
	params := f.nameParams(d)
	for i, name := range params {
		code = strings.ReplaceAll(code, "$"+strconv.Itoa(i+1), name)
	}
	code = strings.ReplaceAll(code, "$R", resultType(d))
	native := f.freshName("simgen_native_" + d.Name.Name)
	run := native + "(" + strings.Join(params, ", ") + ")"
	if d.Type.Results != nil {
		run = "return " + run
	}
	body := "if simgen.Simulated() {\n" + code + "\n}\n" + run
	stmts := f.parseStmts(strings.ReplaceAll(body, "simgen.", f.alias+"."), d.Pos())
	if stmts == nil || strings.Contains(code, "$") {
		f.diag(d.Pos(), d.Name.Name+" does not have the type of "+remote, "declare it as the Go runtime does")
		return
	}
	f.usesRuntime = true
	f.claim(d, func(c *astutil.Cursor) {
		c.InsertAfter(f.bodyless(d, native))
		d.Body = block(d.End(), d.End(), stmts...)
		dropNoescape(d.Doc)
		word, _, _ := strings.Cut(directive.Text, " ")
		directive.Text = word + " " + native + " " + remote
	})
}

// resultType is the text of the one result of d, if it has one.
func resultType(d *ast.FuncDecl) string {
	if d.Type.Results == nil || len(d.Type.Results.List) != 1 {
		return ""
	}
	return types.ExprString(d.Type.Results.List[0].Type)
}

// dropNoescape replaces the directive that only declarations without a body
// may have by one that does no harm: removing it would tear the others off.
func dropNoescape(doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	for _, c := range doc.List {
		if c.Text == "//go:noescape" {
			c.Text = "//go:noinline"
		}
	}
}

// bodyless is the declaration of d under another name.
func (f *fileWork) bodyless(d *ast.FuncDecl, name string) *ast.FuncDecl {
	typ := clone(d.Type)
	reposition(typ, d.End())
	decl := &ast.FuncDecl{Name: ident(d.End(), name), Type: typ}
	f.added[decl] = true
	return decl
}

// nameParams gives every parameter of d a name and returns them.
func (f *fileWork) nameParams(d *ast.FuncDecl) []string {
	fresh := namesIn(d.Type)
	var names []string
	for _, field := range d.Type.Params.List {
		if len(field.Names) == 0 {
			field.Names = []*ast.Ident{ident(field.Pos(), "_")}
		}
		for _, id := range field.Names {
			if id.Name == "_" {
				id.Name = fresh.one("p" + strconv.Itoa(len(names)))
			}
			names = append(names, id.Name)
		}
	}
	return names
}

// parseStmts parses statements and places them at pos; nil if they do not
// parse, because a parameter is missing.
func (f *fileWork) parseStmts(code string, pos token.Pos) []ast.Stmt {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+code+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	body := file.Decls[0].(*ast.FuncDecl).Body
	reposition(body, pos)
	ast.Inspect(body, func(n ast.Node) bool {
		if n != nil {
			f.synthetic[n] = true
		}
		return true
	})
	return body.List
}

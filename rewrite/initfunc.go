package rewrite

import (
	"go/ast"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// Init functions, which every simulated process runs again.
//
//	func init() { ... }  =>  func simgen_init_0() { ... }
//
//	                         func init() { simgen_init_0() }
//
// The new init function stands where the old one stood, so that the native
// order is kept; nothing can refer to init, so that the new name cannot be
// missed. (A dormant package has none, see dormant.go.) The numbers count the package's init functions in file order.

type initFunc struct {
	name string
	test bool
}

func collectInitFunc(f *fileWork, n node) {
	d, ok := n.(*ast.FuncDecl)
	if !ok || d.Recv != nil || d.Name.Name != "init" || d.Body == nil || f.policy.native(f.Path) {
		return
	}
	name := f.freshName("simgen_init_" + strconv.Itoa(len(f.inits)))
	f.work.inits = append(f.work.inits, initFunc{name, f.file.Test})
	f.handled[d.Name] = true
	f.claim(d, func(c *astutil.Cursor) {
		d.Name.Name = name
		if f.opt.Dormant {
			return
		}
		end := d.End()
		run := exprStmt(call(end, end, ident(end, name)))
		c.InsertAfter(f.newFunc(end, end, "init", run))
	})
}

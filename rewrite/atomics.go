package rewrite

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Functions of sync/atomic, called or used as values.
//
//	atomic.AddInt32(&x, 1)  =>  atomic.Simgen_AddInt32(&x, 1)
//
// The wrappers have the same signatures and add a place where the scheduler
// may switch. The compiler treats the plain functions as intrinsics, so that
// they cannot be changed themselves. The methods of the atomic types are
// ordinary functions, and the floor changes those inside sync/atomic.

func collectAtomic(f *fileWork, n node) {
	id, ok := n.(*ast.Ident)
	if !ok {
		return
	}
	fn, ok := f.Info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" || fn.Pkg() == f.Types {
		return
	}
	if fn.Signature().Recv() != nil || !fn.Exported() {
		return
	}
	f.claim(id, func(c *astutil.Cursor) {
		c.Replace(ident(id.NamePos, "Simgen_"+id.Name))
	})
}

package rewrite

import (
	"go/ast"

	"golang.org/x/tools/go/ast/astutil"
)

// Closing a channel.
//
//	close(ch)        =>  simgen.Close(ch)
//	defer close(ch)  =>  defer simgen.Close(ch)
//
// Only the name of the function changes; the argument is evaluated where it
// was. The native close inside panics for nil and closed channels. A type
// parameter with several channel types, which allow nothing else, takes
// simgen.CloseAny.

func collectClose(f *fileWork, n node) {
	c, ok := n.(*ast.CallExpr)
	if !ok || f.builtin(c.Fun) != "close" {
		return
	}
	name := "Close"
	if f.chanOf(c.Args[0]) == nil {
		name = "CloseAny"
	}
	f.claim(c, func(*astutil.Cursor) {
		f.upgrade = true
		c.Fun = f.runtimeFunc(c.Fun.Pos(), name)
	})
}

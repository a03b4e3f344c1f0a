package rewrite

import (
	"go/ast"
	"go/types"
)

// Ranging over a channel.
//
//	for v := range ch { ... }  =>  for it := simgen.RangeChan(ch); it.Next(); {
//	                                   v := it.Value()
//	                                   ...
//	                               }
//	for x.f = range ch         =>  the same with x.f = it.Value()
//	for range ch               =>  for it := simgen.RangeChan(ch); it.Next(); { ... }
//
// See rangeloop.go for what the two kinds of range loops have in common.

func collectRangeChan(f *fileWork, n node) {
	s, ok := n.(*ast.RangeStmt)
	if !ok {
		return
	}
	if _, ok := coreType(f.typeOf(s.X)).(*types.Chan); !ok {
		return
	}
	l := rangeLoop{f: f, stmt: s, iterator: "RangeChan"}
	l.bind(&s.Key, "Value")
	l.collect()
}

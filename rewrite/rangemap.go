package rewrite

import (
	"go/ast"
	"go/types"
)

// Ranging over a map, whose native order is random and depends on addresses.
//
//	for k, v := range m { ... }  =>  for it := simgen.RangeMap(m); it.Next(); {
//	                                     k, v := it.Key(), it.Value()
//	                                     ...
//	                                 }
//	for k = range m              =>  the same with k = it.Key()
//	for range m                  =>  for it := simgen.RangeMap(m); it.Next(); { ... }
//
// See rangeloop.go for what the two kinds of range loops have in common. What
// happens when the body inserts or deletes is the iterator's to keep.

func collectRangeMap(f *fileWork, n node) {
	s, ok := n.(*ast.RangeStmt)
	if !ok {
		return
	}
	if _, ok := coreType(f.typeOf(s.X)).(*types.Map); !ok {
		return
	}
	l := rangeLoop{f: f, stmt: s, iterator: "RangeMap"}
	l.bind(&s.Key, "Key")
	l.bind(&s.Value, "Value")
	l.collect()
}

package rewrite

// A pass is one construct. It looks at each node of a file in source order
// and registers an edit for those it is about; nothing is changed before every
// pass has seen every file (collect, then mutate).
//
// The edits run in post-order: when an edit runs, everything below its node is
// already rewritten, and the node itself is still the original one. An edit
// therefore moves operands around as they are and never looks at types; all
// decisions are taken while collecting.
type pass struct {
	name    string
	why     string // why it is at its place in the table
	collect func(f *fileWork, n node)
}

// passes is the one table of transformations. A node has one owner: the first
// pass that registers an edit for it.
var passes []pass

func init() { // a table that refers to functions that refer to it
	passes = []pass{
		{"mainpkg", "touches package clauses and import declarations only; no other pass does", collectMainPackage},
		{"initfunc", "renames whole declarations; what is inside belongs to the others", collectInitFunc},
		{"linkname", "gives body-less declarations a body; they contain nothing else", collectLinkname},
		{"gostmt", "decides about its call before closech can claim that call's function", collectGo},
		{"select", "claims the communication clauses' receive operations before recv sees them", collectSelect},
		{"send", "after select: a send in a clause is a case, not a statement", collectSend},
		{"recv", "after select, for the same reason", collectRecv},
		{"rangechan", "statements of its own", collectRangeChan},
		{"rangemap", "statements of its own", collectRangeMap},
		{"closech", "claims the name close", collectClose},
		{"mapkey", "edits the index expression only; its operands belong to the others", collectMapKey},
		{"mapliteral", "composite literals; their keys belong to the others", collectMapLiteral},
		{"atomics", "claims pkg.Func selectors", collectAtomic},
		{"runtimecalls", "claims pkg.Func selectors of package runtime", collectRuntimeCall},
		{"globals", "last: takes every name that is left, so that special forms (&x) can be claimed before", collectGlobal},
	}
}

// Refused ideas, so that nobody tries them again without a new argument:
//
//   - Replacing chan T by a type of our own: type identity, reflect and
//     conversions all show it.
//   - Rewriting text instead of trees: nested constructs (a receive in the
//     operand of a select in the argument of a go statement) need composition.
//   - //line directives from go/printer (SourcePos): they land between a doc
//     comment and its declaration and break the indentation; see print.go.
//   - A parenthesised closure for each statement that needs temporaries: it
//     breaks return, goto and recover.

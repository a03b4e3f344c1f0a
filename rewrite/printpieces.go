package rewrite

import (
	"bytes"
	"go/ast"
	"go/printer"
)

// printPieces prints one declaration after the other. Where an expression has
// become longer, package printer believes that it has come further than it has,
// and puts a comment that follows closely into the middle of it, even one that
// stands behind the declaration:
//
//	func last() int { return x } // becomes simgen_x.At()
//
// A declaration that is printed alone sees its own comments only. What stands
// between declarations is copied, because directives may be among it.
func (f *fileWork) printPieces(b *bytes.Buffer) error {
	head, rest := f.headComments()
	file := *f.syntax
	file.Decls, file.Comments = nil, head
	if err := gofmt.Fprint(b, f.Fset, &file); err != nil {
		return err
	}
	for _, d := range f.syntax.Decls {
		begin := d.Pos()
		if doc := docOf(d); doc != nil {
			begin = doc.Pos()
		}
		var own []*ast.CommentGroup
		for ; len(rest) > 0 && rest[0].Pos() < d.End(); rest = rest[1:] {
			if rest[0].Pos() < begin {
				copyComment(b, rest[0])
			} else {
				own = append(own, rest[0])
			}
		}
		b.WriteString("\n")
		if err := gofmt.Fprint(b, f.Fset, &printer.CommentedNode{Node: d, Comments: own}); err != nil {
			return err
		}
		b.WriteString("\n")
	}
	for _, g := range rest {
		copyComment(b, g)
	}
	return nil
}

// headComments divides the comments into those before the package clause and
// the others.
func (f *fileWork) headComments() (head, rest []*ast.CommentGroup) {
	all := f.syntax.Comments
	n := 0
	for n < len(all) && all[n].Pos() < f.syntax.Package {
		n++
	}
	return all[:n:n], all[n:]
}

func copyComment(b *bytes.Buffer, g *ast.CommentGroup) {
	b.WriteString("\n")
	for _, c := range g.List {
		b.WriteString(c.Text + "\n")
	}
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

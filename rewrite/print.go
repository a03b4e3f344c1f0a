package rewrite

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
)

// Printing.
//
// A rewritten file is printed in gofmt's layout, parsed again, and the two
// trees are walked side by side. That serves two ends. The trees must be equal
// up to parentheses, which catches a comment that landed in the middle of an
// expression. And it tells for each line of the output which line of the
// original it came from; where the count drifts, a //line directive puts it
// right, so that panics, breakpoints, profiles, coverage and runtime.Caller
// show the original file.

var gofmt = printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}

// print returns the new source of the file.
func (f *fileWork) print() ([]byte, error) {
	src, err := f.printOnce()
	if !errors.Is(err, errTrees) {
		return src, err
	}
	// Comments in the bodies are for readers; the program must be right.
	f.dropBodyComments()
	if src, err = f.printOnce(); !errors.Is(err, errTrees) {
		return src, err
	}
	var b bytes.Buffer
	if err := f.printPieces(&b); err != nil {
		return nil, err
	}
	return f.compare(b.Bytes())
}

var errTrees = errors.New("printed text does not parse to the same program")

func (f *fileWork) printOnce() ([]byte, error) {
	var b bytes.Buffer
	if err := gofmt.Fprint(&b, f.Fset, f.syntax); err != nil {
		return nil, err
	}
	return f.compare(b.Bytes())
}

// compare takes the printed text if it is the same program as the tree.
func (f *fileWork) compare(printed []byte) ([]byte, error) {
	src := append(bytes.TrimRight(printed, "\n"), '\n')
	if f.upgrade && older(f.language(), neededVersion) {
		src = raiseVersion(src)
	}
	fset := token.NewFileSet()
	again, err := parser.ParseFile(fset, f.file.Name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errTrees, err)
	}
	m := lineMap{f: f, src: src, fset: fset, printed: again}
	if !m.match() {
		return nil, errTrees
	}
	if f.opt.Release == 24 && !f.perIteration() {
		// The compiler of Go 1.24 looks for a file's language version under the
		// name in the last //line directive, finds none, and gives the loops
		// of an old file the variables of a new one (FileVersions in its
		// noder/writer.go). Wrong lines are better than a wrong program.
		return src, nil
	}
	return m.withDirectives(), nil
}

// dropBodyComments removes the comments inside declarations, except those that
// are directives or documentation.
func (f *fileWork) dropBodyComments() {
	var keep []*ast.CommentGroup
	for _, g := range f.syntax.Comments {
		inside := false
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && g.Pos() > fn.Body.Lbrace && g.End() < fn.Body.Rbrace {
				inside = true
			}
			if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.VAR && g.Pos() > gen.Pos() && g.End() < gen.End() {
				inside = !strings.HasPrefix(g.List[len(g.List)-1].Text, "//go:")
			}
		}
		if !inside {
			keep = append(keep, g)
		}
	}
	f.syntax.Comments = keep
}

// dropComments removes the comments inside n, which moves elsewhere without
// them.
func (f *fileWork) dropComments(n ast.Node) {
	keep := f.syntax.Comments[:0:0]
	for _, g := range f.syntax.Comments {
		if g.Pos() < n.Pos() || g.End() > n.End() {
			keep = append(keep, g)
		}
	}
	f.syntax.Comments = keep
}

// A lineMap relates the lines of printed text to those of the original.
type lineMap struct {
	f       *fileWork
	src     []byte
	fset    *token.FileSet
	printed *ast.File
	first   map[int]linePair // by output line: the first node on it
}

type linePair struct {
	offset int       // in the output
	pos    token.Pos // in the original
	node   ast.Node  // of the rewritten tree
}

// match walks both trees and fills first; it reports whether they are equal.
func (m *lineMap) match() bool {
	was, is := flatten(m.f.syntax), flatten(m.printed)
	if len(was) != len(is) {
		return false
	}
	m.first = map[int]linePair{}
	for i, n := range is {
		if !sameNode(was[i], n) {
			return false
		}
		pos := was[i].Pos()
		if !pos.IsValid() {
			continue
		}
		out := m.fset.PositionFor(n.Pos(), false)
		if old, ok := m.first[out.Line]; !ok || out.Offset < old.offset {
			m.first[out.Line] = linePair{out.Offset, pos, was[i]}
		}
	}
	return true
}

// flatten lists the nodes of a tree in source order, without those that the
// printer may add or leave out.
func flatten(root *ast.File) []ast.Node {
	var nodes []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.CommentGroup, *ast.Comment:
			return false
		case *ast.ParenExpr, *ast.EmptyStmt, *ast.FieldList:
			return true
		}
		nodes = append(nodes, n)
		return true
	})
	return nodes
}

func sameNode(a, b ast.Node) bool {
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	switch a := a.(type) {
	case *ast.Ident:
		return a.Name == b.(*ast.Ident).Name
	case *ast.BasicLit:
		return a.Kind == b.(*ast.BasicLit).Kind
	case *ast.BinaryExpr:
		return a.Op == b.(*ast.BinaryExpr).Op
	case *ast.UnaryExpr:
		return a.Op == b.(*ast.UnaryExpr).Op
	case *ast.AssignStmt:
		return a.Tok == b.(*ast.AssignStmt).Tok
	}
	return true
}

// withDirectives returns the text with //line directives where lines drift.
func (m *lineMap) withDirectives() []byte {
	lines := bytes.SplitAfter(m.src, []byte("\n"))
	comments := m.commentLines()
	var numbers []int
	for n := range m.first {
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)

	var out bytes.Buffer
	done := 0 // lines written
	drift := 0
	for _, n := range numbers {
		pair := m.first[n]
		want := m.f.Fset.PositionFor(pair.pos, false).Line
		if n+drift == want && !m.f.added[pair.node] || m.f.synthetic[pair.node] {
			continue
		}
		if isImport(pair.node) {
			continue // sorted, and nothing happens there
		}
		at, resync := insertBefore(n, done, lines, comments)
		for ; done < at-1; done++ {
			out.Write(lines[done])
		}
		drift = want - n
		if !resync {
			m.writeDirective(&out, pair, n-at)
		}
	}
	for ; done < len(lines); done++ {
		out.Write(lines[done])
	}
	return out.Bytes()
}

func isImport(n ast.Node) bool {
	if gen, ok := n.(*ast.GenDecl); ok {
		return gen.Tok == token.IMPORT
	}
	_, ok := n.(*ast.ImportSpec)
	return ok
}

// insertBefore returns the line before which the directive for line n goes:
// above the comments that belong to it. resync reports that the original has a
// directive of its own there.
func insertBefore(n, done int, lines [][]byte, comments map[int]bool) (at int, resync bool) {
	at = n
	for at-1 > done && comments[at-1] {
		at--
		if bytes.HasPrefix(lines[at-1], []byte("//line ")) {
			resync = true
		}
	}
	return at, resync
}

// writeDirective writes the text  //line name:n  for a node that has a number
// of comment lines above it. A blank line keeps the directive out of a doc
// comment, and declarations apart.
func (m *lineMap) writeDirective(out *bytes.Buffer, pair linePair, above int) {
	documented := false
	switch pair.node.(type) {
	case ast.Decl:
		documented = above > 0
		if !bytes.HasSuffix(out.Bytes(), []byte("\n\n")) {
			out.WriteByte('\n')
		}
	case ast.Spec, *ast.Field:
		documented = above > 0
	}
	if documented {
		above++
	}
	out.WriteString(m.directive(pair.pos, above))
	if documented {
		out.WriteByte('\n')
	}
}

// commentLines returns the lines of the output that hold nothing but a comment.
func (m *lineMap) commentLines() map[int]bool {
	lines := map[int]bool{}
	for _, g := range m.printed.Comments {
		for _, c := range g.List {
			from := m.fset.PositionFor(c.Pos(), false)
			to := m.fset.PositionFor(c.End(), false)
			start := from.Offset - (from.Column - 1)
			if len(bytes.TrimSpace(m.src[start:from.Offset])) > 0 {
				continue
			}
			for l := from.Line; l <= to.Line; l++ {
				lines[l] = true
			}
		}
	}
	return lines
}

// directive makes the directive for a position that follows so many lines
// later. Files that are generated from others (by goyacc, say) keep
// pointing at those.
func (m *lineMap) directive(pos token.Pos, above int) string {
	p := m.f.Fset.PositionFor(pos, true)
	name := filepath.Join(m.f.opt.Dir, filepath.Base(p.Filename))
	if p.Filename != m.f.Fset.PositionFor(pos, false).Filename {
		if rel, err := filepath.Rel(filepath.Dir(m.f.file.Path), p.Filename); err == nil {
			name = filepath.ToSlash(rel)
		}
	}
	return fmt.Sprintf("//line %s:%d\n", name, max(1, p.Line-above)) // a directive of the original may have said line 1
}

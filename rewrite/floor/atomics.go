package floor

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// atomics puts switch points into package sync/atomic, from its own
// declarations: the methods of its types get one at their start and, unless they
// only read, one at their end, and every exported function F gets a twin
// Simgen_F that package rewrite calls in its place. (F itself is a compiler
// intrinsic and cannot have a body.)
func (p *patcher) atomics() {
	for _, file := range p.names() {
		for _, d := range p.syntax[file].Decls {
			fd, ok := d.(*ast.FuncDecl)
			switch {
			case !ok || !fd.Name.IsExported():
			case fd.Recv != nil && fd.Body != nil:
				p.use(file)
				p.edit(file, fd.Body.Lbrace+1, fd.Body.Lbrace+1, " simgen.Point();")
				if !onlyReads(fd) {
					p.pointAtEnd(file, fd)
				}
			case fd.Recv == nil:
				p.twin(file, fd)
			}
		}
	}
}

// onlyReads reports whether an atomic operation changes nothing.
func onlyReads(fd *ast.FuncDecl) bool {
	return strings.HasPrefix(fd.Name.Name, "Load") || fd.Body != nil && len(fd.Body.List) == 0
}

// pointAtEnd puts a switch point behind all that a method does. One that only returns a call's result gets it without a defer statement,
// which would cost as much as the operation.
func (p *patcher) pointAtEnd(file string, fd *ast.FuncDecl) {
	results := fd.Type.Results
	ret, single := fd.Body.List[len(fd.Body.List)-1].(*ast.ReturnStmt)
	switch {
	case results == nil && len(fd.Body.List) == 1:
		p.edit(file, fd.Body.Rbrace, fd.Body.Rbrace, "; simgen.Point() ")
	case single && len(fd.Body.List) == 1 && len(results.List) == 1 && len(results.List[0].Names) == 1:
		p.edit(file, ret.Pos(), ret.Results[0].Pos(), results.List[0].Names[0].Name+" = ")
		p.edit(file, fd.Body.Rbrace, fd.Body.Rbrace, "; simgen.Point(); return ")
	default:
		p.edit(file, fd.Body.Lbrace+1, fd.Body.Lbrace+1, " defer simgen.Point();")
	}
}

// twin declares Simgen_F(...) (r T) { simgen.Point(); r = F(...); simgen.Point(); return }, without the second point if F only reads.
func (p *patcher) twin(file string, fd *ast.FuncDecl) {
	src := p.files[file]
	text := func(from, to token.Pos) string {
		return string(src[p.fset.Position(from).Offset:p.fset.Position(to).Offset])
	}
	names, _ := p.params(file, fd)
	results, assign, after := "", "", ""
	if r := fd.Type.Results; r != nil {
		results, assign, after = " (r "+text(r.List[0].Type.Pos(), r.List[0].Type.End())+")", "r = ", "\treturn r\n"
	}
	if !onlyReads(fd) {
		after = "\tsimgen.Point()\n" + after
	}
	name := fd.Name.Name
	fmt.Fprintf(&p.added, "// Simgen_%s is %s, and a place where another goroutine may run.\n", name, name)
	fmt.Fprintf(&p.added, "func Simgen_%s%s%s {\n\tsimgen.Point()\n\t%s%s(%s)\n%s}\n\n",
		name, text(fd.Type.Params.Pos(), fd.Type.Params.End()), results, assign, name, strings.Join(names[1:], ", "), after)
}

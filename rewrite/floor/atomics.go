package floor

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// atomics puts switch points into package sync/atomic, from its own
// declarations: the methods of its types get one at their start, and every
// exported function F gets a twin Simgen_F that package rewrite calls in its
// place. (F itself is a compiler intrinsic and cannot have a body.)
func (p *patcher) atomics() {
	for _, file := range p.names() {
		for _, d := range p.syntax[file].Decls {
			fd, ok := d.(*ast.FuncDecl)
			switch {
			case !ok || !fd.Name.IsExported():
			case fd.Recv != nil && fd.Body != nil:
				p.use(file)
				p.edit(file, fd.Body.Lbrace+1, fd.Body.Lbrace+1, " simgen.Point();")
			case fd.Recv == nil:
				p.twin(file, fd)
			}
		}
	}
}

// twin declares Simgen_F(...) { simgen.Point(); return F(...) }.
func (p *patcher) twin(file string, fd *ast.FuncDecl) {
	src := p.files[file]
	text := func(from, to token.Pos) string {
		return string(src[p.fset.Position(from).Offset:p.fset.Position(to).Offset])
	}
	names, _ := p.params(file, fd)
	results, ret := "", ""
	if r := fd.Type.Results; r != nil {
		results, ret = " "+text(r.Pos(), r.End()), "return "
	}
	name := fd.Name.Name
	fmt.Fprintf(&p.added, "// Simgen_%s is %s, and a place where another goroutine may run.\n", name, name)
	fmt.Fprintf(&p.added, "func Simgen_%s%s%s {\n\tsimgen.Point()\n\t%s%s(%s)\n}\n\n",
		name, text(fd.Type.Params.Pos(), fd.Type.Params.End()), results, ret, name, strings.Join(names[1:], ", "))
}

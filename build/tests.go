package build

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/simgen-dev/simgen/rewrite"
)

// harness is the import path of package sim in an instrumented build.
const harness = "simgen/sim"

// simulationTests finds the main packages that a package names by constants of
// type sim.Program, and where, its test functions that reach sim.Test, directly or through
// other functions, those that do not, and all its functions that do. known tells which functions of
// other packages do.
func simulationTests(p *rewrite.Package, known func(*types.Func) bool) (programs map[string]string, tests, ordinary, reaching []string) {
	named := map[string]token.Position{}
	for e, tv := range p.Info.Types {
		if tv.Value != nil && tv.Value.Kind() == constant.String && isHarness(tv.Type, "Program") {
			if s := constant.StringVal(tv.Value); s != "" {
				if pos, known := p.Fset.Position(e.Pos()), named[s]; known == (token.Position{}) || less(pos, known) {
					named[s] = pos
				}
			}
		}
	}
	programs = make(map[string]string, len(named))
	for path, pos := range named {
		programs[path] = pos.String()
	}
	uses := map[*types.Func][]*types.Func{} // function => what it mentions
	isTest := map[*types.Func]bool{}        // those that the go command takes for tests
	var functions []*types.Func
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil {
				continue
			}
			obj, _ := p.Info.Defs[fd.Name].(*types.Func)
			if obj == nil {
				continue
			}
			functions = append(functions, obj)
			isTest[obj] = f.Test && fd.Recv == nil && strings.HasPrefix(obj.Name(), "Test") && obj.Name() != "TestMain"
			ast.Inspect(fd.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if o, ok := p.Info.Uses[id].(*types.Func); ok {
						uses[obj] = append(uses[obj], o.Origin())
					}
				}
				return true
			})
		}
	}
	reaches := map[*types.Func]bool{}
	for again := true; again; {
		again = false
		for f, list := range uses {
			for _, u := range list {
				if !reaches[f] && (reaches[u] || known(u)) {
					reaches[f], again = true, true
				}
			}
		}
	}
	for _, f := range functions {
		if reaches[f] {
			reaching = append(reaching, f.FullName())
		}
		if reaches[f] && isTest[f] {
			tests = append(tests, f.Name())
		} else if isTest[f] {
			ordinary = append(ordinary, f.Name())
		}
	}
	sort.Strings(tests)
	sort.Strings(ordinary)
	sort.Strings(reaching)
	return programs, tests, ordinary, reaching
}

// reaches reports whether a function of another package reaches sim.Test, or is
// it.
func (r *rewriter) reaches(f *types.Func) bool {
	if f.Pkg() == nil {
		return false
	}
	if f.Pkg().Path() == harness {
		return f.Name() == "Test"
	}
	e := r.entry(f.Pkg().Path())
	return e != nil && contains(e.Reaching, f.FullName())
}

// usesHarness reports whether a package can name a program, assert something or
// reach sim.Test.
func (r *rewriter) usesHarness(n *node) bool {
	for _, dep := range n.imports {
		if dep == harness || r.mentions(dep) {
			return true
		}
	}
	return false
}

// mentions reports whether a package mentions something of the harness, directly
// or not.
func (r *rewriter) mentions(path string) bool {
	e := r.entry(path)
	return e != nil && len(e.Mentions) > 0
}

// isHarness reports whether t is the named type of package sim.
func isHarness(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == harness
}

// testDecl is the package clause under which a file joins the package's tests.
func testDecl(p *rewrite.Package) string { return rewrite.ImportableName(p.Name) }

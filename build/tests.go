package build

import (
	"go/ast"
	"go/constant"
	"go/types"
	"sort"
	"strings"

	"github.com/simgen-dev/simgen/rewrite"
)

// harness is the import path of package sim in an instrumented build.
const harness = "simgen/sim"

// simulationTests finds the main packages that a test package names by
// constants of type sim.Program, and its test functions that reach sim.Test,
// directly or through other functions of the package.
func simulationTests(p *rewrite.Package) (programs, tests []string) {
	set := map[string]bool{}
	for _, tv := range p.Info.Types {
		if tv.Value != nil && tv.Value.Kind() == constant.String && isHarness(tv.Type, "Program") {
			if s := constant.StringVal(tv.Value); s != "" {
				set[s] = true
			}
		}
	}
	uses := map[types.Object][]types.Object{} // function => what it mentions
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
	reaches := map[types.Object]bool{}
	for again := true; again; {
		again = false
		for f, list := range uses {
			for _, u := range list {
				if !reaches[f] && (reaches[u] || isSimTest(u)) {
					reaches[f], again = true, true
				}
			}
		}
	}
	for _, f := range functions {
		if reaches[f] && strings.HasPrefix(f.Name(), "Test") && f.Name() != "TestMain" && f.Type().(*types.Signature).Recv() == nil {
			tests = append(tests, f.Name())
		}
	}
	sort.Strings(tests)
	return sortedKeys(set), tests
}

func isSimTest(o types.Object) bool {
	return o.Name() == "Test" && o.Pkg() != nil && o.Pkg().Path() == harness
}

// isHarness reports whether t is the named type of package sim.
func isHarness(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == harness
}

// testDecl is the package clause under which a file joins the package's tests.
func testDecl(p *rewrite.Package) string { return rewrite.ImportableName(p.Name) }

package build

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/rewrite"
)

// The catalogue of assertions.
//
// What a simulation asserts is known from the source, so that the report can show what no seed has reached. An assertion belongs to a test
// if the test mentions it: in its own function, or in what that mentions, and so on, through functions, variables, and types with all their
// methods. A constant of type sim.Program mentions what the program's main function and the init functions of all its packages do. Whether
// an assertion is reached is then up to the seeds.

// A mention is what a declaration of a package mentions. Declarations are named as by declName.
type mention struct {
	Uses       []string    // declarations, each with the path of its package before a #
	Programs   []string    // main packages, by constants of type sim.Program
	Assertions []assertion `json:",omitempty"`
}

// An assertion is a call of one of package sim's functions.
type assertion struct {
	Kind     string // as package report calls it
	Message  string
	Constant bool // the message is known
	File     string
	Line     int
}

// assertionKinds are the functions that assert, with the kind and the place of the message among the arguments.
var assertionKinds = map[string]struct {
	kind    string
	message int
}{
	"Always":              {"always", 1},
	"AlwaysOrUnreachable": {"always-or-unreachable", 1},
	"Sometimes":           {"sometimes", 1},
	"Reachable":           {"reachable", 0},
	"Unreachable":         {"unreachable", 0},
}

// A mentions is what the declarations of a package mention, by name: F, T, T.Method, x, and init for all init functions together.
type mentions map[string]*mention

const initDecl = "init"

// mentionsOf collects what the declarations of a package mention of itself and of packages that import the harness, directly or not,
// which known tells.
func mentionsOf(p *rewrite.Package, known func(path string) bool) mentions {
	all := mentions{}
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				obj, ok := p.Info.Defs[d.Name].(*types.Func)
				if d.Name.Name == initDecl && d.Recv == nil {
					all.collect(initDecl, p, d, known)
				} else if ok {
					name := declName(obj)
					all.collect(name, p, d, known)
					if t, _, isMethod := strings.Cut(name, "."); isMethod {
						all.of(t).use(p.Path, name)
					}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for _, id := range specNames(spec) {
						name := id.Name
						if name == "_" {
							name = initDecl
						}
						all.collect(name, p, spec, known)
					}
				}
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, m *mention) bool { return m.empty() })
	return all
}

func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		return s.Names
	}
	return nil
}

// declName is the name of a declaration in mentions; "" for what is none.
func declName(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		f = f.Origin()
		if recv := f.Signature().Recv(); recv != nil {
			t := types.Unalias(recv.Type())
			if ptr, ok := t.(*types.Pointer); ok {
				t = types.Unalias(ptr.Elem())
			}
			if n, ok := t.(*types.Named); ok {
				return n.Obj().Name() + "." + f.Name()
			}
			return ""
		}
		return f.Name()
	}
	if obj.Parent() == nil || obj.Parent() != obj.Pkg().Scope() {
		return ""
	}
	return obj.Name()
}

func (all mentions) of(name string) *mention {
	if all[name] == nil {
		all[name] = &mention{}
	}
	return all[name]
}

func (m *mention) use(pkg, name string) { m.Uses = addString(m.Uses, pkg+"#"+name) }

func (m *mention) empty() bool {
	return len(m.Uses) == 0 && len(m.Programs) == 0 && len(m.Assertions) == 0
}

// collect adds what n, which is part of the declaration of a name, mentions.
func (all mentions) collect(name string, p *rewrite.Package, n ast.Node, known func(path string) bool) {
	m := all.of(name)
	calls := map[*ast.Ident]*ast.CallExpr{} // by the function's name
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if tv := p.Info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String && isHarness(tv.Type, "Program") {
				if s := constant.StringVal(tv.Value); s != "" {
					m.Programs = addString(m.Programs, s)
				}
			}
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			switch f := ast.Unparen(n.Fun).(type) {
			case *ast.Ident:
				calls[f] = n
			case *ast.SelectorExpr:
				calls[f.Sel] = n
			}
		case *ast.Ident:
			obj := p.Info.Uses[n]
			if obj == nil || obj.Pkg() == nil {
				return true
			}
			switch path := obj.Pkg().Path(); {
			case path == harness:
				if f, ok := obj.(*types.Func); ok && f.Signature().Recv() == nil {
					m.assert(p, n, calls[n])
				}
			case path == p.Path || known(path):
				if to := declName(obj); to != "" && to != name {
					m.use(path, to)
				}
			}
		}
		return true
	})
}

// assert adds an assertion if that is what the harness's function called name is. call is nil where the function is only mentioned.
func (m *mention) assert(p *rewrite.Package, name *ast.Ident, call *ast.CallExpr) {
	k, ok := assertionKinds[name.Name]
	if !ok {
		return
	}
	pos := p.Fset.Position(name.Pos())
	a := assertion{Kind: k.kind, File: pos.Filename, Line: pos.Line}
	if call != nil && len(call.Args) > k.message {
		if v := p.Info.Types[call.Args[k.message]].Value; v != nil && v.Kind() == constant.String {
			a.Message, a.Constant = constant.StringVal(v), true
		}
	}
	m.Assertions = append(m.Assertions, a)
}

// catalogue is all assertions that a declaration of root, or of its external tests, mentions; those of the program root for "".
func (b *builder) catalogue(root, declaration string) []assertion {
	var all []assertion
	seen := map[string]bool{}
	var visit func(name string)
	var program func(path string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		path, decl, _ := strings.Cut(name, "#")
		e := b.entries[path]
		if e == nil || e.Mentions[decl] == nil {
			return
		}
		m := e.Mentions[decl]
		for _, a := range m.Assertions {
			a.File = b.graph.shortName(b.graph.nodes[path], a.File)
			all = append(all, a)
		}
		for _, p := range m.Programs {
			program(p)
		}
		for _, u := range m.Uses {
			visit(u)
		}
	}
	program = func(path string) {
		linked := map[string]bool{}
		b.graph.reach(path, linked)
		for dep := range linked {
			visit(dep + "#" + initDecl)
		}
		visit(path + "#main")
	}
	if declaration == "" {
		program(root)
	} else {
		for _, path := range []string{root, root + "_test"} {
			visit(path + "#" + declaration)
			visit(path + "#" + initDecl)
		}
	}
	slices.SortFunc(all, func(a, b assertion) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(all)
}

// shortName is a file's name for people, the same wherever the module lies: relative to the module, or with the import path if the package
// is a dependency.
func (g *graph) shortName(n *node, file string) string {
	if n.module != nil && !g.inModCache(n) {
		if rel, err := filepath.Rel(moduleDir(n), file); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return path.Join(strings.TrimSuffix(n.Path, "_test"), filepath.Base(file))
}

// declarations are statements that tell the harness the assertions of each test of root; "" is the program root itself.
func (b *builder) declarations(root string, tests []string) string {
	var s strings.Builder
	for _, test := range tests {
		for _, a := range b.catalogue(root, test) {
			fmt.Fprintf(&s, "\tsim.Declare(%q, %q, %q, %t, %q)\n", test, a.Kind, a.Message, a.Constant, fmt.Sprintf("%s:%d", a.File, a.Line))
		}
	}
	return s.String()
}

package build

import (
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/simgen-dev/simgen/rewrite"
	"github.com/simgen-dev/simgen/rewrite/floor"
)

// A node is one import path of the program. A package under test is one node
// with its in-package test files; its external test package is another.
type node struct {
	Path    string
	Name    string // as declared
	Dir     string
	Std     bool   // in GOROOT, or spliced into it
	Lang    string // language version of its module, "" for the toolchain's
	files   []string
	asm     []string
	ignored []string          // Go files that the build leaves out
	aside   []string          // test files of a program that is built without its tests
	imports map[string]string // import path as written => path of the node
	embed   []string          // files embedded by go:embed
	module  *packages.Module  // nil in the standard library
	tests   bool              // matched by a pattern, with its tests loaded
	strings map[string]string // variables that have a value by -ldflags -X
	sources map[string][]byte // contents by absolute path, where they are not read from disk
}

// A graph is a whole program.
type graph struct {
	env   *goEnv
	race  bool // built with the race detector
	nodes map[string]*node
	roots []string        // paths that the patterns matched, sorted
	order []string        // dependencies first
	below map[string]bool // what the simulation runtime is built on, itself included
}

func newGraph(env *goEnv) *graph {
	return &graph{env: env, nodes: map[string]*node{}}
}

func (g *graph) paths() []string {
	list := make([]string, 0, len(g.nodes))
	for p := range g.nodes {
		list = append(list, p)
	}
	sort.Strings(list)
	return list
}

// addAll adds packages and what they import.
func (g *graph) addAll(list []*packages.Package, roots bool) {
	packages.Visit(list, nil, func(p *packages.Package) { g.add(p) })
	if !roots {
		return
	}
	for _, p := range list {
		if path := nodePath(p); g.nodes[path] != nil && !strings.HasSuffix(path, "_test") && !contains(g.roots, path) {
			g.roots = append(g.roots, path)
		}
	}
	sort.Strings(g.roots)
	for _, path := range g.roots {
		// A folder may hold external tests only.
		if x := g.nodes[path+"_test"]; x != nil && g.nodes[path].Dir == "" {
			g.nodes[path].Dir = x.Dir
		}
	}
}

// isTestMain reports whether a package is the main package of a test executable, which the go command writes. A package of a user's may
// have a path that ends like that of one, but it has files that end in .go.
func isTestMain(p *packages.Package) bool {
	return strings.HasSuffix(p.ID, ".test") && p.Name == "main" &&
		!slices.ContainsFunc(p.CompiledGoFiles, func(f string) bool { return strings.HasSuffix(f, ".go") })
}

// nodePath is the node that a package of go/packages belongs to: "p",
// "p [p.test]" and "q [p.test]" are the same as without the brackets.
func nodePath(p *packages.Package) string {
	path := p.PkgPath
	if i := strings.IndexByte(path, ' '); i >= 0 {
		path = path[:i]
	}
	return path
}

func (g *graph) add(p *packages.Package) {
	path := nodePath(p)
	if path == "unsafe" || isTestMain(p) || path == "" {
		return // unsafe has no source, and the go command writes the test's main function
	}
	if _, ours := mapImport(path); ours {
		return // spliced
	}
	n := g.nodes[path]
	if n == nil {
		n = &node{Path: path, Name: p.Name, imports: map[string]string{}, Std: p.Module == nil && g.inGOROOT(p)}
		g.nodes[path] = n
	}
	for _, f := range p.CompiledGoFiles {
		n.files = addString(n.files, f)
		n.Dir = filepath.Dir(f)
	}
	for _, f := range p.OtherFiles {
		if strings.HasSuffix(f, ".s") {
			n.asm = addString(n.asm, f)
		}
	}
	for _, f := range p.EmbedFiles {
		n.embed = addString(n.embed, f)
	}
	n.module = p.Module
	n.ignored = append(n.ignored, p.IgnoredFiles...)
	for as, dep := range p.Imports {
		to := nodePath(dep)
		if mapped, ours := mapImport(as); ours {
			as, to = mapped, mapped
		}
		n.imports[as] = to
	}
	if p.ForTest != "" && strings.TrimSuffix(path, "_test") == p.ForTest {
		n.tests = true
	}
	n.aside = nil
	if n.Name == "main" && !n.tests && n.Dir != "" {
		n.aside, _ = filepath.Glob(filepath.Join(n.Dir, "*_test.go"))
	}
	if p.Module != nil {
		n.Lang = "go1.16" // https://go.dev/ref/mod#go-mod-file-go: what a missing directive means
		if p.Module.GoVersion != "" {
			n.Lang = "go" + p.Module.GoVersion
		}
	}
}

func (g *graph) inGOROOT(p *packages.Package) bool {
	return under(p.Dir, filepath.Join(g.env.GOROOT, "src"))
}

// mapImport is the path under which one of simgen's own packages is known in
// an instrumented build, and whether path is one that is spliced.
func mapImport(path string) (string, bool) {
	to := rewrite.SplicedPath(path)
	return to, to != path
}

// sort computes the order: dependencies first, otherwise by path.
func (g *graph) sort() error {
	state := map[string]int{}
	var visit func(path string, from *node) error
	visit = func(path string, from *node) error {
		n := g.nodes[path]
		if n == nil || state[path] == 2 {
			return nil
		}
		if state[path] == 1 {
			return errorf("import cycle through %s and %s", from.Path, path)
		}
		state[path] = 1
		deps := make([]string, 0, len(n.imports))
		for _, to := range n.imports {
			deps = append(deps, to)
		}
		sort.Strings(deps)
		for _, d := range deps {
			if err := visit(d, n); err != nil {
				return err
			}
		}
		state[path] = 2
		g.order = append(g.order, path)
		return nil
	}
	for _, p := range g.paths() {
		if err := visit(p, nil); err != nil {
			return err
		}
	}
	g.below = map[string]bool{}
	g.reach("simgen", g.below) // it cannot call the simulation runtime
	return nil
}

// reach adds a package and all it imports, directly or not.
func (g *graph) reach(path string, to map[string]bool) {
	if n := g.nodes[path]; n != nil && !to[path] {
		to[path] = true
		for _, dep := range n.imports {
			g.reach(dep, to)
		}
	}
}

// rewritten reports whether the passes of package rewrite see a package.
func (g *graph) rewritten(path string) bool {
	return !g.below[path] && !floor.IsExempt(path)
}

func addString(list []string, s string) []string {
	if contains(list, s) {
		return list
	}
	list = append(list, s)
	sort.Strings(list)
	return list
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

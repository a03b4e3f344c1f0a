package build

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/simgen-dev/simgen/rewrite"
	"github.com/simgen-dev/simgen/rewrite/floor"
)

// A rewriter brings the cache entries of a graph's nodes together: those that
// are there, and those it makes by type-checking and rewriting.
type rewriter struct {
	config   Config
	graph    *graph
	cache    *cache
	keys     map[string]string
	sleeping bool                             // the packages are to be dormant
	known    func(path string) *rewrite.Facts // about packages that have no entry here
	fset     *token.FileSet
	sizes    types.Sizes
	need     map[string]bool // nodes whose types are needed
	limit    chan struct{}   // as many as there are processors
	mu       sync.Mutex
	entries  map[string]*entry
	refused  map[string]*entry // of packages with diagnostics: nothing but what is to be said
	types    map[string]*types.Package
	done     map[string]chan struct{}
	diags    []rewrite.Diagnostic
	errs     []error
}

func (c Config) newRewriter(g *graph, ca *cache, keys map[string]string) *rewriter {
	return &rewriter{config: c, graph: g, cache: ca, keys: keys, fset: token.NewFileSet(), sizes: types.SizesFor("gc", g.env.GOARCH),
		known: func(string) *rewrite.Facts { return nil },
		need:  map[string]bool{}, limit: make(chan struct{}, runtime.GOMAXPROCS(0)),
		entries: map[string]*entry{}, refused: map[string]*entry{}, types: map[string]*types.Package{"unsafe": types.Unsafe}, done: map[string]chan struct{}{}}
}

// all brings the entries of paths together, which are given in the order of
// their dependencies. Diagnostics of what cannot be simulated, and errors, are
// beside them.
func (r *rewriter) all(ctx context.Context, paths []string) {
	missing := 0
	for _, path := range paths {
		if e := r.cache.get(r.keys[path]); e != nil {
			r.entries[path] = e
		} else {
			missing++
			r.mark(path)
		}
	}
	if missing > 0 {
		r.config.progress("rewriting %d packages", missing)
		r.run(ctx)
	}
	sort.Slice(r.diags, func(i, j int) bool { return less(r.diags[i].Pos, r.diags[j].Pos) })
}

// firstOf is the first error by position; one about an import is the shadow of
// another.
func firstOf(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	shadow := func(err error) bool { return strings.Contains(err.Error(), "could not import") }
	sort.Slice(errs, func(i, j int) bool {
		if a, b := shadow(errs[i]), shadow(errs[j]); a != b {
			return b
		}
		return errs[i].Error() < errs[j].Error()
	})
	return errs[0]
}

func less(a, b token.Position) bool {
	if a.Filename != b.Filename {
		return a.Filename < b.Filename
	}
	return a.Offset < b.Offset
}

// mark records that path is to be rewritten, and that the types of all below it
// are needed.
func (r *rewriter) mark(path string) {
	if r.need[path] || r.graph.nodes[path] == nil {
		return
	}
	r.need[path] = true
	for _, dep := range r.graph.nodes[path].imports {
		if r.types[dep] == nil || r.wanted(dep) {
			r.mark(dep)
		}
	}
}

// wanted reports whether a node is one that has to be rewritten.
func (r *rewriter) wanted(path string) bool { return r.keys[path] != "" && r.entry(path) == nil }

// run checks the needed nodes, each as soon as its imports are there.
func (r *rewriter) run(ctx context.Context) {
	var wg sync.WaitGroup
	for path := range r.need {
		r.done[path] = make(chan struct{})
	}
	for _, path := range r.graph.order {
		if !r.need[path] {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer close(r.done[path])
			n := r.graph.nodes[path]
			for _, dep := range n.imports {
				if ch := r.done[dep]; ch != nil {
					<-ch
				}
			}
			r.limit <- struct{}{}
			defer func() { <-r.limit }()
			if ctx.Err() != nil {
				r.fail(ctx.Err())
			} else if err := r.node(n); err != nil {
				r.fail(err)
			}
		}()
	}
	wg.Wait()
}

func (r *rewriter) fail(err error) {
	r.mu.Lock()
	r.errs = append(r.errs, err)
	r.mu.Unlock()
}

func (r *rewriter) entry(path string) *entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entries[path]
}

// node type-checks one node and, unless the cache has it, rewrites it.
func (r *rewriter) node(n *node) error {
	src, err := r.graph.read(n)
	if err != nil {
		return err
	}
	have := !r.wanted(n.Path)
	p, err := r.check(src, have)
	if err != nil {
		return err
	}
	if !have && len(n.strings) > 0 && src.setStrings(p) {
		if p, err = r.check(src, have); err != nil {
			return err
		}
	}
	if have {
		return nil
	}
	files := map[string][]byte{}
	for file, data := range src.patch {
		files[filepath.Base(file)] = data
	}
	e := &entry{}
	if r.usesHarness(n) {
		e.Mentions = mentionsOf(p, r.mentions)
		e.Programs, e.Tests, e.Ordinary, e.Reaching = simulationTests(p, r.reaches)
	}
	if rewritten := r.graph.rewritten(n.Path); rewritten || n.tests && !r.graph.below[n.Path] {
		p.Asm, err = readAll(n.asm)
		if err != nil {
			return err
		}
		if !n.Std || n.Path == "syscall" {
			e.Kernel, e.Uses = rewrite.KernelCalls(p, func(path string) map[string][]rewrite.KernelCall {
				if e := r.entry(path); e != nil {
					return e.Kernel
				}
				return nil
			})
		}
		var refused []rewrite.Diagnostic
		refused, e.Warnings = r.assembly(n, p)
		res, diags := rewrite.Rewrite(p, rewrite.Options{
			DepFacts: r.facts, Policy: policy, Dir: n.Dir, Release: r.graph.env.Release, ImportableMain: true, Dormant: r.sleeping,
			TestsOnly: !rewritten,
		})
		if diags = append(refused, diags...); len(diags) > 0 {
			r.mu.Lock()
			r.diags = append(r.diags, diags...)
			r.refused[n.Path] = e
			r.mu.Unlock()
			return nil
		}
		for name, data := range res.Files {
			files[name] = data
		}
		for name, data := range res.Added {
			files[name] = data
		}
		e.Vars, e.Rouses = res.Facts.Vars, res.Rouses
	}
	e.TestDecl = testDecl(p)
	if e, err = r.cache.put(r.keys[n.Path], e, files); err != nil {
		return err
	}
	r.mu.Lock()
	r.entries[n.Path] = e
	r.mu.Unlock()
	return nil
}

// assembly is what is to be said about a node's assembly files.
func (r *rewriter) assembly(n *node, p *rewrite.Package) (refused, warnings []rewrite.Diagnostic) {
	if n.Std || n.Path == floor.XSys {
		return nil, nil
	}
	for i, file := range n.asm {
		for _, d := range rewrite.Assembly(file, r.graph.env.GOARCH, p.Asm[i]) {
			if d.Warning {
				warnings = append(warnings, d)
			} else {
				refused = append(refused, d)
			}
		}
	}
	return refused, warnings
}

// facts tells the rewriter of one package about another, nil of one that is
// compiled as it is.
func (r *rewriter) facts(path string) *rewrite.Facts {
	if e := r.entry(path); e != nil && r.graph.rewritten(path) {
		return &rewrite.Facts{Vars: e.Vars}
	}
	return r.known(path)
}

// check parses and type-checks a node; signatures is set when only its
// declarations matter.
func (r *rewriter) check(src *source, signatures bool) (*rewrite.Package, error) {
	n := src.node
	p := &rewrite.Package{Path: n.Path, Fset: r.fset, GoVersion: n.Lang, Std: n.Std, XTest: strings.HasSuffix(n.Path, "_test")}
	var names []string
	for file := range src.files {
		names = append(names, file)
	}
	sort.Strings(names)
	var files []*ast.File
	for _, file := range names {
		mode := parser.ParseComments | parser.SkipObjectResolution
		f, err := parser.ParseFile(r.fset, file, src.files[file], mode)
		if err != nil {
			return nil, errorf("%s", relativeMessage(err.Error()))
		}
		base := filepath.Base(file)
		files = append(files, f)
		p.Files = append(p.Files, &rewrite.File{Name: base, Path: file, Src: src.files[file], Syntax: f, Test: strings.HasSuffix(base, "_test.go")})
		p.Name = f.Name.Name
	}
	for as := range n.imports {
		p.Imports = append(p.Imports, n.imports[as])
	}
	sort.Strings(p.Imports)
	p.Info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
		Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{}}
	var first error
	conf := types.Config{Importer: importer{r, n}, Sizes: r.sizes, GoVersion: n.Lang, IgnoreFuncBodies: signatures, FakeImportC: false,
		Error: func(err error) {
			if first == nil {
				first = err
			}
		}}
	p.Types, _ = conf.Check(n.Path, r.fset, files, p.Info)
	if first != nil && r.graph.rewritten(n.Path) {
		if n.Std && olderThan(r.graph.env.Release) {
			return nil, errorf("simgen was built with %s, which cannot read the standard library of %s (%s): build simgen with that release, GOTOOLCHAIN=%[2]s",
				runtime.Version(), r.graph.env.GOVERSION, relativeMessage(first.Error()))
		}
		return nil, errorf("%s", relativeMessage(first.Error()))
	}
	r.mu.Lock()
	r.types[n.Path] = p.Types
	r.mu.Unlock()
	return p, nil
}

// olderThan reports whether this tool was built with a Go release before 1.N: its
// type checker does not know the language that the library is written in.
func olderThan(release int) bool {
	m := versionPattern.FindStringSubmatch(runtime.Version())
	if m == nil {
		return false
	}
	own, _ := strconv.Atoi(m[1])
	return own < release
}

// relativeMessage shortens the position at the start of a message.
func relativeMessage(msg string) string {
	if i := strings.Index(msg, ".go:"); i > 0 {
		return relative(msg[:i+3]) + msg[i+3:]
	}
	return msg
}

// An importer resolves the imports of one node.
type importer struct {
	r *rewriter
	n *node
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	to := i.n.imports[path]
	if to == "" {
		to = path // imports that the floor added
	}
	i.r.mu.Lock()
	p := i.r.types[to]
	i.r.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("package %s was not loaded", to)
	}
	return p, nil
}

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sort"
)

// A File is one parsed Go file of a package.
type File struct {
	Name   string // base name
	Path   string // as known to the file set
	Src    []byte
	Syntax *ast.File // parsed with comments; Rewrite changes it
	Test   bool      // a _test.go file
}

// A Package is one type-checked package. When a package is rewritten for a
// test binary, Files holds its in-package test files too: what they assign
// decides about the package's variables, and both variants of the package are
// compiled from the same rewritten files.
type Package struct {
	Path, Name string
	Fset       *token.FileSet
	Files      []*File // in the order the go command compiles them
	Types      *types.Package
	Info       *types.Info // with Types, Defs, Uses, Implicits, Selections, Instances, Scopes and InitOrder
	GoVersion  string      // language version of the module, "" = current
	Std        bool
	Imports    []string // resolved import paths
	XTest      bool     // an external test package
	Asm        [][]byte // its assembly files: the variables they name cannot move
}

// Facts is what the importers of a package have to know about it.
type Facts struct {
	Vars []string // package-level variables that became per-process, sorted
}

// Options of one rewriting.
type Options struct {
	// DepFacts returns the facts of a rewritten package, nil for one that is
	// compiled as it is.
	DepFacts func(importPath string) *Facts
	// Policy overrides what the analysis would decide; nil is DefaultPolicy.
	Policy *Policy
	// Dir is where the files lie, for full names in //line directives; "" leaves
	// base names there, which is enough for readers.
	Dir string
	// Release is N of the Go 1.N that compiles the result, 0 for the newest.
	Release int
	// TestsOnly leaves the package itself as it is: only its own test files are
	// rewritten, because what tests do has to be simulated whatever they test.
	// Its variables stay shared, those of the test files too.
	TestsOnly bool
	// ImportableMain renames the clause of package main, so that a test binary
	// can import the program.
	ImportableMain bool
	// Dormant leaves the package uninitialised outside a simulation, see
	// dormant.go.
	Dormant bool
}

// A Result holds the new bytes of a package.
type Result struct {
	Files map[string][]byte // base name to new source, only files that change
	Added map[string][]byte // generated files
	Facts Facts
	Vars  []Var // what was decided about each package-level variable, and why

	// Rouses are packages, sorted, that have to be initialised although this one
	// is dormant, for the initialisers that it had to keep.
	Rouses []string
}

// A Diagnostic says what cannot be simulated, where, and what to do about it.
type Diagnostic struct {
	Pos             token.Position
	Message, Advice string
	Warning         bool `json:",omitempty"` // it can be simulated, but perhaps not as meant
}

func (d Diagnostic) String() string {
	s := d.Pos.String() + ": " + d.Message
	if d.Advice != "" {
		s += "; " + d.Advice
	}
	return s
}

// Rewrite turns the operations of a package into calls of the simulation
// runtime. It consumes p: the syntax trees are changed in place.
//
// The result is complete even when there are diagnostics: what they name is
// left as it was.
func Rewrite(p *Package, o Options) (*Result, []Diagnostic) {
	if len(p.Files) == 0 {
		return &Result{}, nil // a directory that holds nothing but external tests
	}
	w := newWork(p, o)
	if !w.checkImports() {
		return &Result{}, w.sorted()
	}
	if o.TestsOnly {
		w.files = slices.DeleteFunc(w.files, func(f *fileWork) bool { return !f.file.Test })
	} else {
		w.classifyVars()
	}
	w.findMentions()
	for _, f := range w.files {
		f.collect()
	}
	for _, f := range w.files {
		f.mutate()
	}
	w.findDormant()
	w.repeatInitialisers()

	res := &Result{Files: map[string][]byte{}, Added: map[string][]byte{}}
	for _, f := range w.files {
		if !f.changed() {
			continue
		}
		f.finishImports()
		src, err := f.print()
		if err != nil {
			w.diag(f.syntax.Package, "cannot print the rewritten file: "+err.Error(),
				"this is a defect of simgen; please report it with this file")
			continue
		}
		res.Files[f.file.Name] = src
	}
	if !o.TestsOnly {
		w.generate(res.Added)
	}
	res.Facts.Vars = w.facts()
	res.Vars = w.varReport()
	res.Rouses = slices.Sorted(maps.Keys(w.rouses))
	return res, w.sorted()
}

// work is the state of rewriting one package.
type work struct {
	*Package
	opt    Options
	policy *Policy
	files  []*fileWork
	names  map[string]bool // every identifier of the package: fresh names avoid them
	vars   map[*types.Var]*variable
	order  []*variable // in declaration order
	inits  []initFunc  // the package's init functions, in file order
	blanks int         // repeated initialisers without a name of their own
	diags  []Diagnostic

	funcs      map[*types.Func]*ast.FuncDecl
	reading    map[*types.Var]int                     // what is known about local variables: see readers.go
	declared   map[token.Pos]declaration              // by the position of the name
	repeats    map[*types.Initializer]string          // initialiser to the function that repeats it
	dormant    map[*types.Initializer][]ast.Expr      // initialiser to what stands in its place
	mentions   map[*types.Initializer]map[string]bool // the packages that an initialiser mentions
	rouses     map[string]bool                        // packages that initialisers which stay need
	pure       map[*types.Initializer]bool            // has no effect
	deferred   map[*types.Initializer]*variable       // can wait until the variable is used
	embedInits []embedInit

	depFacts map[string]map[string]bool // import path to its per-process variables; nil map: not rewritten
}

func newWork(p *Package, o Options) *work {
	w := &work{
		Package:  p,
		opt:      o,
		policy:   o.Policy,
		names:    map[string]bool{},
		vars:     map[*types.Var]*variable{},
		declared: map[token.Pos]declaration{},
		funcs:    map[*types.Func]*ast.FuncDecl{},
		reading:  map[*types.Var]int{},
		repeats:  map[*types.Initializer]string{},
		dormant:  map[*types.Initializer][]ast.Expr{},
		mentions: map[*types.Initializer]map[string]bool{},
		rouses:   map[string]bool{},
		pure:     map[*types.Initializer]bool{},
		deferred: map[*types.Initializer]*variable{},
		depFacts: map[string]map[string]bool{},
	}
	if w.policy == nil {
		w.policy = DefaultPolicy
	}
	w.policy = w.policy.of(o.Release)
	for _, f := range p.Files {
		fw := &fileWork{
			work:      w,
			file:      f,
			syntax:    f.Syntax,
			idents:    map[string]bool{},
			edits:     map[ast.Node]edit{},
			handled:   map[ast.Node]bool{},
			synthetic: map[ast.Node]bool{},
			added:     map[ast.Node]bool{},
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				fw.idents[id.Name] = true
				w.names[id.Name] = true
			}
			return true
		})
		fw.alias = w.freshAlias(fw)
		w.files = append(w.files, fw)
	}
	return w
}

func (w *work) diag(pos token.Pos, message, advice string) {
	w.diags = append(w.diags, Diagnostic{Pos: w.Fset.Position(pos), Message: message, Advice: advice})
}

// sorted returns the diagnostics by position.
func (w *work) sorted() []Diagnostic {
	sort.SliceStable(w.diags, func(i, j int) bool {
		a, b := w.diags[i].Pos, w.diags[j].Pos
		if a.Filename != b.Filename {
			return a.Filename < b.Filename
		}
		return a.Offset < b.Offset
	})
	return slices.Compact(w.diags)
}

// dep returns the per-process variables of an imported package, and whether
// that package is rewritten at all.
func (w *work) dep(path string) (vars map[string]bool, rewritten bool) {
	if vars, ok := w.depFacts[path]; ok {
		return vars, vars != nil
	}
	if w.opt.DepFacts != nil {
		if f := w.opt.DepFacts(path); f != nil {
			vars = make(map[string]bool, len(f.Vars))
			for _, name := range f.Vars {
				vars[name] = true
			}
		}
	}
	w.depFacts[path] = vars
	return vars, vars != nil
}

package runtime

import "unsafe"

// A Var stands for a package-level variable: each simulated process has an
// instance of its own, and code that is not simulated has the native one, which
// is the variable as it was declared.
type Var[T any] struct {
	varHead
	native *T
}

type varHead struct {
	slot int
	home int // index of its package in registered
}

// variables are the instances of one process.
type variables struct {
	slots       []unsafe.Pointer
	initialised []bool // by package: its variables are this process's own
	pointers    pointerIDs
}

// varCount and unclaimed belong to the program, not to a simulation: they are
// complete before the first one starts.
var (
	varCount  int
	unclaimed []*varHead // made since the last package was registered
)

// NewVar makes the handle of a variable. It is called while the variable's
// package is initialised natively.
//
//go:norace
func NewVar[T any](native *T) *Var[T] {
	v := &Var[T]{varHead{slot: varCount, home: -1}, native}
	varCount++
	unclaimed = append(unclaimed, &v.varHead)
	return v
}

//go:norace
func newVariables() *variables {
	return &variables{
		slots:       make([]unsafe.Pointer, varCount),
		initialised: make([]bool, len(registered)),
	}
}

// At returns the instance of the caller.
//
//go:norace
func (v *Var[T]) At() *T {
	g := current()
	if g == nil {
		return v.native
	}
	if p := g.vars.slots[v.slot]; p != nil {
		return (*T)(p)
	}
	return v.instance(g.vars)
}

// instance makes a process's instance when it is used first. It is zero until
// the initialiser runs. If the package is not among those the process
// initialises, the instance starts as a copy of the native one.
//
//go:noinline
//go:norace
func (v *Var[T]) instance(vars *variables) *T {
	p := new(T)
	if v.home < 0 || !vars.initialised[v.home] {
		*p = *v.native
	}
	vars.slots[v.slot] = unsafe.Pointer(p)
	return p
}

// A Package is what a rewritten package tells about itself.
type Package struct {
	Path    string
	Imports []string
	Init    []func() // variable initialisers in dependency order, then init functions
	Main    func()   // of a main package
}

// registered holds all packages in the order Go initialised them.
var registered []*Package

// packageIndex finds them by path. It is only looked things up in.
var packageIndex = map[string]int{}

// Register is called by a native init function of each rewritten package, so
// the order of registration is Go's order of initialisation. A package that
// registers twice (tests in the package itself) is extended.
//
//go:norace
func Register(p *Package) {
	i, known := packageIndex[p.Path]
	if !known {
		i = len(registered)
		packageIndex[p.Path] = i
		registered = append(registered, &Package{Path: p.Path})
	}
	q := registered[i]
	q.Imports = append(q.Imports, p.Imports...)
	q.Init = append(q.Init, p.Init...)
	if p.Main != nil {
		q.Main = p.Main
	}
	for _, v := range unclaimed {
		v.home = i
	}
	unclaimed = unclaimed[:0]
}

// Registered reports whether a package of this path is part of the program.
//
//go:norace
func Registered(path string) bool {
	_, ok := packageIndex[path]
	return ok
}

//go:norace
func programMain(program string) func() {
	if i, ok := packageIndex[program]; ok {
		return registered[i].Main
	}
	return nil
}

// initialise runs the initialisation of program and of all it imports, in
// registration order. It reports false if there is no such package.
//
//go:norace
func (vars *variables) initialise(program string) bool {
	if program == "" {
		return true
	}
	if _, ok := packageIndex[program]; !ok {
		return false
	}
	vars.mark(program)
	for i, own := range vars.initialised {
		if own {
			for _, f := range registered[i].Init {
				f()
			}
		}
	}
	return true
}

// mark finds the closure of a package. Imports that did not register are
// packages that were not rewritten.
//
//go:norace
func (vars *variables) mark(path string) {
	todo := []string{path}
	for len(todo) > 0 {
		path := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i, ok := packageIndex[path]
		if !ok || vars.initialised[i] {
			continue
		}
		vars.initialised[i] = true
		todo = append(todo, registered[i].Imports...)
	}
}

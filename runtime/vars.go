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
	word int // index in variables.words if it is nothing but a pointer, else -1
}

// variables are the instances of one process.
type variables struct {
	slots    []unsafe.Pointer // made when the process is booted
	words    []unsafe.Pointer // the variables that are nothing but a pointer, which are many
	own      []bool           // by package: its variables are this process's own; nil: none
	pointers pointerIDs
}

// A closure is a package and all that it imports. It belongs to the program and
// is never written to once it is made: all processes that run the package use it.
type closure struct {
	packages []bool   // by index in registered
	init     []func() // in the order of registration
}

// closures are those that have been asked for.
var closures = map[string]*closure{}

// varCount and unclaimed belong to the program, not to a simulation: they are
// complete before the first one starts.
var (
	varCount  int
	wordCount int
	unclaimed []*varHead // made since the last package was registered
)

// NewVar makes the handle of a variable. It is called while the variable's
// package is initialised natively.
//
//go:norace
func NewVar[T any](native *T) *Var[T] {
	v := &Var[T]{varHead{slot: varCount, home: -1, word: -1}, native}
	varCount++
	if typeOf[T]().isPointer() {
		v.word = wordCount
		wordCount++
	}
	unclaimed = append(unclaimed, &v.varHead)
	return v
}

// isPointer reports whether a value is represented as a single pointer.
//
//go:norace
func (t *abiType) isPointer() bool {
	switch t.kind() {
	case kindChan, kindFunc, kindMap, kindPointer, kindUnsafePointer:
		return true
	}
	return false
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
	var p *T
	if v.word >= 0 {
		p = (*T)(unsafe.Pointer(&vars.words[v.word]))
	} else {
		p = new(T)
	}
	if vars.own == nil || v.home < 0 || !vars.own[v.home] {
		*p = *v.native
	}
	vars.slots[v.slot] = unsafe.Pointer(p)
	return p
}

// A Package is what a rewritten package tells about itself.
type Package struct {
	Path    string
	Imports Paths
	Vars    []func() // variable initialisers, in dependency order
	Init    []func() // init functions, which run when all variables have their values
	Main    func()   // of a main package
}

// Paths are import paths. The name is for generated files, whose package may
// have another idea of what a string is.
type Paths = []string

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
	q.Vars = append(q.Vars, p.Vars...)
	q.Init = append(q.Init, p.Init...)
	if p.Main != nil {
		q.Main = p.Main
	}
	for _, v := range unclaimed {
		v.home = i
	}
	unclaimed = unclaimed[:0]
	clear(closures)
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
	c := closureOf(program)
	if c == nil {
		return false
	}
	vars.own = c.packages
	for _, f := range c.init {
		f()
	}
	return true
}

// closureOf returns the closure of a package, or nil if there is no such
// package. Imports that did not register are packages that were not rewritten.
//
//go:norace
func closureOf(program string) *closure {
	if c := closures[program]; c != nil {
		return c
	}
	if !Registered(program) {
		return nil
	}
	c := &closure{packages: make([]bool, len(registered))}
	todo := []string{program}
	for len(todo) > 0 {
		path := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i, ok := packageIndex[path]
		if !ok || c.packages[i] {
			continue
		}
		c.packages[i] = true
		todo = append(todo, registered[i].Imports...)
	}
	for i, in := range c.packages {
		if in {
			c.init = append(c.init, registered[i].Vars...)
			c.init = append(c.init, registered[i].Init...)
		}
	}
	closures[program] = c
	return c
}

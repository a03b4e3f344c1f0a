package runtime

// A Package is what a rewritten package tells about itself.
type Package struct {
	Path    string
	Imports Paths
	Handles []Handle      // of its variables
	Vars    []Initialiser // in dependency order
	Init    []func()      // init functions, which run when all variables have their values
	Main    func()        // of a main package
	Godebug string        // its own $GODEBUG settings
}

// Paths are import paths. The name is for generated files, whose package may
// have another idea of what a string is.
type Paths = []string

// An Initialiser gives variables their values. If it has no effect but on one
// variable, and the same result at any time, that is Of, and it waits until the
// process uses the variable.
type Initialiser struct {
	Run func()
	Of  Handle
}

// A registration is what is known of a package.
type registration struct {
	imports []string
	vars    []func() // initialisers that do not wait
	init    []func()
	main    func()
	godebug string
}

// registered holds all packages in the order Go initialised them.
var registered []*registration

// packageIndex finds them by path. It is only looked things up in.
var packageIndex = map[string]int{}

// A closure is a package and all that it imports. It belongs to the program and
// is never written to once it is made: all processes that run the package use it.
type closure struct {
	first []int    // by package: where its initialisers are in run; -1: it is not in the closure
	run   []func() // in the order of registration
}

// closures are those that have been asked for.
var closures = map[string]*closure{}

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
		registered = append(registered, &registration{})
	}
	r := registered[i]
	r.imports = append(r.imports, p.Imports...)
	for _, v := range p.Handles {
		h := v.head()
		h.self, h.home = v, i
	}
	for _, v := range p.Vars {
		r.initialiser(v)
	}
	r.init = append(r.init, p.Init...)
	if p.Main != nil {
		r.main, r.godebug = p.Main, p.Godebug
		hostProgram(p.Path)
	}
	clear(closures)
}

// initialiser adds one.
//
//go:norace
func (r *registration) initialiser(v Initialiser) {
	if v.Of == nil {
		r.vars = append(r.vars, v.Run)
		return
	}
	h := v.Of.head()
	h.init, h.turn = v.Run, len(r.vars)
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
		return registered[i].main
	}
	return nil
}

// programGodebug are the settings of a program, which are added to those of the
// executable that it is part of.
//
//go:norace
func programGodebug(program string) string {
	settings := hostGodebug()
	if i, ok := packageIndex[program]; ok && registered[i].godebug != "" {
		settings += "," + registered[i].godebug // the last one of a name counts
	}
	return settings
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
	vars.closure = c
	for _, f := range c.run {
		f()
		vars.done++
		if vars.early != nil {
			vars.catchUp()
		}
	}
	return true
}

// closureOf returns the closure of a package, or nil if there is no such
// package. Imports that did not register are packages that were not rewritten.
//
//go:norace
func closureOf(program string) *closure {
	defer hostRestore(hostHush())
	if c := closures[program]; c != nil {
		return c
	}
	if !Registered(program) {
		return nil
	}
	in := make([]bool, len(registered))
	todo := []string{program}
	for len(todo) > 0 {
		path := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i, ok := packageIndex[path]
		if !ok || in[i] {
			continue
		}
		in[i] = true
		todo = append(todo, registered[i].imports...)
	}
	c := &closure{first: make([]int, len(registered))}
	for i, r := range registered {
		c.first[i] = -1
		if in[i] {
			c.first[i] = len(c.run)
			c.run = append(c.run, r.vars...)
			c.run = append(c.run, r.init...)
		}
	}
	closures[program] = c
	return c
}

package rewrite

import (
	"go/ast"
	"strconv"
)

// runtimeName is the name under which rewritten files import the runtime.
const runtimeName = "simgen"

// freshAlias returns the name under which a file imports the runtime: the
// usual one, or a variation when the file or the package uses that name.
func (w *work) freshAlias(f *fileWork) string {
	scope := w.Types.Scope()
	name := runtimeName
	for i := 1; f.idents[name] || scope.Lookup(name) != nil; i++ {
		name = runtimeName + strconv.Itoa(i)
	}
	return name
}

// freshName returns a package-level name that no identifier of the package
// has, and reserves it.
func (w *work) freshName(base string) string {
	name := base
	for w.names[name] {
		name += "_"
	}
	w.names[name] = true
	return name
}

// A namer hands out names for temporaries of one statement. They are visible
// in the whole statement, so they differ from every identifier in it; whatever
// is outside cannot be captured by them.
type namer map[string]bool

func namesIn(nodes ...ast.Node) namer {
	used := namer{}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	return used
}

// one returns base, or base with a suffix.
func (used namer) one(base string) string {
	name := base
	for i := 1; used[name]; i++ {
		name = base + strconv.Itoa(i)
	}
	used[name] = true
	return name
}

// series returns n names with a common prefix: c0, c1, c2.
func (used namer) series(prefix string, n int) []string {
	for {
		names := make([]string, n)
		free := true
		for i := range names {
			names[i] = prefix + strconv.Itoa(i)
			free = free && !used[names[i]]
		}
		if free {
			return names
		}
		prefix += "_"
	}
}

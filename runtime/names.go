package runtime

// A main package is called otherwise where it is imported, so that a simulation
// can start it. What a program sees of itself has the names that it would have
// on its own: package main, with the import path main.

// UnderTest says that the executable is a test of a package, whose import path
// is what it is even if the package is a main package.
//
//go:norace
func UnderTest() { hostUnderTest() }

// TypeString is what a program calls the type that the executable calls s.
//
//go:norace
func TypeString(s string) string { return hostTypeString(s) }

// PkgPath is the same for the path of a package, and ImportPath the way back.
//
//go:norace
func PkgPath(path string) string { return hostPkgPath(path) }

//go:norace
func ImportPath(path string) string {
	if g := current(); g != nil && path == "main" {
		if program := g.process.program; PkgPath(program) == path {
			return program
		}
	}
	return path
}

// Package build turns Go packages into instrumented executables: it loads a
// program with everything it depends on, runs package rewrite over what has
// changed since the last time, and compiles the result in place through
// `go build -overlay`.
//
// It is the only part of simgen that reads files, keeps a cache and runs the
// go command; the transformations themselves live in package rewrite and are
// pure. Only cmd/simgen may import it.
//
// The steps, each in a file of its own:
//
//	goenv.go     which Go, which module, is it supported
//	load.go      go/packages: files and imports of the whole program
//	graph.go     one node per import path, standard library and tests included
//	splice.go    the embedded runtime, shim and sim become standard packages
//	source.go    the bytes that are rewritten: floor, import paths, main
//	cache.go     what was rewritten before, by content
//	ldflags.go   variables that -X sets
//	check.go     types of what is missing, then package rewrite
//	overlay.go   original file => rewritten file, for the go command
//	shadow.go    modules of the module cache, which an overlay may not touch
//	goroot.go    the same for a GOROOT that may not be overlaid
//	compile.go   go test -c and go build
package build

package build

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// With the race detector, an executable contains its library, which is C code:
// the go command insists on cgo, and its own runtime/cgo is linked in. Nothing
// else may be, so packages are loaded as always, without cgo, and an overlay
// keeps the go command from choosing other files when it compiles.

// raceTag is the build tag that the go command sets with -race.
const raceTag = "race"

// raceable refuses to build with the race detector where that cannot work.
func (c Config) raceable(env *goEnv) error {
	if !c.Race {
		return nil
	}
	cc := strings.Fields(env.CC)
	if len(cc) > 0 {
		if _, err := exec.LookPath(cc[0]); err == nil {
			return nil
		}
	}
	return errorf("the race detector needs a C compiler, and there is no %s: install one or set CC", env.CC)
}

// raceFlags are flags of the go command. The packages of the simulation do not
// show the race detector what they do. Nothing of them is inlined, because
// inlined code is checked like that around it.
var raceFlags = []string{"-race", "-gcflags=simgen/...=-race=false -l"}

// withoutCgo adds to an overlay what makes a build with cgo take the files of
// one without.
func (b *builder) withoutCgo(o overlay, tmp string) error {
	for path, n := range b.graph.nodes {
		for _, file := range n.ignored {
			src, err := os.ReadFile(file)
			if err == nil && dependsOnCgo(src) {
				o[file] = ""
			}
		}
		for _, file := range n.files {
			now := b.compiled(o, path, file)
			src, err := os.ReadFile(now)
			if err != nil {
				return err
			}
			line := cgoConstraint(src)
			if line == nil {
				continue
			}
			to := filepath.Join(tmp, strings.ReplaceAll(path, "/", "-")+"-"+filepath.Base(file))
			src = bytes.Replace(src, line, []byte("//go:build "+splicedTag), 1)
			if err := os.WriteFile(to, src, 0o666); err != nil {
				return err
			}
			o[file] = to
		}
	}
	return nil
}

// compiled is the file that is compiled in place of one of a node.
func (b *builder) compiled(o overlay, path, file string) string {
	if to, ok := o[file]; ok {
		return to
	}
	if e := b.entries[path]; e != nil && contains(e.Replace, filepath.Base(file)) {
		return filepath.Join(e.Dir, filepath.Base(file))
	}
	return file
}

// cgoConstraint is the line that makes a file's being built depend on cgo.
func cgoConstraint(src []byte) []byte {
	for line := range bytes.Lines(src) {
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte("package ")) {
			break
		}
		if !constraint.IsGoBuild(string(line)) {
			continue
		}
		x, err := constraint.Parse(string(line))
		if err != nil {
			break
		}
		found := false
		x.Eval(func(tag string) bool { found = found || tag == "cgo"; return false })
		x.Eval(func(tag string) bool { found = found || tag == "cgo"; return true })
		if found {
			return line
		}
		break
	}
	return nil
}

// dependsOnCgo reports whether a build with cgo may include a Go file that one
// without does not.
func dependsOnCgo(src []byte) bool {
	if cgoConstraint(src) != nil {
		return true
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	if err != nil {
		return false
	}
	return importC(f) != nil
}

// importC is what makes a file one of cgo, or nil.
func importC(f *ast.File) *ast.ImportSpec {
	for _, s := range f.Imports {
		if s.Path.Value == `"C"` {
			return s
		}
	}
	return nil
}

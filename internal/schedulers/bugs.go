package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
)

// A bug is a test in testdata/bugs.
type bug struct {
	test  string
	want  []string // the kinds of failure that count as a find
	class string   // from its comment
}

// lasts reports whether a seed that finds the bug takes seconds.
func (b bug) lasts() bool { return slices.Contains(b.want, "livelock") }

// race reports whether the bug shows only under the race detector.
func (b bug) race() bool { return slices.Contains(b.want, "race") }

// shows reports whether a seed has found the bug.
func (b bug) shows(r *report.SeedResult) bool {
	return r.Failure != nil && slices.Contains(b.want, r.Failure.Kind)
}

// loadBugs reads the directory of the bugs. It insists on the form that its package documents.
func loadBugs(dir string) ([]bug, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	var bugs []bug
	tests := map[string]bool{}
	fset := token.NewFileSet()
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			tests[fn.Name.Name] = true
			if strings.HasSuffix(fn.Name.Name, fixed) {
				continue
			}
			b, err := describe(fn)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", fset.Position(fn.Pos()), err)
			}
			bugs = append(bugs, b)
		}
	}
	for _, b := range bugs {
		if !tests[b.test+fixed] {
			return nil, fmt.Errorf("%s: there is no %s%s", dir, b.test, fixed)
		}
	}
	if len(tests) != 2*len(bugs) {
		return nil, fmt.Errorf("%s: %d tests for %d bugs: a %s without its bug", dir, len(tests), len(bugs), fixed)
	}
	return bugs, nil
}

// fixed ends the name of a bug's twin.
const fixed = "Fixed"

var (
	wantLine  = regexp.MustCompile(`^//want:([a-z,]+)$`)
	classLine = regexp.MustCompile(`(?s)Class: (.*?)[.:]\s`)
)

// describe reads the comment of a test.
func describe(fn *ast.FuncDecl) (bug, error) {
	b := bug{test: fn.Name.Name}
	if fn.Doc == nil {
		return b, fmt.Errorf("%s has no comment", b.test)
	}
	for _, c := range fn.Doc.List {
		if m := wantLine.FindStringSubmatch(c.Text); m != nil {
			b.want = strings.Split(m[1], ",")
		}
	}
	if b.want == nil {
		return b, fmt.Errorf("%s: its comment does not end in a line like //want:fail", b.test)
	}
	m := classLine.FindStringSubmatch(fn.Doc.Text() + "\n")
	if m == nil {
		return b, fmt.Errorf("%s: its comment does not say a class, like: Class: lost wakeup.", b.test)
	}
	b.class = strings.Join(strings.Fields(m[1]), " ")
	return b, nil
}

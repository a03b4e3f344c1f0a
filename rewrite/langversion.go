package rewrite

import (
	"bytes"
	"go/build/constraint"
	"go/version"
	"strings"
)

// The language version of a file.
//
//	(module says go 1.16)  =>  //go:build go1.21
//
// The runtime's functions are generic, and their calls rely on the type
// inference of Go 1.21. A build constraint raises the version of one file. It
// stops below 1.22, where the meaning of loop variables changes: see
// rangeloop.go.

const neededVersion = "go1.21"

// language returns the version of the file, "" for the current one.
func (f *fileWork) language() string {
	if v := f.Info.FileVersions[f.syntax]; v != "" {
		return v
	}
	if f.syntax.GoVersion != "" {
		return f.syntax.GoVersion
	}
	return f.moduleVersion()
}

func (w *work) moduleVersion() string {
	if w.GoVersion == "" || strings.HasPrefix(w.GoVersion, "go") {
		return w.GoVersion
	}
	return "go" + w.GoVersion
}

func older(v, than string) bool {
	return version.IsValid(v) && version.Compare(version.Lang(v), than) < 0
}

// perIteration reports whether each iteration of a loop has its own variables.
func (f *fileWork) perIteration() bool { return !older(f.language(), "go1.22") }

// raiseVersion adds the constraint to printed source.
func raiseVersion(src []byte) []byte {
	lines := bytes.SplitAfter(src, []byte("\n"))
	want, err := constraint.Parse("//go:build " + neededVersion)
	if err != nil {
		return src // impossible: the text is constant
	}
	var old constraint.Expr
	at := -1 // the line of the //go:build constraint
	for i, line := range lines {
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "package ") {
			break
		}
		if !constraint.IsGoBuild(text) && !constraint.IsPlusBuild(text) {
			continue
		}
		x, err := constraint.Parse(text)
		if err != nil {
			continue
		}
		if constraint.IsGoBuild(text) {
			old, at = x, i
			continue
		}
		if at < 0 {
			old = and(old, x)
		}
		lines[i] = nil // the old form would have to say the same
	}
	text := []byte("//go:build " + and(old, want).String() + "\n")
	if at < 0 {
		return bytes.Join(append([][]byte{append(text, '\n')}, lines...), nil)
	}
	lines[at] = text
	return bytes.Join(lines, nil)
}

func and(x, y constraint.Expr) constraint.Expr {
	if x == nil {
		return y
	}
	return &constraint.AndExpr{X: x, Y: y}
}

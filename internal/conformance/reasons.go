package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A reason says why a test does not count.
type reason struct {
	line int
	text string
	used bool
}

// reasons by package and test.
type reasons map[[2]string]*reason

const reasonsFile = "testdata/conformance/reasons.txt"

// loadReasons reads lines of the form
//
//	net/http TestServerExec: exec: starts a copy of the test binary
//
// Empty lines and those that begin with # are left out.
func loadReasons() (reasons, error) {
	data, err := os.ReadFile(filepath.FromSlash(reasonsFile))
	if err != nil {
		return nil, err
	}
	all := reasons{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, text, ok := strings.Cut(line, ": ")
		path, test, ok2 := strings.Cut(name, " ")
		if !ok || !ok2 || strings.Contains(test, " ") {
			return nil, fmt.Errorf("%s:%d: want import/path TestName: reason", reasonsFile, i+1)
		}
		key := [2]string{path, test}
		if all[key] != nil {
			return nil, fmt.Errorf("%s:%d: a second reason for %s", reasonsFile, i+1, name)
		}
		all[key] = &reason{line: i + 1, text: text}
	}
	return all, nil
}

// outside says whether the reason is that the test needs something outside the simulated machine.
func (r *reason) outside() bool {
	return strings.HasPrefix(r.text, "exec: ") || strings.HasPrefix(r.text, "network: ")
}

package main

import (
	"path/filepath"
	"strings"

	"github.com/simgen-dev/simgen/internal/command"
	"github.com/simgen-dev/simgen/sim/report"
)

// A stresser runs simgen stress on the bugs.
type stresser struct {
	simgen string // the command
	dir    string // of the tests
}

// bugsDir is the directory of the bugs in the repository.
const bugsDir = "testdata/bugs"

// newStresser builds the command into a directory of the caller's. root is the repository's.
func newStresser(root, tmp string) (*stresser, error) {
	simgen, err := command.Build(root, tmp)
	return &stresser{simgen, filepath.Join(root, bugsDir)}, err
}

// run runs tests on a list of seeds and calls each with every result.
func (s *stresser) run(tests []string, seeds string, flags []string, each func(*report.SeedResult)) error {
	args := append([]string{"-seeds", seeds, "-run", "^(" + strings.Join(tests, "|") + ")$"}, flags...)
	return command.Stress(s.simgen, s.dir, args, each)
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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
	simgen := filepath.Join(tmp, "simgen")
	build := exec.Command("go", "build", "-o", simgen, "./cmd/simgen")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %s", out)
	}
	return &stresser{simgen, filepath.Join(root, bugsDir)}, nil
}

// run runs tests on a list of seeds and calls each with every result. That a run is complete only the totals
// say, so a run without them is an error.
func (s *stresser) run(tests []string, seeds string, flags []string, each func(*report.SeedResult)) error {
	args := append([]string{"stress", "-json", "-seeds", seeds, "-run", "^(" + strings.Join(tests, "|") + ")$"}, flags...)
	cmd := exec.Command(s.simgen, args...)
	cmd.Dir, cmd.Stderr = s.dir, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var total *report.Report
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() && err == nil {
		var line report.Line
		line, err = report.ParseLine(lines.Bytes())
		switch {
		case line.Seed != nil:
			each(line.Seed)
		case line.Total != nil:
			total = line.Total
		}
	}
	wait := cmd.Wait()
	switch {
	case err != nil:
		return err
	case lines.Err() != nil:
		return lines.Err()
	case total == nil:
		return fmt.Errorf("simgen %s: %w", strings.Join(args, " "), wait)
	case len(total.Errors) > 0:
		return errors.New(total.Errors[0])
	}
	return nil
}

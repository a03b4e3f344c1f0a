package command

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

// Build builds the command of the repository in root into dir and returns where it is.
func Build(root, dir string) (simgen string, err error) {
	simgen = filepath.Join(dir, "simgen")
	build := exec.Command("go", "build", "-o", simgen, "./cmd/simgen")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %s", out)
	}
	return simgen, nil
}

// Stress runs simgen stress -json with more arguments in dir and calls each with every result. That a run is
// complete only the totals say, so a run without them is an error, whatever the exit code.
func Stress(simgen, dir string, args []string, each func(*report.SeedResult)) error {
	args = append([]string{"stress", "-json"}, args...)
	cmd := exec.Command(simgen, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
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

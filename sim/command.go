package sim

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// nestedEnv is set for the command that an ordinary test binary starts.
const nestedEnv = "SIMGEN_NESTED"

// shortSeeds are run with "go test -short".
const shortSeeds = "1-10"

// runThroughCommand is Test in an ordinary test binary: it runs "simgen test" for this one test.
func runThroughCommand(t *testing.T, cfg Config) {
	t.Helper()
	if os.Getenv(nestedEnv) != "" || os.Getenv(runner.WorkerEnv) != "" {
		t.Fatal("this binary was started by the simgen command and is not instrumented: " +
			"the simgen command and the module github.com/simgen-dev/simgen in go.mod are of different versions")
	}
	argv := findCommand()
	if argv == nil {
		t.Fatal("there is no simgen command to build the simulation with: run \"go get -tool github.com/simgen-dev/simgen/cmd/simgen\" once in this module")
	}
	argv = append(argv, "test", "-json", "-run", runner.Pattern(t.Name()))
	switch seeds := os.Getenv(seedsEnv); {
	case seeds != "":
		argv = append(argv, "-seeds", seeds)
	case testing.Short() && cfg.Iterations > 10:
		argv = append(argv, "-seeds", shortSeeds)
	}
	if tags := buildSetting("-tags"); tags != "" {
		argv = append(argv, "-tags", tags)
	}
	if buildSetting("-race") == "true" {
		argv = append(argv, "-race")
	}
	cmd := exec.CommandContext(t.Context(), argv[0], append(argv[1:], ".")...)
	cmd.Env = append(os.Environ(), nestedEnv+"=1")
	runner.DieWithParent(cmd)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	total := relay(stdout, func(text string) { t.Error(text) })
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case total == nil:
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, strings.TrimSpace(stderr.String()))
	case errors.As(err, &exit) && !t.Failed():
		t.Errorf("%s: %v\n%s", strings.Join(argv, " "), err, strings.TrimSpace(stderr.String()))
	}
	t.Log("\n" + total.String())
}

// buildSetting is a flag that this binary was built with; "" if it was not.
func buildSetting(flag string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == flag {
			return s.Value
		}
	}
	return ""
}

// relay hands the text of every failure the command writes to fail, and returns the totals; nil if there were none.
func relay(stdout io.Reader, fail func(text string)) *report.Report {
	var total *report.Report
	var failed *report.SeedResult // waits for its story
	flush := func() {
		if failed != nil {
			fail(failed.Text(testing.Verbose()))
		}
		failed = nil
	}
	in := bufio.NewReader(stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		event, err := report.ParseLine(line)
		if err != nil {
			continue // not ours: the output of a build, perhaps
		}
		switch {
		case event.Story != nil && failed != nil:
			failed.Output = event.Story.Output
			failed.Log, failed.Failure.Stacks, failed.Failure.Goroutines = event.Story.Log, event.Story.Failure.Stacks, event.Story.Failure.Goroutines
			flush()
		case event.Seed != nil:
			flush()
			if event.Seed.Failure != nil {
				failed = event.Seed
			}
		case event.Total != nil:
			total = event.Total
		}
	}
	flush()
	return total
}

// findCommand is how the simgen command is called in this module; nil if it cannot be.
func findCommand() []string {
	if exec.Command("go", "tool", "-n", "simgen").Run() == nil {
		return []string{"go", "tool", "simgen"}
	}
	if path, err := exec.LookPath("simgen"); err == nil {
		return []string{path}
	}
	return nil
}

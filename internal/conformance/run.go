package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/internal/command"
	"github.com/simgen-dev/simgen/sim/report"
)

// result is what the tests of one package came to.
type result struct {
	Go     string             `json:"go"`     // the release
	Seeds  string             `json:"seeds"`  // those that were run
	Native map[string]string  `json:"native"` // test => pass, fail or skip
	Failed map[string]failure `json:"failed"` // tests that do not pass on every seed
	Ran    []string           `json:"ran"`    // tests that were run in the simulation
}

// failure is the first one of a test.
type failure struct {
	Seed    uint64 `json:"seed"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// runPackage runs the tests of a package natively and simulated. simgen is the command. Tests that fail on seed 1,
// some of which take their time to, are not run on the others.
func runPackage(simgen, dir, path, seeds string, verify bool) (*result, error) {
	r := &result{Seeds: seeds, Native: map[string]string{}, Failed: map[string]failure{}}
	version, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return nil, err
	}
	r.Go = strings.TrimSpace(string(version))
	if err := r.runNative(dir, path); err != nil {
		return nil, err
	}
	args := []string{"-leaks", "off"}
	if verify {
		args = append(args, "-verify")
	}
	if err := command.Stress(simgen, dir, append(args, "-seeds", "1", path), r.add); err != nil {
		return nil, err
	}
	passed := slices.DeleteFunc(slices.Clone(r.Ran), func(test string) bool { return !r.counts(test) })
	if len(passed) == 0 || seeds == "1" {
		return r, nil
	}
	if last, ok := strings.CutPrefix(seeds, "1-"); ok {
		seeds = "2-" + last // 1 is done
	}
	return r, command.Stress(simgen, dir, append(args, "-seeds", seeds, "-run", "^("+strings.Join(passed, "|")+")$", path), r.add)
}

// runNative asks go test.
func (r *result) runNative(dir, path string) error {
	cmd := exec.Command("go", "test", "-json", "-count=1", "-timeout=20m", path)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as the simulation is built
	out, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e struct{ Action, Test string }
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Test == "" || strings.Contains(e.Test, "/") {
			continue
		}
		switch e.Action {
		case "pass", "fail", "skip":
			r.Native[e.Test] = e.Action
		}
	}
	if len(r.Native) == 0 {
		return fmt.Errorf("go test %s: no results", path)
	}
	return nil
}

// add notes the result of a seed.
func (r *result) add(s *report.SeedResult) {
	if i, ran := slices.BinarySearch(r.Ran, s.Test); !ran {
		r.Ran = slices.Insert(r.Ran, i, s.Test)
	}
	var f failure
	switch {
	case s.Failure != nil:
		f = failure{s.Seed, s.Failure.Kind, oneLine(s.Failure.Message)}
	case s.Skipped && r.Native[s.Test] != "skip":
		f = failure{s.Seed, "skip", "skips itself in the simulation"}
	default:
		return
	}
	if had, ok := r.Failed[s.Test]; !ok || f.Seed < had.Seed {
		r.Failed[s.Test] = f
	}
}

// oneLine is the beginning of a message.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 200 {
		s = s[:200] + " [...]"
	}
	return s
}

// results are kept between runs.
type results map[string]*result // by package

const resultsFile = "testdata/conformance/results.json"

func loadResults() (results, error) {
	all := results{}
	data, err := os.ReadFile(filepath.FromSlash(resultsFile))
	if errors.Is(err, os.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(data, &all)
}

func (all results) save() error {
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.FromSlash(resultsFile), append(data, '\n'), 0o666)
}

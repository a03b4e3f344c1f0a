package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/build"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

func TestVerdict(t *testing.T) {
	seed := func(r report.Result) *report.Report {
		out := new(report.Report)
		out.Add(report.SeedResult{Test: "TestA", Seed: 1, Result: r})
		return out
	}
	missed := seed(report.Pass)
	missed.Tests[0].Strict = true
	missed.Tests[0].Declare([]report.Assertion{{Kind: report.Reachable, Message: "never reached"}})
	broken := seed(report.Fail)
	broken.Errors = []string{"worker: no memory"}
	for _, tt := range []struct {
		name string
		r    *report.Report
		code int
	}{
		{"passed", seed(report.Pass), exitOK},
		{"nothing run", new(report.Report), exitOK},
		{"failed", seed(report.Fail), exitFailed},
		{"a seed that could not be run", seed(report.Error), exitFailed},
		{"strict coverage", missed, exitFailed},
		{"failed, and trouble besides", broken, exitFailed},
		{"only trouble", &report.Report{Errors: []string{"worker: no memory"}}, exitUsage},
	} {
		if code, _ := outcome(verdict(tt.r)); code != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.name, code, tt.code)
		}
	}
}

func TestMatching(t *testing.T) {
	binaries := []testBinary{
		{build.TestBinary{ImportPath: "a", Tests: []string{"TestOne", "TestTwo"}}, "./a"},
		{build.TestBinary{ImportPath: "b", Tests: []string{"TestThree"}}, "./b"},
	}
	for _, tt := range []struct{ run, want string }{
		{"", "a b"},
		{"One", "a"},
		{"^TestT", "a b"},
		{"TestThree/deep", "b"},
		{"TestFour", "error"},
	} {
		o := testOptions{Flags: runner.Flags{Run: tt.run, Timeout: 1, Memory: 1 << 30}}
		if err := o.check(); err != nil {
			t.Fatal(err)
		}
		kept, err := matching(binaries, o)
		var got []string
		for _, b := range kept {
			got = append(got, b.ImportPath)
		}
		if err != nil {
			got = []string{"error"}
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("-run %s chooses %s, want %s", tt.run, text, tt.want)
		}
	}
}

// TestOneSentence pins what becomes of errors that come from the go command.
func TestOneSentence(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{
			"err: exit status 1: stderr: go: updates to go.mod needed; to update it:\n\tgo mod tidy",
			"simgen test: updates to go.mod needed; to update it: go mod tidy",
		},
		{
			"compiling: # example.com/m\na/a.go:1:2: undefined: x\na/b.go:7:1: undefined: y\n\tas told\n",
			"simgen test: compiling: # example.com/m a/a.go:1:2: undefined: x (and 1 more)",
		},
		{"a.go:1:2: wrong\n\tbecause of this", "simgen test: a.go:1:2: wrong because of this"},
	} {
		code, text := outcome(inCommand("test", errors.New(tt.in)))
		if code != exitUsage || text != tt.want {
			t.Errorf("got %q (exit code %d), want %q", text, code, tt.want)
		}
	}
}

// TestProgressOffTerminal requires that output which is no terminal gets lines
// and no control characters.
func TestProgressOffTerminal(t *testing.T) {
	var out, errs bytes.Buffer
	std := stdio{nil, &out, &errs}
	p := newSeedProgress(std, testOptions{Flags: runner.Flags{Verbose: true}})
	for seed := range 3 {
		p.Seed(report.SeedResult{Test: "TestA", Seed: uint64(seed), Result: report.Pass})
		p.Progress(seed+1, 3)
	}
	p.done()
	b := newBuildProgress(std)
	b.step("loading")
	b.done()
	if text := out.String() + errs.String(); strings.ContainsAny(text, "\r\x1b") || strings.Count(out.String(), "\n") != 3 {
		t.Errorf("output %q, standard error %q", &out, &errs)
	}
}

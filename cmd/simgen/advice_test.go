package main

import (
	"errors"
	"testing"
)

func TestAdvice(t *testing.T) {
	for text, want := range map[string]string{
		"simgen test: it is clear already":                                                                           "simgen test: it is clear already",
		"simgen stress: fork/exec /p.test: exec format error":                                                        "simgen stress: fork/exec /p.test: exec format error: it was built for another kind of machine: unset GOARCH, or take what simgen build makes there",
		"simgen test: go.mod file not found in current directory or any parent directory; see 'go help modules'":     "simgen test: go.mod file not found in current directory or any parent directory: run go mod init there first, or simgen in a module's directory",
		"simgen build: err: exit status 1: stderr: go: download go1.99.0: \n\treading https://proxy: not available.": "simgen build: download go1.99.0: reading https://proxy: not available: install that release, or set GOTOOLCHAIN=local for the one that is there",
	} {
		if code, got := outcome(errors.New(text)); code != exitUsage || got != want {
			t.Errorf("got  %d %s\nwant 2 %s", code, got, want)
		}
	}
}

func TestGist(t *testing.T) {
	for text, want := range map[string]string{
		"one": "one",
		"worker w: exit status 2\npanic: no\n\ngoroutine 1 [running]:": "worker w: exit status 2: panic: no",
		"worker w: exit status 2\n":                                    "worker w: exit status 2",
	} {
		if got := gist(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

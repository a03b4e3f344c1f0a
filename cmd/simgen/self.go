package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/sim/runner"
)

// modulePath is the module of this command.
const modulePath = "github.com/simgen-dev/simgen"

// selfCommand is what a person types to run this command again. Under go run
// and go tool the executable lies in the go command's cache, and a replay
// command that named it there would be of no use: then it is the go command's
// own words that count.
func selfCommand() string {
	if words := wrapper(parentArgs(), os.Args[1:]); words != nil {
		return runner.QuoteAll(words)
	}
	exe, err := os.Executable()
	onPath, _ := exec.LookPath("simgen")
	if err != nil || onPath != "" || strings.Contains(exe, "go-build") {
		return "simgen"
	}
	return runner.Quote(exe)
}

// wrapper returns the words by which a go command started this one, given that
// command's arguments and our own: those before ours. It is nil when the
// parent is no go command.
func wrapper(parent, own []string) []string {
	n := len(parent) - len(own)
	if n < 3 || filepath.Base(parent[0]) != "go" || !slices.Equal(parent[n:], own) {
		return nil
	}
	if parent[1] != "run" && parent[1] != "tool" {
		return nil
	}
	return append([]string{"go"}, parent[1:n]...)
}

// parentArgs is the command line of the parent process, or nil where the
// system does not tell.
func parentArgs() []string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", os.Getppid()))
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\x00"), "\x00")
}

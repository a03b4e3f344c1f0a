package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/simgen-dev/simgen/sim/runner"
)

// Exit codes of every subcommand.
const (
	exitOK     = 0
	exitFailed = 1 // a seed failed, or check found something
	exitUsage  = 2 // wrong usage, or the program could not be built
	// 128 and the signal's number: interrupted
)

// stdio is where a subcommand reads and writes. Results go to out, everything
// that accompanies them (progress, notes, errors) to err.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	os.Exit(run(runner.Interruptible(), os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

// run is the whole command: it runs the subcommand that args names and returns
// the process's exit code.
func run(ctx context.Context, args []string, std stdio) int {
	err := dispatch(ctx, args, std)
	if code, interrupted := runner.InterruptCode(ctx); interrupted && !errors.Is(err, errFailed) {
		fmt.Fprintln(std.err, "simgen: interrupted")
		return code
	}
	code, text := outcome(err)
	if text != "" {
		fmt.Fprintln(std.err, text)
	}
	return code
}

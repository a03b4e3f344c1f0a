package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of every subcommand.
const (
	exitOK     = 0
	exitFailed = 1 // a seed failed, or check found something
	exitUsage  = 2 // wrong usage, or the program could not be built
)

// stdio is where a subcommand reads and writes. Results go to out, everything
// that accompanies them (progress, notes, errors) to err.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	// The first interrupt cancels the work so that workers and temporary
	// files are cleaned up; stop restores the default, so that a second
	// interrupt ends the process at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

// run is the whole command: it runs the subcommand that args names and returns
// the process's exit code.
func run(ctx context.Context, args []string, std stdio) int {
	err := dispatch(ctx, args, std)
	if ctx.Err() != nil {
		err = errInterrupted
	}
	code, text := outcome(err)
	if text != "" {
		fmt.Fprintln(std.err, text)
	}
	return code
}

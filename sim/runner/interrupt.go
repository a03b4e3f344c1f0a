package runner

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// An Interrupt is the cause of a context that a signal has ended.
type Interrupt struct{ Signal syscall.Signal }

func (i Interrupt) Error() string { return "interrupted" }

// Interruptible is a context that the first SIGINT or SIGTERM ends, so that what has been done by then is reported, and workers and
// temporary files are cleaned up. A second signal ends the process at once.
func Interruptible() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals)
		cancel(Interrupt{s.(syscall.Signal)})
	}()
	return ctx
}

// InterruptCode is the exit code of a process whose context a signal has ended: 128 and the signal's number, as shells have it. ok is
// false if none has.
func InterruptCode(ctx context.Context) (code int, ok bool) {
	var i Interrupt
	if !errors.As(context.Cause(ctx), &i) {
		return 0, false
	}
	return 128 + int(i.Signal), true
}

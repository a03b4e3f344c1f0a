package stdlib

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/simgen-dev/simgen/sim"
)

// A check collects what is not as expected while a body runs, on a test's goroutine or in a workload.
type check struct {
	dir       string // empty, and the body's own
	simulated bool
	errs      []error
}

// ok reports an error that should not be, and whether there was none.
func (c *check) ok(what string, err error) bool {
	if err != nil {
		c.errs = append(c.errs, fmt.Errorf("%s: %w", what, err))
	}
	return err == nil
}

// is requires an error of a certain kind.
func (c *check) is(what string, err, want error) {
	if !errors.Is(err, want) {
		c.errs = append(c.errs, fmt.Errorf("%s: got error %v, want %v", what, err, want))
	}
}

// equal compares what values print as.
func (c *check) equal(what string, got, want any) {
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		c.errs = append(c.errs, fmt.Errorf("%s: got %s, want %s", what, g, w))
	}
}

func (c *check) path(name string) string { return filepath.Join(c.dir, name) }

// workload runs a body on a simulated machine.
type workload struct {
	sim.Base
	body func(*check)
}

func (w *workload) Name() string { return "client" }

func (w *workload) Run(ctx *sim.Context) error {
	c := &check{dir: "/tmp/check", simulated: true}
	if err := os.Mkdir(c.dir, 0o755); err != nil {
		return err
	}
	w.body(c)
	return errors.Join(c.errs...)
}

// simulated is the simulation of a body. The tests call sim.Test themselves, by which simgen finds them.
func simulated(body func(*check)) sim.Config {
	return sim.Config{Workload: &workload{body: body}, Iterations: 10}
}

// native runs a body on the real system.
func native(t *testing.T, body func(*check)) {
	c := &check{dir: t.TempDir()}
	body(c)
	if err := errors.Join(c.errs...); err != nil {
		t.Error(err)
	}
}

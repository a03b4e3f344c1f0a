package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/simgen-dev/simgen/sim/report"
)

// isTerminal says whether w is a terminal, where a line can be written over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// buildProgress tells what a build is doing. On a terminal that is one line
// which goes away; elsewhere a step is a line of its own, but only once it has
// taken a while: a warm build says nothing.
type buildProgress struct {
	err     io.Writer
	spinner *progressbar.ProgressBar

	mu    sync.Mutex
	timer *time.Timer // will tell about the step that is going on
}

// slowStep is how long a step takes before it is worth a line.
const slowStep = 2 * time.Second

func newBuildProgress(std stdio) *buildProgress {
	p := &buildProgress{err: std.err}
	if isTerminal(std.err) {
		p.spinner = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(std.err),
			progressbar.OptionSpinnerType(14),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// step says what happens from now on.
func (p *buildProgress) step(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spinner != nil {
		p.spinner.Describe(text)
		return
	}
	p.stop()
	p.timer = time.AfterFunc(slowStep, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintf(p.err, "simgen: %s ...\n", text)
	})
}

// done takes the line off the screen.
func (p *buildProgress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spinner != nil {
		p.spinner.Finish()
		return
	}
	p.stop()
}

func (p *buildProgress) stop() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

// seedProgress shows results through a console, and below them, on a terminal,
// a bar with the seeds done, their rate and the time left.
type seedProgress struct {
	console *report.Console
	bar     *progressbar.ProgressBar
	failed  int
	visible bool // the console writes a passed seed too
}

// newSeedProgress makes the observer of one package's run.
func newSeedProgress(std stdio, o testOptions) *seedProgress {
	p := &seedProgress{console: &report.Console{Out: std.out, JSON: o.JSON, Verbose: o.Verbose}, visible: o.Verbose || o.JSON}
	switch {
	case o.JSON && !isTerminal(std.err):
	case !isTerminal(std.err):
		p.console.Err = std.err
	default:
		p.bar = progressbar.NewOptions(1,
			progressbar.OptionSetWriter(std.err),
			progressbar.OptionSetDescription("seeds"),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("seeds"),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(30),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// Seed shows the result of a seed, above the bar.
func (p *seedProgress) Seed(s report.SeedResult) {
	if s.Result != report.Pass {
		p.failed++
	}
	if p.bar != nil && (p.visible || s.Result != report.Pass) {
		p.bar.Clear()
	}
	p.console.Seed(s)
}

// Progress moves the bar.
func (p *seedProgress) Progress(done, total int) {
	if p.bar == nil {
		p.console.Progress(done, total)
		return
	}
	if p.failed > 0 {
		p.bar.Describe(fmt.Sprintf("seeds (%d failed)", p.failed))
	}
	p.bar.ChangeMax(max(total, 1))
	p.bar.Set(done)
}

// done takes the bar off the screen.
func (p *seedProgress) done() {
	if p.bar != nil {
		p.bar.Finish()
		p.bar.Clear()
	}
}

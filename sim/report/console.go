package report

import (
	"fmt"
	"io"
	"time"
)

// Console shows a run while it goes on: to people (failures in full, a progress line on a terminal) or, with
// JSON set, to programs. It is an observer of sim/runner.
type Console struct {
	// Out gets results: failures and the report, or the lines of JSON.
	Out io.Writer
	// Err gets progress. Nil means no progress.
	Err io.Writer
	// JSON writes lines of JSON to Out.
	JSON bool
	// Verbose shows the timeline of every seed, not only of those that failed.
	Verbose bool
	// Terminal says that Err can show a line that is written over and over.
	Terminal bool

	failed int
	shown  time.Time
	dirty  bool // a progress line is on the screen
}

// Seed shows the result of a seed.
func (c *Console) Seed(s SeedResult) {
	if s.Result != Pass {
		c.failed++
	}
	if c.JSON {
		fmt.Fprintf(c.Out, "%s\n", s.JSON())
		if story := s.StoryJSON(); story != nil && (c.Verbose || s.Result != Pass) {
			fmt.Fprintf(c.Out, "%s\n", story)
		}
		return
	}
	if s.Result == Pass && !c.Verbose {
		return
	}
	c.clear()
	if s.Result != Pass {
		fmt.Fprintf(c.Out, "%s\n", s.Text())
		return
	}
	fmt.Fprintf(c.Out, "seed %d passed (%s): hash %s, %d steps, %.6f s simulated\n",
		s.Seed, s.Test, HashString(s.Hash), s.Steps, s.SimSeconds)
	for _, line := range s.Log {
		fmt.Fprintf(c.Out, "    %s\n", line)
	}
}

// Progress shows how far the run is: on a terminal ten times a second, otherwise now and then.
func (c *Console) Progress(done, total int) {
	if c.Err == nil || c.JSON {
		return
	}
	every := 10 * time.Second
	if c.Terminal {
		every = 100 * time.Millisecond
	}
	now := time.Now()
	if c.shown.IsZero() && !c.Terminal {
		c.shown = now
	}
	if now.Sub(c.shown) < every {
		return
	}
	c.shown = now
	text := fmt.Sprintf("%d of %d seeds, %d failed", done, total, c.failed)
	if c.Terminal {
		fmt.Fprintf(c.Err, "\r%s\x1b[K", text)
		c.dirty = true
		return
	}
	fmt.Fprintln(c.Err, text)
}

// Report shows the totals; to be called once, at the end.
func (c *Console) Report(r *Report) {
	c.clear()
	if c.JSON {
		fmt.Fprintf(c.Out, "%s\n", r.JSON())
		return
	}
	r.WriteText(c.Out)
}

// clear takes the progress line off the screen.
func (c *Console) clear() {
	if c.dirty {
		fmt.Fprint(c.Err, "\r\x1b[K")
		c.dirty = false
	}
}

package report

import (
	"fmt"
	"io"
	"strings"
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
	told   map[string]int // how many failures of a test and kind were shown
	more   bool           // the rest of them is shown as lines
	short  bool           // the one shown last was
	shown  time.Time
	dirty  bool // a progress line is on the screen
}

// fullFailures is how many failures of one test and kind are shown with their timelines, unless Verbose: a server that
// does not start fails every seed the same way.
const fullFailures = 3

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
		c.failure(s)
		return
	}
	fmt.Fprintf(c.Out, "seed %d passed (%s): hash %s, %d steps, %.6f s simulated\n",
		s.Seed, s.Test, HashString(s.Hash), s.Steps, s.SimSeconds)
	for _, line := range s.Log {
		fmt.Fprintf(c.Out, "    %s\n", line)
	}
}

// failure shows a failed seed, in full or as one line.
func (c *Console) failure(s SeedResult) {
	kind := s.Test
	if s.Failure != nil {
		kind += " " + s.Failure.Kind
	}
	if c.told == nil {
		c.told = map[string]int{}
	}
	c.told[kind]++
	switch n := c.told[kind]; {
	case n <= fullFailures || c.Verbose || s.Failure == nil:
		if c.short {
			fmt.Fprintln(c.Out)
		}
		c.short = false
		fmt.Fprintf(c.Out, "%s\n", s.Text(c.Verbose))
		return
	case !c.more:
		fmt.Fprintf(c.Out, "more failures of the same kinds, in short; in full with -v, or one by one with -seeds:\n")
		c.more = true
	}
	c.short = true
	message, _, _ := strings.Cut(s.Failure.Message, "\n")
	fmt.Fprintf(c.Out, "seed %d failed (%s): %s: %s\n", s.Seed, s.Test, s.Failure.Kind, message)
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
	if c.short {
		fmt.Fprintln(c.Out)
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

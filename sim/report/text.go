package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// maxListed is how many failing seeds are named in a table.
const maxListed = 20

// WriteText writes the report as tables.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	if r.Interrupted {
		seeds, _, _ := r.Totals()
		fmt.Fprintf(&b, "interrupted, %d of %s\n\n", seeds, plural(r.Planned, "seed"))
	}
	for i, t := range r.Tests {
		if i > 0 {
			b.WriteByte('\n')
		}
		t.write(&b, r.Wall)
	}
	for _, e := range r.Errors {
		fmt.Fprintf(&b, "\nerror: %s\n", e)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String is the report as tables.
func (r *Report) String() string {
	var b strings.Builder
	r.WriteText(&b) // a strings.Builder does not fail
	return b.String()
}

func (t *Test) write(b *strings.Builder, wall time.Duration) {
	verdict := "ok"
	if !t.OK() {
		verdict = "FAIL"
	}
	fmt.Fprintf(b, "%s  %s", verdict, t.Name)
	if t.Package != "" {
		fmt.Fprintf(b, "  %s", t.Package)
	}
	b.WriteByte('\n')

	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "  iterations\t%d\n", t.Seeds())
	fmt.Fprintf(tw, "  passed\t%d\n", t.Passed)
	fmt.Fprintf(tw, "  failed\t%d\n", t.Failed)
	if t.Failed > 0 {
		fmt.Fprintf(tw, "  failing seeds\t%s\n", listSeeds(t.FailingSeeds()))
	}
	fmt.Fprintf(tw, "  simulated\t%.1f s\n", t.SimSeconds)
	if wall > 0 {
		fmt.Fprintf(tw, "  speed\t%.1f seeds/s, %.1f simulated seconds per second\n",
			float64(t.Seeds())/wall.Seconds(), t.SimSeconds/wall.Seconds())
	}
	tw.Flush() // a strings.Builder does not fail
	t.writeAssertions(b)
	t.writeUnmodelled(b)
	if len(t.Spins) > 0 {
		b.WriteByte('\n')
		for _, s := range t.Spins {
			fmt.Fprintf(b, "  %s\n", s)
		}
	}
}

// String is the sentence about a spin.
func (s Spins) String() string {
	return fmt.Sprintf("spins: %s waited by going round and round in %s, for up to %.1f s of simulated time: sleep, or wait for a channel",
		s.Where, plural(s.Seeds, "seed"), s.Seconds)
}

func (t *Test) writeAssertions(b *strings.Builder) {
	if len(t.Assertions) == 0 {
		return
	}
	b.WriteByte('\n')
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "  assertion\tkind\ttrue\tfalse\tresult\twhere\n")
	for _, a := range t.Assertions {
		where := a.places()
		if where != "" {
			where = "\t" + where // an empty last cell would leave blanks at the end of the line
		}
		fmt.Fprintf(tw, "  %s\t%s\t%d\t%d\t%s%s\n", a.Message, a.Kind, a.Passed, a.Failed, a.Status(), where)
	}
	tw.Flush()
	for _, a := range t.Missed() {
		what := "never true"
		if a.Kind != Sometimes {
			what = "never reached"
		}
		at := ""
		if len(a.Where) > 0 {
			at = a.Where[0] + ": "
		}
		fmt.Fprintf(b, "  miss: %s%q was %s in %s\n", at, a.Message, what, plural(t.Seeds(), "seed"))
	}
}

// maxPlaces is how many places of an assertion a table names.
const maxPlaces = 2

func (a Assertion) places() string {
	if n := len(a.Where); n > maxPlaces {
		return strings.Join(a.Where[:maxPlaces], ", ") + fmt.Sprintf(" and %d more", n-maxPlaces)
	}
	return strings.Join(a.Where, ", ")
}

func (t *Test) writeUnmodelled(b *strings.Builder) {
	if len(t.Unmodelled) == 0 {
		return
	}
	b.WriteString("\n  asked of the simulated machine, which does not have it and said so (how often, and by whom):\n")
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, u := range t.Unmodelled {
		fmt.Fprintf(tw, "  %s\t%d\t%s\n", u.Syscall, u.Count, u.Caller)
	}
	tw.Flush()
}

// Text is the failure as people see it: what happened, the end of the timeline, stacks, and
// the command to run it again. In full it has all goroutines as well.
func (s SeedResult) Text(full bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d failed", s.Seed)
	if s.Test != "" {
		fmt.Fprintf(&b, " (%s)", s.Test)
	}
	f := s.Failure
	if f == nil {
		f = &Failure{Kind: "unknown", Message: "no reason was recorded"}
	}
	fmt.Fprintf(&b, "\n  %s: %s\n", f.Kind, indent(f.Message, "    "))
	if s.Steps > 0 {
		fmt.Fprintf(&b, "  at %.6f s of simulated time, step %d\n", s.SimSeconds, s.Steps)
	}
	if len(s.Log) > 0 {
		b.WriteString("  what happened before:\n")
		for _, line := range s.Log {
			fmt.Fprintf(&b, "    %s\n", line)
		}
	}
	if s.Output != nil {
		fmt.Fprintf(&b, "  %s\n", s.Output)
	}
	if f.Stacks != "" {
		fmt.Fprintf(&b, "  stacks:\n    %s\n", indent(strings.TrimRight(f.Stacks, "\n"), "    "))
	}
	if full && f.Goroutines != "" {
		fmt.Fprintf(&b, "  all goroutines:\n    %s\n", indent(strings.TrimRight(f.Goroutines, "\n"), "    "))
	}
	if f.Replay != "" {
		fmt.Fprintf(&b, "  run it again: %s\n", f.Replay)
	}
	return b.String()
}

// indent puts prefix before every line but the first.
func indent(text, prefix string) string {
	return strings.ReplaceAll(text, "\n", "\n"+prefix)
}

func listSeeds(seeds []uint64) string {
	more := ""
	if len(seeds) > maxListed {
		more = fmt.Sprintf(" and %d more", len(seeds)-maxListed)
		seeds = seeds[:maxListed]
	}
	words := make([]string, len(seeds))
	for i, s := range seeds {
		words[i] = strconv.FormatUint(s, 10)
	}
	return strings.Join(words, ", ") + more
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

package sim

import (
	"fmt"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
)

// How much of the timeline is kept and shown of a seed that failed, unless all is asked for.
const (
	keepEvents = 30
	keepOutput = 50
)

// timeline is what happened in one seed, in order: phases, faults, log lines of workloads,
// and what processes wrote. Events are kept apart from output, so that a long panic trace does not push
// the faults before it out.
type timeline struct {
	full   bool
	start  int64
	seq    int
	events ring
	output ring
}

// entry is one line.
type entry struct {
	seq  int
	at   int64
	who  string
	text string
}

// ring holds the last entries, or all when limit is 0.
type ring struct {
	limit   int
	entries []entry
	next    int
}

func newTimeline(full bool) *timeline {
	t := &timeline{full: full}
	if !full {
		t.events.limit, t.output.limit = keepEvents, keepOutput
	}
	return t
}

func (r *ring) add(e entry) {
	if r.limit == 0 || len(r.entries) < r.limit {
		r.entries = append(r.entries, e)
		return
	}
	r.entries[r.next] = e
	r.next = (r.next + 1) % r.limit
}

// list is the entries from the oldest.
func (r *ring) list() []entry {
	return append(append([]entry(nil), r.entries[r.next:]...), r.entries[:r.next]...)
}

// add notes an event at the present simulated time.
func (t *timeline) add(who, text string) {
	t.seq++
	t.events.add(entry{t.seq, rt.Now(), who, text})
}

// addOutput notes a line a process wrote.
func (t *timeline) addOutput(at int64, who, text string) {
	t.seq++
	t.output.add(entry{t.seq, at, who, text})
}

// lines is the timeline for people. It is called natively, after the simulation.
func (t *timeline) lines() []string {
	a, b := t.events.list(), t.output.list()
	var out []string
	for len(a) > 0 || len(b) > 0 {
		from := &a
		if len(a) == 0 || len(b) > 0 && b[0].seq < a[0].seq {
			from = &b
		}
		e := (*from)[0]
		*from = (*from)[1:]
		at := time.Duration(e.at - t.start).Seconds()
		for _, text := range strings.Split(strings.TrimRight(e.text, "\n"), "\n") {
			out = append(out, fmt.Sprintf("%12.6f  %-12s  %s", at, e.who, text))
		}
	}
	return out
}

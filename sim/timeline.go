package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/runner"
)

// How many lines of each sort are kept and shown of a seed that failed, unless all are asked for.
const (
	keepEvents = 30
	keepLogs   = 25
	keepOutput = 50

	longestText = 1 << 10  // bytes of one entry that are shown; the end of a longer one is left out
	endOfOutput = 32 << 10 // bytes of output that are shown of a seed that failed
	fullText    = 4 << 20  // bytes of output that a complete timeline has
)

// timeline is what happened in one seed, in order. The three sorts of lines are kept apart, so that a long
// panic trace or a talkative workload does not push the faults before it out.
type timeline struct {
	full   bool
	start  int64
	seq    int
	events ring // phases and faults
	logs   ring // of workloads
	output ring // of processes
	spill  spill
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

// newTimeline is that of one seed of a test.
func newTimeline(full bool, test string, seed uint64) *timeline {
	t := &timeline{full: full, spill: spill{test: test, seed: seed}}
	if !full {
		t.events.limit, t.logs.limit, t.output.limit = keepEvents, keepLogs, keepOutput
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

// addLog notes what a workload has to say.
func (t *timeline) addLog(who, text string) {
	t.seq++
	t.logs.add(entry{t.seq, rt.Now(), who, text})
}

// addOutput notes a line a process wrote.
func (t *timeline) addOutput(at int64, who, text string) {
	t.seq++
	t.spill.write(fmt.Sprintf("%12.6f  %-12s  %s\n", time.Duration(at-t.start).Seconds(), who, text))
	if t.full && t.spill.written > fullText {
		return
	}
	t.output.add(entry{t.seq, at, who, text})
}

// lines is the timeline for people. It is called natively, after the simulation.
func (t *timeline) lines() []string {
	output := t.output.list()
	for size, i := 0, len(output)-1; i >= 0 && !t.full; i-- {
		if size += min(len(output[i].text), longestText); size > endOfOutput {
			output = output[i+1:]
			break
		}
	}
	all := slices.Concat(t.events.list(), t.logs.list(), output)
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.seq, b.seq) })
	var out []string
	for _, e := range all {
		at := time.Duration(e.at - t.start).Seconds()
		for _, text := range strings.Split(strings.TrimRight(beginningOf(e.text), "\n"), "\n") {
			out = append(out, fmt.Sprintf("%12.6f  %-12s  %s", at, e.who, text))
		}
	}
	return out
}

// beginningOf is as much of a text as is shown.
func beginningOf(text string) string {
	if len(text) <= longestText {
		return text
	}
	return fmt.Sprintf("%s [... and %v more]", text[:longestText], runner.Bytes(len(text)-longestText))
}

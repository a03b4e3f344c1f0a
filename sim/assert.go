package sim

import (
	"fmt"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
)

// Always says that cond is true each time this line is reached. A violation does not stop
// the simulation; it fails the seed at its end, with the details of the first time. Details are keys and
// values in turn. The message is the assertion's identity, in the report and over seeds; it
// is a constant.
//
// The report of a test has a row for every assertion that the test can come to, whether or not any seed does: those in the test
// function and in all that it mentions, directly or not (functions, variables, types with all their methods), and those of the
// programs that it names, with all packages they are made of. A row says where in the source the assertion is. If its message is not a constant, the row says
// that and no more, and each message that comes up has a row of its own.
//
// Outside a simulation the assertions of this package do nothing.
func Always(cond bool, message string, details ...any) {
	assert(report.Always, cond, message, details)
}

// AlwaysOrUnreachable is like [Always] for a line that need not be reached in any seed.
func AlwaysOrUnreachable(cond bool, message string, details ...any) {
	assert(report.AlwaysOrUnreachable, cond, message, details)
}

// Sometimes says that cond is true at least once over all seeds of a run. The report shows a
// miss when it never was.
func Sometimes(cond bool, message string, details ...any) {
	assert(report.Sometimes, cond, message, details)
}

// Reachable says that this line is reached at least once over all seeds of a run.
func Reachable(message string, details ...any) {
	assert(report.Reachable, true, message, details)
}

// Unreachable says that this line is never reached. Reaching it fails the seed at its end.
func Unreachable(message string, details ...any) {
	assert(report.Unreachable, false, message, details)
}

// declared are the assertions that exist in the source, by the test function that they belong to; "" is the test of an
// executable that simulates a program. Written by init functions, before anything is simulated.
var declared = map[string][]report.Assertion{}

// Declare tells that an assertion exists in the source of a test, at a place such as "kv/workload.go:12". constant says that its
// message is known. The simgen command finds them and generates the calls, so that the report has a row for what no seed reaches.
func Declare(test string, kind report.Kind, message string, constant bool, where string) {
	a := report.Assertion{Kind: kind, Message: message, Where: []string{where}}
	if !constant {
		a.Message, a.Unknown = "(its message is no constant)", true
	}
	declared[test] = append(declared[test], a)
}

// declaredFor are the assertions of a test, of which name may be a subtest.
func declaredFor(name string) []report.Assertion {
	top, _, _ := strings.Cut(name, "/")
	return declared[top]
}

// table counts the assertions of one seed. Servers and workloads, in whatever process they
// are, share it: this package's variables are the harness's own, outside every process.
// Only simulated goroutines use it, of which one runs at a time.
type table struct {
	rows  []*report.Assertion
	index map[string]int
	start int64 // when the seed began, on the runtime's clock

	stacks string // of all goroutines at the first violation
}

// assertions is the table of the running seed; nil between seeds.
var assertions *table

func assert(kind report.Kind, cond bool, message string, details []any) {
	t := assertions
	if t == nil || !rt.Simulated() {
		return
	}
	i := t.place(kind, message)
	row := t.rows[i]
	if cond {
		row.Passed++
		rt.Note("assert", uint64(i)<<1|1)
		return
	}
	row.Failed++
	rt.Note("assert", uint64(i)<<1)
	if row.Failed == 1 && kind.FailsSeed() {
		at := rt.Now() - t.start
		text := formatDetails(details)
		row.Details, row.At = text, time.Duration(at).Seconds()
		if t.stacks == "" {
			t.stacks = rt.Stacks()
		}
	}
}

// place is the place in rows of an assertion.
func (t *table) place(kind report.Kind, message string) (i int) {
	rt.Kernelly(func() {
		var ok bool
		if i, ok = t.index[message]; !ok {
			i = len(t.rows)
			t.index[message] = i
			t.rows = append(t.rows, &report.Assertion{Kind: kind, Message: message})
		}
	})
	return i
}

// formatDetails writes keys and values as "k=v k=v".
func formatDetails(details []any) string {
	var b strings.Builder
	for i := 0; i < len(details); i += 2 {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i+1 == len(details) {
			fmt.Fprintf(&b, "%v", details[i])
			break
		}
		fmt.Fprintf(&b, "%v=%v", details[i], details[i+1])
	}
	return b.String()
}

// violated is the first assertion that fails the seed, in the order of first use.
func (t *table) violated() *report.Assertion {
	for _, row := range t.rows {
		if row.Kind.FailsSeed() && row.Failed > 0 {
			return row
		}
	}
	return nil
}

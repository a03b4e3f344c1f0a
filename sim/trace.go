package sim

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// runTraced is run with a trace written to a file, if it has a name.
func runTraced(t subject, seed uint64, verbose bool, trace runner.Trace) (report.SeedResult, error) {
	if trace.File == "" {
		return t.run(seed, verbose, nil), nil
	}
	f, err := os.Create(trace.File)
	if err != nil {
		return report.SeedResult{}, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	var start int64
	lines := 0
	r := t.run(seed, verbose, func(e rt.TraceEntry) {
		if lines++; trace.Last > 0 && lines > trace.Last {
			return
		}
		if start == 0 {
			start = e.Now
		}
		// An error shows in Flush, since a bufio.Writer remembers it.
		fmt.Fprintf(w, "step %d  %.9f s  %s  %s %d = %d\n",
			e.Step, time.Duration(e.Now-start).Seconds(), e.Actor, e.Kind, e.Count, e.Value)
		if lines == trace.Last {
			w.WriteString(traceStack())
		}
	})
	return r, w.Flush()
}

// traceStack is the stack of the goroutine to which a traced event happens, without the
// frames that trace it.
func traceStack() string {
	stack := string(debug.Stack())
	header, _, _ := strings.Cut(stack, "\n")
	_, below, found := strings.Cut(stack, ".(*scheduler).trace(")
	if !found {
		return stack
	}
	_, below, _ = strings.Cut(below, "\n") // arguments
	_, below, _ = strings.Cut(below, "\n") // position
	return header + "\n" + below
}

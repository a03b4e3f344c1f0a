package sim

import (
	"bufio"
	"fmt"
	"os"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
)

// runTraced is run with a trace written to a file, if it has a name.
func (t *trial) runTraced(seed uint64, verbose bool, file string) (report.SeedResult, error) {
	if file == "" {
		return t.run(seed, verbose, nil), nil
	}
	f, err := os.Create(file)
	if err != nil {
		return report.SeedResult{}, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	var start int64
	r := t.run(seed, verbose, func(e rt.TraceEntry) {
		if start == 0 {
			start = e.Now
		}
		// An error shows in Flush, since a bufio.Writer remembers it.
		fmt.Fprintf(w, "step %d  %.9f s  %s  %s %d = %d\n",
			e.Step, time.Duration(e.Now-start).Seconds(), e.Actor, e.Kind, e.Count, e.Value)
	})
	return r, w.Flush()
}

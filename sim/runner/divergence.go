package runner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// divergence finds the first difference between two runs of a seed that should be equal. Each is run once
// more with a trace: the first in a worker that is warm, the second in a fresh one.
func (r *run) divergence(ctx context.Context, test string, seed uint64) string {
	dir, err := os.MkdirTemp("", "simgen-trace-")
	if err != nil {
		return "no trace: " + err.Error()
	}
	defer os.RemoveAll(dir)
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	err = r.alone(ctx, firstSurroundings(true), test, func(p *process) {
		p.runSeed(ctx, test, seed, r.o.SeedTimeout)
		if !p.dead {
			p.runTraced(ctx, test, seed, first, r.o.SeedTimeout)
		}
	})
	if err == nil {
		err = r.alone(ctx, secondSurroundings(), test, func(p *process) {
			p.runTraced(ctx, test, seed, second, r.o.SeedTimeout)
		})
	}
	if err != nil {
		return "no trace: " + err.Error()
	}
	return compareTraces(first, second)
}

// compareTraces describes the first line in which two traces differ.
func compareTraces(first, second string) string {
	a, err := os.Open(first)
	if err != nil {
		return "no trace: " + err.Error()
	}
	defer a.Close()
	b, err := os.Open(second)
	if err != nil {
		return "no trace: " + err.Error()
	}
	defer b.Close()
	ra, rb := bufio.NewReader(a), bufio.NewReader(b)
	for n := 1; ; n++ {
		la, errA := ra.ReadString('\n')
		lb, errB := rb.ReadString('\n')
		if la != lb {
			return fmt.Sprintf("first difference, in line %d of what went into the hash:\nfirst:  %s\nsecond: %s", n, traceLine(la), traceLine(lb))
		}
		if errA != nil || errB != nil {
			return "run again with a trace there was no difference: it may depend on the seeds that ran before"
		}
	}
}

func traceLine(s string) string {
	if s == "" {
		return "(the end)"
	}
	return strings.TrimSuffix(s, "\n")
}

package runner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// divergence finds the first difference between two runs of a seed that should be equal, and the
// stacks of the goroutines that made it.
func (r *run) divergence(ctx context.Context, test string, seed uint64) (message, stacks string) {
	dir, err := os.MkdirTemp("", "simgen-trace-")
	if err != nil {
		return "no trace: " + err.Error(), ""
	}
	defer os.RemoveAll(dir)
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	if err := r.traceBoth(ctx, test, seed, Trace{File: first}, Trace{File: second}); err != nil {
		return "no trace: " + err.Error(), ""
	}
	line, message, err := compareTraces(first, second)
	if err != nil {
		return "no trace: " + err.Error(), ""
	}
	if line == 0 {
		return message, ""
	}
	if err := r.traceBoth(ctx, test, seed, Trace{first, line}, Trace{second, line}); err != nil {
		return message, ""
	}
	return message, "first:\n" + afterLine(first, line) + "\n\nsecond:\n" + afterLine(second, line)
}

// traceBoth runs a seed twice more with a trace: first in a worker that is warm, then in a fresh one.
func (r *run) traceBoth(ctx context.Context, test string, seed uint64, first, second Trace) error {
	err := r.alone(ctx, firstSurroundings(true), test, func(p *process) {
		p.runSeed(ctx, test, seed, r.o.Patience)
		if !p.dead {
			p.runTraced(ctx, test, seed, first, r.o.Patience)
		}
	})
	if err != nil {
		return err
	}
	return r.alone(ctx, secondSurroundings(), test, func(p *process) {
		p.runTraced(ctx, test, seed, second, r.o.Patience)
	})
}

// compareTraces finds the first line in which two traces differ, from 1; 0 if there is none.
func compareTraces(first, second string) (line int, message string, err error) {
	a, err := os.Open(first)
	if err != nil {
		return 0, "", err
	}
	defer a.Close()
	b, err := os.Open(second)
	if err != nil {
		return 0, "", err
	}
	defer b.Close()
	ra, rb := bufio.NewReader(a), bufio.NewReader(b)
	for n := 1; ; n++ {
		la, errA := ra.ReadString('\n')
		lb, errB := rb.ReadString('\n')
		if la != lb {
			return n, fmt.Sprintf("first difference, in line %d of what went into the hash:\nfirst:  %s\nsecond: %s", n, traceLine(la), traceLine(lb)), nil
		}
		if errA != nil || errB != nil {
			return 0, "run again with a trace there was no difference: it may depend on the seeds that ran before", nil
		}
	}
}

func traceLine(s string) string {
	if s == "" {
		return "(the end)"
	}
	return strings.TrimSuffix(s, "\n")
}

// afterLine is what a file has after line n.
func afterLine(file string, n int) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	if len(lines) <= n {
		return "(the run ended before)"
	}
	return strings.Join(lines[n:], "\n")
}

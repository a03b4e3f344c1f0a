package runner

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// fakeEnv makes the test binary a worker. Its value names what the worker does.
const fakeEnv = "SIMGEN_FAKE_WORKER"

func TestMain(m *testing.M) {
	if script := os.Getenv(fakeEnv); script != "" && os.Getenv(WorkerEnv) != "" {
		if err := fakeWorker(script); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fakeWorker serves two tests, of 20 and 5 seeds. The script says what goes wrong on the way.
func fakeWorker(script string) error {
	if script == "broken" {
		return fmt.Errorf("this worker does not start")
	}
	w, err := NewWorker()
	if err != nil {
		return err
	}
	served := 0
	for _, test := range []struct {
		name       string
		iterations int
	}{{"TestA", 20}, {"TestB/sub", 5}} {
		declared := []report.Assertion{{Kind: report.Reachable, Message: "end of " + test.name}}
		if err := w.Ready(Message{Test: test.name, Iterations: test.iterations, Assertions: declared}); err != nil {
			return err
		}
		for {
			order, err := w.Next()
			if err != nil {
				return err
			}
			if order.Done {
				break
			}
			served++
			if order.Trace.File != "" {
				if err := os.WriteFile(order.Trace.File, fakeTrace(script, served, order.Trace.Last), 0o666); err != nil {
					return err
				}
			}
			if err := w.Result(fakeSeed(script, test.name, order.Seed, served)); err != nil {
				return err
			}
		}
	}
	if script == "bad end" {
		return fmt.Errorf("a test of the package has failed")
	}
	return nil
}

// fakeSeed is one seed of a test; seed 7 is the one that goes wrong.
func fakeSeed(script, test string, seed uint64, served int) report.SeedResult {
	r := report.SeedResult{Test: test, Seed: seed, Result: report.Pass, Hash: seed * 0x9e3779b97f4a7c15, Steps: 10 * seed, SimSeconds: 1}
	r.Assertions = []report.Assertion{{Kind: report.Always, Message: "fake", Passed: 1}}
	if script == "talk" {
		fmt.Fprintln(os.Stderr, "panic: not this one, of seed", seed)
	}
	switch {
	case script == "warm" && served > 1:
		r.Hash++ // a seed that is another one in a worker that has run seeds before
	case seed != 7:
	case script == "fail":
		r.Result, r.Failure = report.Fail, &report.Failure{Kind: "check", Message: "wrong"}
	case script == "overflow":
		debug.SetMaxStack(1 << 20)
		overflow(0)
	case script == "panic", script == "talk":
		panic("oh no")
	case script == "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL) // as the kernel does when memory runs out
		time.Sleep(time.Hour)
	case script == "exit":
		os.Exit(3)
	case script == "hang again" && os.Getenv("GOGC") != "10":
	case strings.HasPrefix(script, "hang"):
		time.Sleep(time.Hour)
	}
	return r
}

func overflow(n int) int {
	var big [1024]int
	big[n%len(big)] = n
	return overflow(n+1) + big[0]
}

// fake is the options for a fake worker.
func fake(t *testing.T, script string) Options {
	t.Helper()
	return Options{
		Binary: os.Args[0], Args: []string{}, Package: "example.com/p", Workers: 3, Patience: 20 * time.Second,
		Env: []string{fakeEnv + "=" + script},
	}
}

// journal is an observer that writes down what it hears.
type journal struct {
	seeds       []report.SeedResult
	done, total int
}

func (j *journal) Seed(s report.SeedResult) { j.seeds = append(j.seeds, s) }

func (j *journal) Progress(done, total int) { j.done, j.total = done, total }

// failures lists the failing seeds as "test/seed kind: message".
func failures(r *report.Report) string {
	var out []string
	for _, t := range r.Tests {
		for _, f := range t.Failures {
			out = append(out, fmt.Sprintf("%s/%d %s: %s", t.Name, f.Seed, f.Failure.Kind, f.Failure.Message))
		}
	}
	return strings.Join(out, "\n")
}

// fakeTrace is what went into the hash of a seed.
func fakeTrace(script string, served, last int) []byte {
	value := 4
	if script == "warm" && served > 1 {
		value = 5
	}
	text := fmt.Sprintf("step 1  0.000001000 s  harness/1  run 1 = 0\nstep 2  0.000002000 s  kv-0/1  latency 7 = %d\n", value)
	if last == 2 {
		return fmt.Appendf(nil, "%sgoroutine 7 [running]:\nmain.f%d()\n", text, value)
	}
	return []byte(text + "step 3  0.000003000 s  kv-0/1  run 2 = 0\n")
}

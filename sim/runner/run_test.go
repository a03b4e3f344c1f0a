package runner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

func mustRun(t *testing.T, o Options) *report.Report {
	t.Helper()
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPass(t *testing.T) {
	o := fake(t, "pass")
	j := new(journal)
	o.Observer = j
	r := mustRun(t, o)
	if !r.OK() || len(r.Tests) != 2 || r.Tests[0].Passed != 20 || r.Tests[1].Passed != 5 {
		t.Errorf("got\n%s", r)
	}
	if len(j.seeds) != 25 || j.done != 25 || j.total != 25 {
		t.Errorf("observer heard of %d seeds, progress %d of %d", len(j.seeds), j.done, j.total)
	}
	for _, a := range r.Tests[0].Assertions {
		if a.Message == "fake" && a.Passed != 20 {
			t.Errorf("assertion counts do not add up: %+v", a)
		}
	}
	if missed := r.Tests[0].Missed(); len(missed) != 1 {
		t.Errorf("a declared assertion is not shown as a miss: %+v", missed)
	}
}

func TestGivenSeeds(t *testing.T) {
	o := fake(t, "pass")
	o.Seeds, _ = ParseSeeds("7,100-103")
	j := new(journal)
	o.Observer = j
	r := mustRun(t, o)
	if n, _, _ := r.Totals(); n != 10 {
		t.Errorf("ran %d seeds, want 5 in each of two tests", n)
	}
}

// A seed that goes wrong, in whatever way, fails alone: all others pass.
func TestOneSeedFails(t *testing.T) {
	for _, c := range []struct{ script, kind, message, stacks string }{
		{"fail", "check", "wrong", ""},
		{"overflow", "fatal", "stack overflow", "runner.overflow"},
		{"panic", "fatal", "panic: oh no", "runner.fakeSeed"},
		{"talk", "fatal", "not this one, of seed 7", "runner.fakeSeed"},
		{"exit", "fatal", "exit status 3", ""},
		{"killed", "fatal", "signal: killed (out of memory?)", ""},
		{"hang", "error", "nothing was heard from the worker for 1s", "runner.fakeSeed"},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			o := fake(t, c.script)
			if c.script == "hang" {
				o.Patience = time.Second
			}
			r := mustRun(t, o)
			a := r.Tests[0]
			if a.Passed != 19 || a.Failed != 1 || r.Tests[1].Passed != 5 || len(r.Errors) > 0 {
				t.Fatalf("got\n%s", r)
			}
			f := a.Failures[0]
			if f.Seed != 7 || f.Failure.Kind != c.kind || !strings.Contains(f.Failure.Message, c.message) {
				t.Errorf("got seed %d, %s: %q", f.Seed, f.Failure.Kind, f.Failure.Message)
			}
			if !strings.Contains(f.Failure.Stacks, c.stacks) {
				t.Errorf("stacks do not contain %s:\n%s", c.stacks, f.Failure.Stacks)
			}
			if want := "simgen test -seeds 7 -run '^TestA$' example.com/p"; f.Failure.Replay != want {
				t.Errorf("replay %q, want %q", f.Failure.Replay, want)
			}
		})
	}
}

func TestWorkerErrors(t *testing.T) {
	r := mustRun(t, fake(t, "broken"))
	if r.OK() || len(r.Errors) != 1 || !strings.Contains(r.Errors[0], "does not start") {
		t.Errorf("worker that does not start: %q", r.Errors)
	}
	r = mustRun(t, fake(t, "bad end"))
	if r.OK() || r.Tests[0].Passed != 20 || len(r.Errors) != 1 || !strings.Contains(r.Errors[0], "has failed") {
		t.Errorf("worker that ends badly: %q\n%s", r.Errors, r)
	}
}

func TestNoTests(t *testing.T) {
	o := fake(t, "")
	o.Args = []string{"-test.run=NoSuchTest"}
	r := mustRun(t, o)
	if r.OK() || len(r.Errors) != 1 || !strings.Contains(r.Errors[0], "no simulation tests in example.com/p") {
		t.Errorf("got %q", r.Errors)
	}
}

func TestVerify(t *testing.T) {
	o := fake(t, "pass")
	o.Verify, o.Seeds = true, Range(1, 4)
	if r := mustRun(t, o); !r.OK() {
		t.Errorf("got\n%s\n%s", r, failures(r))
	}
	// Alone in a fresh worker seeds have other hashes than in a warm one.
	o = fake(t, "warm")
	o.Verify, o.Seeds, o.Workers = true, Range(1, 3), 1
	r := mustRun(t, o)
	if r.Tests[0].Passed != 1 || r.Tests[0].Failed != 2 {
		t.Fatalf("got\n%s", r)
	}
	f := r.Tests[0].Failures[0].Failure
	if f.Kind != "nondeterminism" || strings.Count(f.Message, "hash ") != 2 {
		t.Errorf("got %s: %s", f.Kind, f.Message)
	}
	want := "first difference, in line 2 of what went into the hash:\n" +
		"first:  step 2  0.000002000 s  kv-0/1  latency 7 = 5\n" +
		"second: step 2  0.000002000 s  kv-0/1  latency 7 = 4"
	if !strings.HasSuffix(f.Message, want) {
		t.Errorf("got %s\nwant at its end %s", f.Message, want)
	}
	want = "first:\ngoroutine 7 [running]:\nmain.f5()\n\nsecond:\ngoroutine 7 [running]:\nmain.f4()"
	if f.Stacks != want {
		t.Errorf("got stacks %s\nwant %s", f.Stacks, want)
	}
}

// That the second run was cut off says nothing about what it would have done.
func TestVerifyTooSlow(t *testing.T) {
	o := fake(t, "hang again")
	o.Verify, o.Seeds, o.Patience = true, Range(7, 7), 3*time.Second
	want := "TestA/7 error: second run of the seed: nothing was heard from the worker for 3s: something in it waits outside of the simulation, or the machine is very busy (the first was within it)"
	if got := failures(mustRun(t, o)); !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	o := fake(t, "hang")
	o.Seeds = Range(7, 7)
	start := time.Now()
	r, err := Run(ctx, o)
	if err != nil || !r.Interrupted || r.Planned != 2 || !strings.HasPrefix(r.String(), "interrupted, 0 of 2 seeds\n") {
		t.Errorf("got %v, %v", r, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("workers were not ended: %v", took)
	}
}

// A worker that cannot be started leaves nothing behind.
func TestCannotStart(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	binary := filepath.Join(t.TempDir(), "worker")
	if err := os.WriteFile(binary, []byte("not a program"), 0o777); err != nil {
		t.Fatal(err)
	}
	r := mustRun(t, Options{Binary: binary, Package: "p", Race: true, Workers: 2, Seeds: Range(1, 3)})
	if len(r.Errors) != 1 || !strings.Contains(r.Errors[0], "exec format error") {
		t.Errorf("got errors %q", r.Errors)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

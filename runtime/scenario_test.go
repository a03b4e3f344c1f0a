package runtime

import (
	"strings"
	"testing"
)

// machine is the smallest kernel: a clock that is right, a log of what the
// runtime prints, and of who ended how. A test gives it the calls it needs.
type machine struct {
	t       *testing.T
	syscall func(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr)
	open    func(p *Process, fd int, pd *PollDesc) int
	args    []string
	stderr  strings.Builder
	exits   []string
}

func (m *machine) Syscall(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr) {
	return m.syscall(p, nr, a)
}

func (m *machine) PollOpen(p *Process, fd int, pd *PollDesc) int {
	if m.open == nil {
		return 0
	}
	return m.open(p, fd, pd)
}

func (m *machine) PollClose(p *Process, pd *PollDesc) {}

func (m *machine) Walltime(p *Process, mono int64) int64 { return 1577836800e9 + mono }

func (m *machine) Args(p *Process) []string { return append([]string{p.Name()}, m.args...) }

func (m *machine) Env(p *Process) []string { return []string{"HOME=/", "GODEBUG=a=1", "GODEBUG=b=2"} }

func (m *machine) Exited(p *Process, st ExitStatus) {
	m.exits = append(m.exits, p.String()+" "+itoa(int64(st.Code)))
}

func (m *machine) Print(p *Process, text []byte) { m.stderr.Write(text) }

func (m *machine) Stderr(p *Process, text string) { m.stderr.WriteString(text) }

// passes runs a simulation that must not fail.
func passes(t *testing.T, seed uint64, main func()) Result {
	t.Helper()
	r := Run(Config{Seed: seed, Kernel: &machine{t: t}, Main: main})
	if r.Failure != nil {
		t.Fatalf("seed %d: %s: %s\n%s", seed, r.Failure.Kind, r.Failure.Message, r.Failure.Stacks)
	}
	return r
}

// fails runs a simulation that must fail with the given kind.
func fails(t *testing.T, kind string, cfg Config) *Failure {
	t.Helper()
	if cfg.Kernel == nil {
		cfg.Kernel = &machine{t: t}
	}
	r := Run(cfg)
	if r.Failure == nil {
		t.Fatalf("passed, should have failed with %q", kind)
	}
	if r.Failure.Kind != kind {
		t.Fatalf("failed with %s: %s\n%s\nshould be %q", r.Failure.Kind, r.Failure.Message, r.Failure.Stacks, kind)
	}
	return r.Failure
}

// seeds is how many schedules a test looks at whose result must not depend on
// the schedule.
const seeds = 50

// overSeeds runs a simulation with many seeds and returns how often each
// outcome came up.
func overSeeds(t *testing.T, n uint64, main func() string) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for seed := range n {
		var outcome string
		passes(t, seed, func() { outcome = main() })
		seen[outcome]++
	}
	return seen
}

func always(t *testing.T, want string, main func() string) {
	t.Helper()
	for got := range overSeeds(t, seeds, main) {
		if got != want {
			t.Errorf("got %q, want %q on every schedule", got, want)
		}
	}
}

// panics returns the text f panics with.
func panics(f func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = panicText(v)
		}
	}()
	f()
	return "no panic"
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/simgen-dev/simgen/sim/report"
)

// Verification runs a seed a second time where everything that must not matter is different:
// another process, fresh instead of warm, alone instead of in a range, more threads, more
// garbage collection and with it other heap addresses.

// firstSurroundings is the environment of the workers that go through the seeds.
func firstSurroundings(verify bool) []string {
	if !verify {
		return nil
	}
	// The limit keeps a long range from using up the memory with the collector off.
	return []string{"GOMAXPROCS=1", "GOGC=off", "GOMEMLIMIT=1GiB"}
}

// secondSurroundings is the environment of the second run.
func secondSurroundings() []string {
	return []string{"GOMAXPROCS=2", "GOGC=10", "GOMEMLIMIT=off"}
}

// verify runs the seed again and compares.
func (r *run) verify(ctx context.Context, first report.SeedResult, test string, seed uint64) report.SeedResult {
	second, err := r.again(ctx, test, seed)
	if ctx.Err() != nil {
		return first
	}
	if err != nil {
		first.Result = report.Error
		first.Failure = &report.Failure{Kind: "error", Message: "second run of the seed: " + err.Error()}
		return first
	}
	if first.Hash == second.Hash && first.Steps == second.Steps && kind(first) == kind(second) {
		return first
	}
	if f := cutOff(first); f != nil {
		return first // no two runs are cut off at the same step
	}
	if f := cutOff(second); f != nil {
		// That says nothing about what it would have done.
		first.Result = second.Result
		first.Failure = &report.Failure{Kind: f.Kind, Message: "second run of the seed: " + f.Message + " (the first was within it)", Stacks: f.Stacks}
		return first
	}
	message := fmt.Sprintf("the same seed ran differently the second time\n"+
		"first:  hash %s, %d steps, %.9f s simulated, %s\n"+
		"second: hash %s, %d steps, %.9f s simulated, %s",
		report.HashString(first.Hash), first.Steps, first.SimSeconds, outcome(first),
		report.HashString(second.Hash), second.Steps, second.SimSeconds, outcome(second))
	difference, stacks := r.divergence(ctx, test, seed)
	first.Result = report.Fail
	first.Failure = &report.Failure{Kind: "nondeterminism", Message: message + "\n" + difference, Stacks: stacks}
	return first
}

// cutOff is the failure of a seed that was ended from outside, where it came to by then.
func cutOff(s report.SeedResult) *report.Failure {
	if f := s.Failure; f != nil && (f.CutOff || f.Kind == "error" && s.Result == report.Error) {
		return f
	}
	return nil
}

// again runs one seed in a worker of its own.
func (r *run) again(ctx context.Context, test string, seed uint64) (result report.SeedResult, err error) {
	err = r.alone(ctx, secondSurroundings(), test, func(p *process) {
		result = p.runSeed(ctx, test, seed, r.o.Patience)
	})
	return result, err
}

// alone starts a worker, leads it to a test and hands it to f.
func (r *run) alone(ctx context.Context, surroundings []string, test string, f func(*process)) error {
	p, err := startProcess(r.o, surroundings)
	if err != nil {
		return err
	}
	defer p.kill()
	for {
		m, err := p.next(ctx, r.o.StartTimeout)
		if errors.Is(err, errEnded) {
			return fmt.Errorf("worker has no test %s the second time", test)
		}
		if err != nil {
			return err
		}
		if m.Test == test {
			f(p)
			return nil
		}
		p.order("done")
	}
}

func kind(s report.SeedResult) string {
	if s.Failure == nil {
		return ""
	}
	return s.Failure.Kind
}

func outcome(s report.SeedResult) string {
	if s.Failure == nil {
		return "passed"
	}
	return s.Failure.Kind + ": " + s.Failure.Message
}

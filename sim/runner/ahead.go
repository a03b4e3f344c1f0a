package runner

import (
	"context"
	"fmt"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// A worker that has to wait for its next order loses a switch between two operating-system processes
// for each seed, which short seeds notice. So it is told of some seeds ahead. It still runs them one
// after the other and answers in the same order: what kills it has killed the first seed that has no
// answer, and the others are given to somebody else.
const (
	maxAhead  = 8                     // orders that a worker has at the same time
	shortSeed = 10 * time.Millisecond // longer ones are handed out one by one, so that workers finish together
)

// serve has a worker run seeds of a test until there are none left or it is dead.
func (r *run) serve(ctx context.Context, p *process, test string) (served int) {
	var ordered []uint64 // and not answered
	for ctx.Err() == nil && !p.dead {
		for len(ordered) < p.ahead {
			seed, ok := r.take(test)
			if !ok {
				break
			}
			p.order(fmt.Sprintf("seed %d", seed))
			ordered = append(ordered, seed)
		}
		if len(ordered) == 0 {
			return served
		}
		result := r.seed(ctx, p, test, ordered[0])
		ordered = ordered[1:]
		served++
		if ctx.Err() == nil {
			r.record(result)
		}
		p.lookAhead(r.o.Verify, result.WallSeconds)
	}
	r.putBack(test, ordered)
	return served
}

// lookAhead decides how many orders the worker gets from now on.
func (p *process) lookAhead(verify bool, last float64) {
	p.ahead = 1
	if !verify && last < shortSeed.Seconds() {
		p.ahead = maxAhead
	}
}

// seed waits for the result of a seed that was ordered. A worker that dies over it fails the seed.
func (r *run) seed(ctx context.Context, p *process, test string, seed uint64) report.SeedResult {
	result := p.answer(ctx, test, seed, r.o.Patience)
	if r.o.Verify && !p.dead && ctx.Err() == nil {
		result = r.verify(ctx, result, test, seed)
	}
	result.Package, result.Test, result.Seed = r.o.Package, test, seed
	if result.Failure != nil {
		result.Failure.Replay = r.o.Replay(test, seed)
	}
	return result
}

func (r *run) take(test string) (seed uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tests[test].queue.take()
}

// putBack returns seeds that were taken and not run.
func (r *run) putBack(test string, seeds []uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tests[test].queue.putBack(seeds)
}

package httpkv

import (
	"errors"
	"fmt"
	"net"
	"time"

	"example.com/httpkv/client"
	"github.com/simgen-dev/simgen/sim"
)

// Port is where the servers listen.
const Port = "8080"

// Counting is one of several clients that count on the same counters.
type Counting struct {
	ID       int
	Ops      int
	Counters int

	clients []*client.Client // one for each server
	tallies []*SharedTally   // shared by all Counting workloads, one for each counter
}

// requestTimeout is how long a client waits for an answer. A crash or a partition makes it wait in vain.
const requestTimeout = 2 * time.Second

// talliesKey names the tallies in the simulation's state.
const talliesKey = "tallies"

// Name tells the clients apart in the logs.
func (w *Counting) Name() string { return fmt.Sprintf("counting-%d", w.ID) }

// Setup makes the clients and finds, or makes, the tallies.
func (w *Counting) Setup(ctx *sim.Context) error {
	w.clients = nil
	for _, ip := range ctx.Topology().AllServerIPs() {
		w.clients = append(w.clients, client.New(net.JoinHostPort(ip, Port), requestTimeout))
	}
	tallies, ok := sim.Get[[]*SharedTally](ctx.State(), talliesKey)
	if !ok {
		for range w.Counters {
			tallies = append(tallies, new(SharedTally))
		}
		ctx.State().Publish(talliesKey, tallies)
	}
	w.tallies = tallies
	return nil
}

// Run draws the operations: 60 % increments, 25 % reads, 15 % pauses.
func (w *Counting) Run(ctx *sim.Context) error {
	for range w.Ops {
		counter := ctx.Rand().IntN(w.Counters)
		var err error
		switch n := ctx.Rand().IntN(100); {
		case n < 60:
			err = w.increment(ctx, counter)
		case n < 85:
			_, _, err = w.read(ctx, counter)
		default:
			time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Check reads every counter when all is quiet.
func (w *Counting) Check(ctx *sim.Context) error {
	for counter := range w.tallies {
		var err error
		var version int
		for range 10 {
			if _, version, err = w.read(ctx, counter); err != nil || version != noAnswer {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
		if version == noAnswer {
			return fmt.Errorf("counter %d: no answer although all is quiet", counter)
		}
	}
	for _, c := range w.clients {
		c.Close()
	}
	return nil
}

// increment reads a counter and writes the next number, unless another client was faster.
func (w *Counting) increment(ctx *sim.Context, counter int) error {
	n, version, err := w.read(ctx, counter)
	if err != nil || version == noAnswer {
		return err
	}
	tally := w.tallies[counter]
	tally.Add(1, 0)
	_, err = w.client(counter).Put(key(counter), n+1, version)
	switch {
	case err == nil:
		tally.Add(0, 1)
	case errors.Is(err, client.ErrVersion):
		tally.Add(-1, 0)
	default:
		w.backOff(ctx, err)
	}
	sim.Sometimes(errors.Is(err, client.ErrVersion), "two clients increment the same counter at the same time")
	return nil
}

// noAnswer is the version that read returns when the server could not be asked.
const noAnswer = -1

// read returns a counter and its version, and an error if it cannot have that value.
func (w *Counting) read(ctx *sim.Context, counter int) (n, version int, err error) {
	before := w.tallies[counter].Now()
	version, err = w.client(counter).Get(key(counter), &n)
	if err != nil {
		w.backOff(ctx, err)
		return 0, noAnswer, nil
	}
	err = before.Check(w.tallies[counter].Now(), n)
	if err == nil && n != version {
		err = fmt.Errorf("the counter is %d at version %d, although each put adds one", n, version)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", key(counter), err)
	}
	return n, version, nil
}

func (w *Counting) backOff(ctx *sim.Context, err error) {
	sim.Reachable("a request fails")
	ctx.Log("%v", err)
	time.Sleep(100 * time.Millisecond)
}

func (w *Counting) client(counter int) *client.Client { return w.clients[counter%len(w.clients)] }

func key(counter int) string { return fmt.Sprintf("counter-%d", counter) }

// Conserved is the invariant that no counter has more acknowledged increments than tried ones.
var Conserved = sim.InvariantFunc("increments are conserved", func(v *sim.View) error {
	tallies, _ := sim.Get[[]*SharedTally](v.State(), talliesKey)
	for i, shared := range tallies {
		if t := shared.Now(); t.Acknowledged > t.Tried {
			return fmt.Errorf("counter %d: %d increments acknowledged, %d tried", i, t.Acknowledged, t.Tried)
		}
	}
	return nil
})

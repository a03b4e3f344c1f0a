package kv

import (
	"errors"
	"fmt"
	"net"
	"time"

	"example.com/kv/client"
	"github.com/simgen-dev/simgen/sim"
)

// Port is where the servers listen.
const Port = "7000"

// Workload is one client that sets and gets its own keys, at random, and checks every answer against a [Model].
type Workload struct {
	ID   int // tells the clients of a simulation apart; part of their keys
	Ops  int
	Keys int

	client *client.Client
	model  *Model
}

// opTimeout is how long the client waits for an answer. A crash or a partition makes it wait in vain.
const opTimeout = time.Second

// Name tells the clients apart in the logs.
func (w *Workload) Name() string { return fmt.Sprintf("client-%d", w.ID) }

// Setup connects to the servers and publishes the model.
func (w *Workload) Setup(ctx *sim.Context) error {
	var servers []string
	for _, ip := range ctx.Topology().AllServerIPs() {
		servers = append(servers, net.JoinHostPort(ip, Port))
	}
	w.client = client.New(servers, opTimeout)
	w.model = NewModel()
	models, _ := sim.Get[[]*Model](ctx.State(), modelsKey)
	ctx.State().Publish(modelsKey, append(models, w.model))

	for _, server := range servers {
		if err := w.client.Ping(server); err != nil {
			return fmt.Errorf("before any fault: %w", err)
		}
	}
	return nil
}

// Run draws the operations: 40 % sets, 40 % gets, 20 % pauses.
func (w *Workload) Run(ctx *sim.Context) error {
	for range w.Ops {
		key := w.key(ctx.Rand().IntN(w.Keys))
		switch n := ctx.Rand().IntN(100); {
		case n < 40:
			w.set(ctx, key)
		case n < 80:
			if err := w.get(ctx, key); err != nil {
				return err
			}
		default:
			time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
		}
	}
	return nil
}

// Check reads every key when all is quiet: the servers are up, the network is whole, so there must be an answer and it must be right.
func (w *Workload) Check(ctx *sim.Context) error {
	defer w.client.Close()
	for _, key := range w.model.Keys() {
		var value string
		var found bool
		var err error
		for range 10 {
			if value, found, err = w.client.Get(key); err == nil {
				break
			}
			time.Sleep(time.Second) // the first error is that of a connection from before a crash
		}
		if err != nil {
			return fmt.Errorf("no answer although all is quiet: %w", err)
		}
		if err := w.verify(ctx, key, value, found); err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
	}
	return nil
}

// set gives key a value that no set had before.
func (w *Workload) set(ctx *sim.Context, key string) {
	w.model.Sent++
	value := fmt.Sprintf("v%d", w.model.Sent)
	err := w.client.Set(key, value)
	switch {
	case err == nil:
		w.model.Set(key, value, ctx.Now())
	case errors.Is(err, client.ErrUnknown):
		w.model.MaybeSet(key, value)
	}
	sim.Sometimes(err == nil, "a set is acknowledged")
	sim.Sometimes(errors.Is(err, client.ErrUnknown), "a set is in doubt")
	if err != nil {
		w.backOff(ctx, err)
	}
}

// get reads key and returns an error if the answer is wrong. No answer is not an error.
func (w *Workload) get(ctx *sim.Context, key string) error {
	value, found, err := w.client.Get(key)
	if err != nil {
		w.backOff(ctx, err)
		return nil
	}
	return w.verify(ctx, key, value, found)
}

// verify returns an error if key cannot have this value.
func (w *Workload) verify(ctx *sim.Context, key, value string, found bool) error {
	settled, err := w.model.Get(key, value, found, ctx.Now())
	sim.Always(err == nil, "a read returns a possible value", "key", key, "value", value, "found", found)
	if settled {
		sim.Reachable("a set in doubt turns out to have happened")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", w.client.Server(key), err)
	}
	return nil
}

// backOff keeps the client from using up its operations on a server that is down.
func (w *Workload) backOff(ctx *sim.Context, err error) {
	ctx.Log("%v", err)
	time.Sleep(100 * time.Millisecond)
}

func (w *Workload) key(i int) string { return fmt.Sprintf("c%d-k%d", w.ID, i) }

// modelsKey names the models of all clients in the simulation's state.
const modelsKey = "models"

// Accounted is the invariant that no set has more than one ending. It is asked after every event of the simulation, so it looks
// at counters only.
var Accounted = sim.InvariantFunc("sets are accounted for", func(v *sim.View) error {
	models, _ := sim.Get[[]*Model](v.State(), modelsKey)
	for _, m := range models {
		if m.Acknowledged+m.InDoubt > m.Sent {
			return fmt.Errorf("%d sets were sent, but %d acknowledged and %d are in doubt", m.Sent, m.Acknowledged, m.InDoubt)
		}
	}
	return nil
})

package libraries

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

// Three servers agree on values while they are killed, crash, and are cut off from each other. A client sees every value it was told is
// stored, until it stores another.
func TestRaft(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers: []sim.Server{{
			Name:    "raft",
			Program: "example.com/libraries/cmd/raft",
			Args:    []string{"-ip", "{ip}", "-servers", "{servers}"},
			Count:   sim.Exactly(3),
		}},
		Workload:   &agreeing{Ops: 100, Keys: 5},
		Faults:     sim.AllFaults(),
		ChaosFor:   40 * time.Second,
		Iterations: 20,
	})
}

type agreeing struct {
	Ops, Keys int

	http   *http.Client
	leader int // the server that answered last
	model  Model
}

func (w *agreeing) Name() string { return "client" }

// Setup waits for the first leader.
func (w *agreeing) Setup(ctx *sim.Context) error {
	w.http, w.model, w.leader = newHTTP(), Model{}, 0
	return w.settle(ctx)
}

func (w *agreeing) Run(ctx *sim.Context) error {
	for i := range w.Ops {
		key := fmt.Sprintf("key-%d", ctx.Rand().IntN(w.Keys))
		if ctx.Rand().IntN(2) == 0 {
			value := fmt.Sprintf("v%d", i)
			_, err := w.ask(ctx, http.MethodPut, key, value)
			w.model.Wrote(key, value, err == nil)
			sim.Sometimes(err == nil, "a put is agreed upon")
		} else if err := w.get(ctx, key); err != nil && !errors.Is(err, errNoAnswer) {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
	}
	return nil
}

// Check reads every key.
func (w *agreeing) Check(ctx *sim.Context) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	for i := range w.Keys {
		if err := w.get(ctx, fmt.Sprintf("key-%d", i)); err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
	}
	return nil
}

// settle waits until there is a leader that answers.
func (w *agreeing) settle(ctx *sim.Context) (err error) {
	for range 60 {
		if _, err = w.ask(ctx, http.MethodGet, "none", ""); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return fmt.Errorf("no leader after a minute: %w", err)
}

func (w *agreeing) get(ctx *sim.Context, key string) error {
	value, err := w.ask(ctx, http.MethodGet, key, "")
	if err != nil {
		return err
	}
	sim.Sometimes(value != "", "a get finds a value")
	return w.model.Read(key, value)
}

// ask asks the server that is believed to be the leader, and another one if it is not. A request that may have been carried out is
// not made again.
func (w *agreeing) ask(ctx *sim.Context, method, key, body string) (string, error) {
	ips := ctx.Topology().AllServerIPs()
	for range ips {
		status, text, err := do(w.http, method, fmt.Sprintf("http://%s:8080/%s", ips[w.leader], key), body)
		if err == nil && status == http.StatusOK {
			return text, nil
		}
		ctx.Log("%s %s of server %d: %d %s %v", method, key, w.leader, status, text, err)
		w.leader = (w.leader + 1) % len(ips)
		if err != nil || status != http.StatusMisdirectedRequest {
			break
		}
	}
	return "", errNoAnswer
}

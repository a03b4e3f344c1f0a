package libraries

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

func TestBadger(t *testing.T) { sim.Test(t, storage("badger")) }
func TestPebble(t *testing.T) { sim.Test(t, storage("pebble")) }
func TestBolt(t *testing.T)   { sim.Test(t, storage("bbolt")) }

// storage is the simulation of one engine: one server, whose process is killed and whose machine crashes.
func storage(engine string) sim.Config {
	return sim.Config{
		Servers: []sim.Server{{
			Name:    engine,
			Program: "example.com/libraries/cmd/storage",
			Args:    []string{"-engine", engine},
		}},
		Workload:   &storing{Ops: 150, Keys: 20},
		Faults:     sim.Faults{Attrition: &sim.Attrition{Recovery: sim.Span{Min: time.Second, Max: 2 * time.Second}}},
		ChaosFor:   30 * time.Second,
		Iterations: 20,
	}
}

// storing puts and gets values of different lengths.
type storing struct {
	Ops, Keys int

	url   string
	http  *http.Client
	model Model
}

func (w *storing) Name() string { return "client" }

func (w *storing) Setup(ctx *sim.Context) error {
	w.url = fmt.Sprintf("http://%s:8080/", ctx.Topology().AllServerIPs()[0])
	w.http = newHTTP()
	w.model = Model{}
	return nil
}

func (w *storing) Run(ctx *sim.Context) error {
	for i := range w.Ops {
		key := w.key(ctx.Rand().IntN(w.Keys))
		if ctx.Rand().IntN(100) < 60 {
			value := fmt.Sprintf("v%d-", i)
			value += strings.Repeat("x", ctx.Rand().IntN(4000))
			status, text, err := do(w.http, http.MethodPut, w.url+key, value)
			stored := err == nil && status == http.StatusOK
			w.model.Wrote(key, value, stored)
			sim.Sometimes(stored, "a put is acknowledged")
			if !stored {
				ctx.Log("put %s: %d %s %v", key, status, text, err)
			}
		} else if err := w.get(ctx, key); err != nil {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(300 * time.Millisecond))))
	}
	return nil
}

// Check reads every key when the server is up again.
func (w *storing) Check(ctx *sim.Context) error {
	for i := range w.Keys {
		if err := w.get(ctx, w.key(i)); err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
	}
	return nil
}

func (w *storing) key(i int) string { return fmt.Sprintf("key-%d", i) }

func (w *storing) get(ctx *sim.Context, key string) error {
	status, text, err := do(w.http, http.MethodGet, w.url+key, "")
	switch {
	case err != nil:
		ctx.Log("get %s: %v", key, err)
		return nil
	case status == http.StatusNotFound:
		return w.model.Read(key, "")
	case status != http.StatusOK:
		return fmt.Errorf("get %s: %d: %s", key, status, text)
	}
	sim.Reachable("a get finds a value")
	return w.model.Read(key, text)
}

package libraries

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

func TestPebble(t *testing.T) { sim.Test(t, storage("pebble")) }
func TestBolt(t *testing.T)   { sim.Test(t, storage("bbolt")) }

// After a crash at the wrong moment badger finds the file of its newest memtable empty: the name has got to the disk, the length has
// not. It makes the file longer and gives up ("Create a new file"). Nothing is lost, and the next start succeeds; so the server may
// exit, and is started again.
func TestBadger(t *testing.T) {
	cfg := storage("badger")
	cfg.Servers[0].AllowExit = true
	sim.Test(t, cfg)
}

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
		} else if err := w.get(key); errors.Is(err, errNoAnswer) {
			ctx.Log("%v", err)
		} else if err != nil {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(300 * time.Millisecond))))
	}
	return nil
}

// Check reads every key when the server is up again.
func (w *storing) Check(ctx *sim.Context) error {
	for i := range w.Keys {
		err := w.get(w.key(i))
		for try := 0; errors.Is(err, errNoAnswer) && try < 10; try++ {
			time.Sleep(time.Second)
			err = w.get(w.key(i))
		}
		if err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
	}
	return nil
}

func (w *storing) key(i int) string { return fmt.Sprintf("key-%d", i) }

func (w *storing) get(key string) error {
	status, text, err := do(w.http, http.MethodGet, w.url+key, "")
	switch {
	case err != nil:
		return fmt.Errorf("get %s: %w: %w", key, errNoAnswer, err)
	case status == http.StatusNotFound:
		return w.model.Read(key, "")
	case status != http.StatusOK:
		return fmt.Errorf("get %s: %d: %s", key, status, text)
	}
	sim.Reachable("a get finds a value")
	return w.model.Read(key, text)
}

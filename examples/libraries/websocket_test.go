package libraries

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/simgen-dev/simgen/sim"
)

const (
	talkers  = 3
	speeches = 30
)

// Three clients talk; each must hear everything once, and all in the same order, also over a network that is slow or partitioned for
// a while: TCP brings it in the end.
func TestWebsocket(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "websocket", Program: "example.com/libraries/cmd/websocket"}},
		Workloads:  sim.Fresh(talkers, func(i int) sim.Workload { return &talking{id: i} }),
		Faults:     sim.Faults{Partitions: &sim.Partitions{}, Slow: &sim.Slow{}},
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

type talking struct {
	id    int
	conn  *websocket.Conn
	heard []string
}

func (w *talking) Name() string { return fmt.Sprintf("talker-%d", w.id) }

func (w *talking) Setup(*sim.Context) (err error) {
	w.heard = nil
	w.conn, _, err = websocket.DefaultDialer.Dial("ws://websocket:8080/room", nil)
	return err
}

func (w *talking) Run(ctx *sim.Context) error {
	failed := make(chan error, 1)
	go func() {
		for len(w.heard) < talkers*speeches {
			_, text, err := w.conn.ReadMessage()
			if err != nil {
				failed <- err
				return
			}
			w.heard = append(w.heard, string(text))
		}
		failed <- nil
	}()
	for i := range speeches {
		text := fmt.Sprintf("%s says %d", w.Name(), i)
		if err := w.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
	}
	return <-failed
}

func (w *talking) Check(ctx *sim.Context) error {
	for id := range talkers {
		from := 0
		for i := range speeches {
			at := slices.Index(w.heard[from:], fmt.Sprintf("talker-%d says %d", id, i))
			if at < 0 {
				return fmt.Errorf("talker-%d said %d, which was not heard, or not in its turn: %q", id, i, w.heard)
			}
			from += at + 1
		}
	}
	if first, ok := sim.Get[[]string](ctx.State(), "heard"); ok && !slices.Equal(first, w.heard) {
		return fmt.Errorf("two talkers heard the same in different orders:\n%q\n%q", first, w.heard)
	}
	ctx.State().Publish("heard", w.heard)
	return w.conn.Close()
}

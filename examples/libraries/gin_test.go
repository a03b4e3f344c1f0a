package libraries

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

// Several clients at once write notes and read them again, over a network that is slow and partitioned at times.
func TestGin(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "gin", Program: "example.com/libraries/cmd/gin"}},
		Workloads:  sim.Fresh(3, func(i int) sim.Workload { return &noting{id: i, written: map[int]note{}} }),
		Faults:     sim.Faults{Partitions: &sim.Partitions{}, Slow: &sim.Slow{}},
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

type note struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
	Stars int    `json:"stars"`
}

type noting struct {
	sim.Base
	id      int
	written map[int]note
}

func (w *noting) Name() string { return fmt.Sprintf("client-%d", w.id) }

func (w *noting) Run(ctx *sim.Context) error {
	c, url := newHTTP(), "http://gin:8080"
	for i := range 40 {
		n := note{Title: fmt.Sprintf("%s's note %d", w.Name(), i), Stars: ctx.Rand().IntN(8)}
		body, _ := json.Marshal(n)
		status, text, err := do(c, http.MethodPost, url+"/notes", string(body))
		switch {
		case err != nil:
			ctx.Log("post: %v", err)
		case n.Stars > 5:
			if status != http.StatusBadRequest {
				return fmt.Errorf("a note with %d stars: %d %s", n.Stars, status, text)
			}
			sim.Reachable("a note is refused")
		case status != http.StatusCreated:
			return fmt.Errorf("post: %d %s", status, text)
		default:
			stars := n.Stars
			if err := json.Unmarshal([]byte(text), &n); err != nil || n.Stars != stars {
				return fmt.Errorf("post: answer %s, %v", text, err)
			}
			if other, taken := w.written[n.ID]; taken {
				return fmt.Errorf("%+v and %+v have the same number", other, n)
			}
			w.written[n.ID] = n
		}
		if err := w.read(ctx, c, url); err != nil {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(time.Second))))
	}
	status, _, err := do(c, http.MethodGet, url+"/panic", "")
	if err == nil && status != http.StatusInternalServerError {
		return fmt.Errorf("a panic was answered with %d", status)
	}
	return nil
}

// read asks for all notes that are known and for one that cannot be.
func (w *noting) read(ctx *sim.Context, c *http.Client, url string) error {
	for id := range 20 {
		n, known := w.written[id]
		if !known {
			continue
		}
		status, text, err := do(c, http.MethodGet, fmt.Sprintf("%s/notes/%d", url, id), "")
		if err != nil {
			ctx.Log("get: %v", err)
			return nil
		}
		var got note
		if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusOK || got != n {
			return fmt.Errorf("note %d is %s (%d), want %+v", id, text, status, n)
		}
	}
	status, text, err := do(c, http.MethodGet, url+"/notes/1000000", "")
	if err == nil && status != http.StatusNotFound {
		return fmt.Errorf("a note that does not exist: %d %s", status, text)
	}
	return nil
}

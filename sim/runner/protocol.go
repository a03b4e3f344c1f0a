package runner

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
)

// The protocol between a worker and its parent.
//
// The worker has SIMGEN_WORKER=1 in its environment, writes messages (one JSON object a line) to
// descriptor 3 and reads orders (words on a line) from descriptor 4. For each simulation test, in
// the order in which the testing package runs them:
//
//	worker  {"event":"ready", "test":"TestKV", "iterations":100, ...}
//	parent  seed 17
//	worker  {"event":"seed", "test":"TestKV", "result":{...}}
//	parent  seed 23
//	...
//	parent  done
//
// The parent may send the next orders before it has the answer to the first; the worker follows them one
// after the other.
//
// An order may also be "seed 17 trace 123 FILE": everything that goes into the hash is written to
// the file, one line each, for the comparison of runs that should have been equal. After
// line 123 comes the stack of the goroutine that wrote it, and the trace ends (0: it does not).
//
// A worker that dies in between has failed the first seed that it has not answered.
const (
	// WorkerEnv is set in the environment of workers.
	WorkerEnv = "SIMGEN_WORKER"
	// VerboseEnv is set when the complete timeline of every seed is wanted.
	VerboseEnv = "SIMGEN_VERBOSE"

	messagesFD = 3
	ordersFD   = 4
)

// Message is what a worker tells its parent.
type Message struct {
	Event      string             `json:"event"` // "ready" or "seed"
	Test       string             `json:"test"`
	Iterations int                `json:"iterations,omitempty"`
	Strict     bool               `json:"strict,omitempty"`
	Assertions []report.Assertion `json:"assertions,omitempty"` // declared ones, with "ready"
	Result     *report.SeedResult `json:"result,omitempty"`     // with "seed"
	Last       bool               `json:"last,omitempty"`       // with "seed": the worker ends
}

// Worker is the worker's end of the protocol.
type Worker struct {
	out *json.Encoder
	in  *bufio.Reader
}

// NewWorker takes up the two descriptors the parent left open. It is called once in a process.
func NewWorker() (*Worker, error) {
	out := os.NewFile(messagesFD, "simgen messages")
	in := os.NewFile(ordersFD, "simgen orders")
	if out == nil || in == nil {
		return nil, errors.New("worker has no descriptors 3 and 4: " + WorkerEnv + " is for the simgen command to set")
	}
	return &Worker{json.NewEncoder(out), bufio.NewReader(in)}, nil
}

// Ready says that a test has begun; m has everything but the event.
func (w *Worker) Ready(m Message) error {
	m.Event = "ready"
	return w.out.Encode(m)
}

// Order is what a worker is to do next.
type Order struct {
	Done  bool // nothing more in this test
	Seed  uint64
	Trace Trace
}

// Trace is where everything that goes into the hash is to be written.
type Trace struct {
	File string // "" for nowhere
	Last int    // the line after which a stack is written and the trace ends; 0 for never
}

// Next waits for the parent's order.
func (w *Worker) Next() (Order, error) {
	line, err := w.in.ReadString('\n')
	if err == io.EOF {
		return Order{}, errors.New("the parent process is gone")
	}
	if err != nil {
		return Order{}, err
	}
	o, err := parseOrder(strings.TrimSuffix(line, "\n"))
	if err == nil && !o.Done {
		_, err = os.Stderr.WriteString(seedMark)
	}
	return o, err
}

func parseOrder(line string) (Order, error) {
	word, arg, _ := strings.Cut(line, " ")
	switch word {
	case "done":
		return Order{Done: true}, nil
	case "seed":
		number, trace, traced := strings.Cut(arg, " trace ")
		seed, err := strconv.ParseUint(number, 10, 64)
		o := Order{Seed: seed}
		if traced && err == nil {
			last, file, _ := strings.Cut(trace, " ")
			o.Trace.File = file
			o.Trace.Last, err = strconv.Atoi(last)
		}
		return o, err
	}
	return Order{}, fmt.Errorf("unknown order %q", line)
}

// Last says how a seed ended over which the worker cannot go on.
func (w *Worker) Last(r report.SeedResult) error {
	return w.out.Encode(Message{Event: "seed", Test: r.Test, Result: &r, Last: true})
}

// Result says how a seed ended.
func (w *Worker) Result(r report.SeedResult) error {
	return w.out.Encode(Message{Event: "seed", Test: r.Test, Result: &r})
}

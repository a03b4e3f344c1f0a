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
// A worker that dies in between has failed the seed it was told to run.
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

// Ready says that a test has begun.
func (w *Worker) Ready(test string, iterations int, strict bool, declared []report.Assertion) error {
	return w.out.Encode(Message{Event: "ready", Test: test, Iterations: iterations, Strict: strict, Assertions: declared})
}

// Next is the seed to run now; false when the test has no more.
func (w *Worker) Next() (seed uint64, ok bool, err error) {
	line, err := w.in.ReadString('\n')
	if err == io.EOF {
		return 0, false, errors.New("the parent process is gone")
	}
	if err != nil {
		return 0, false, err
	}
	order, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch order {
	case "done":
		return 0, false, nil
	case "seed":
		seed, err := strconv.ParseUint(arg, 10, 64)
		return seed, true, err
	}
	return 0, false, fmt.Errorf("unknown order %q", line)
}

// Result says how a seed ended.
func (w *Worker) Result(r report.SeedResult) error {
	return w.out.Encode(Message{Event: "seed", Test: r.Test, Result: &r})
}

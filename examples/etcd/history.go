package etcd

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// An input is an operation on one key: a get, or with New a put, or with Old as well a compare and swap. Values are never
// empty; a key that was not put holds "".
type input struct{ Key, Old, New string }

// An output is the answer to an operation, if there was one.
type output struct {
	Value   string // of a get
	Swapped bool   // by a compare and swap
	Unknown bool   // no answer came: it may have happened, or may happen yet
}

// A History is what clients saw. Times are simulated ones.
type History struct {
	mu  sync.Mutex
	ops []porcupine.Operation
}

// Add notes an operation of a client. One without an answer goes on for ever; a get without an answer says nothing.
func (h *History) Add(client int, in input, out output, began, ended time.Duration) {
	if out.Unknown {
		if in.New == "" {
			return
		}
		ended = math.MaxInt64
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: in, Output: out, Call: int64(began), Return: int64(ended)})
}

// Check returns an error if no order of the operations explains them.
func (h *History) Check() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, ops := range byKey(h.ops) {
		if !porcupine.CheckOperations(model, ops) {
			text := ""
			for _, op := range ops {
				text += "\n  " + describe(op)
			}
			return fmt.Errorf("the operations on %s are not linearizable:%s", key, text)
		}
	}
	return nil
}

// model is one key.
var model = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, in, out any) (bool, any) {
		value, i, o := state.(string), in.(input), out.(output)
		switch {
		case i.New == "":
			return o.Value == value, value
		case i.Old == "":
			return true, i.New
		case !o.Unknown && o.Swapped != (value == i.Old):
			return false, value
		case value == i.Old:
			return true, i.New
		}
		return true, value
	},
}

func byKey(ops []porcupine.Operation) map[string][]porcupine.Operation {
	keys := map[string][]porcupine.Operation{}
	for _, op := range ops {
		key := op.Input.(input).Key
		keys[key] = append(keys[key], op)
	}
	return keys
}

func describe(op porcupine.Operation) string {
	in, out := op.Input.(input), op.Output.(output)
	when := fmt.Sprintf("client %d, %v to %v: ", op.ClientId, time.Duration(op.Call), time.Duration(op.Return))
	if out.Unknown {
		when = fmt.Sprintf("client %d, from %v, no answer: ", op.ClientId, time.Duration(op.Call))
	}
	switch {
	case in.New == "":
		return when + fmt.Sprintf("get %q", out.Value)
	case in.Old == "":
		return when + fmt.Sprintf("put %q", in.New)
	}
	return when + fmt.Sprintf("swap %q for %q: %v", in.Old, in.New, out.Swapped)
}

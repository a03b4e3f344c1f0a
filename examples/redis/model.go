package redis

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Model is what one client knows about its keys on one server. No other client writes them, no two sets write the same value, and the
// empty value stands for none.
//
// An operation whose answer never came may have been carried out, may never be, or may still be on its way. A crash takes
// everything, also what is on its way. Crashes are recorded by another goroutine than the one that reads and writes.
type Model struct {
	mu      sync.Mutex
	keys    map[string]*entry
	crashes int
}

type entry struct {
	known string
	maybe []string // writes without an answer; a delete is a write of nothing
	sent  []string // every value that was ever sent
}

// NewModel returns the model of an empty server.
func NewModel() *Model { return &Model{keys: make(map[string]*entry)} }

func (m *Model) entry(key string) *entry {
	e := m.keys[key]
	if e == nil {
		e = new(entry)
		m.keys[key] = e
	}
	return e
}

// An Op is an operation between its request and its answer.
type Op struct {
	m       *Model
	key     string
	value   string // of a write
	crashes int    // of the server, when the request was sent
}

// Write begins a set, or a delete if value is empty.
func (m *Model) Write(key, value string) Op {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entry(key)
	e.sent = append(e.sent, value)
	return Op{m, key, value, m.crashes}
}

// Read begins a get.
func (m *Model) Read(key string) Op {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Op{m: m, key: key, crashes: m.crashes}
}

// Written ends a write: acknowledged, or in doubt. An acknowledgement from a server that crashed since says nothing about the one that
// took its place.
func (op Op) Written(acknowledged bool) {
	op.m.mu.Lock()
	defer op.m.mu.Unlock()
	e := op.m.entry(op.key)
	if acknowledged && op.crashes == op.m.crashes {
		e.known = op.value
		return
	}
	e.maybe = append(e.maybe, op.value)
}

// Got ends a read that had an answer, and returns an error if the answer cannot be right.
func (op Op) Got(value string) error {
	op.m.mu.Lock()
	defer op.m.mu.Unlock()
	e := op.m.entry(op.key)
	switch {
	case op.crashes != op.m.crashes:
		// The answer may be of the server before the crash, which is forgotten. But it is no value of another key.
		if value != "" && !slices.Contains(e.sent, value) {
			return fmt.Errorf("read %q from %s, which was never written to it", value, op.key)
		}
		return nil
	case value == e.known:
		return nil
	}
	if i := slices.Index(e.maybe, value); i >= 0 {
		e.known = value
		e.maybe = slices.Delete(e.maybe, i, i+1)
		return nil
	}
	return fmt.Errorf("read %q from %s; possible: %s", value, op.key, op.m.possible(op.key))
}

// Crash records that the server lost everything.
func (m *Model) Crash() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.crashes++
	for _, e := range m.keys {
		e.known, e.maybe = "", nil
	}
}

func (m *Model) possible(key string) string {
	e := m.entry(key)
	all := []string{fmt.Sprintf("%q", e.known)}
	for _, v := range e.maybe {
		all = append(all, fmt.Sprintf("%q (in doubt)", v))
	}
	return strings.Join(all, ", ")
}

// Keys returns the keys that were ever used, sorted.
func (m *Model) Keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := make([]string, 0, len(m.keys))
	for key := range m.keys {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

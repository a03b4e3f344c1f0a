package kv

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Model is what one client knows about the values of its keys. No other client writes them, and every set writes a value that
// was never written before.
//
// A set whose answer never came is the hard part: it may have been carried out, it may never be, and it may still be on its
// way and overwrite a newer value. So a key has a known value, and any number of values it may turn to. Once one of those is
// read it is the known value: a set happens at most once.
type Model struct {
	keys map[string]*entry

	// Sent counts the sets, Acknowledged and InDoubt those of them that ended so; the others surely did not happen.
	Sent, Acknowledged, InDoubt int
}

type entry struct {
	known string
	isSet bool          // false: known to have no value
	since time.Duration // when the set was acknowledged, or its value first read
	maybe []string      // sets without an answer, oldest first
}

// NewModel returns the model of empty servers.
func NewModel() *Model {
	return &Model{keys: make(map[string]*entry)}
}

func (m *Model) entry(key string) *entry {
	e := m.keys[key]
	if e == nil {
		e = new(entry)
		m.keys[key] = e
	}
	return e
}

// Set records a set that was acknowledged, and when.
func (m *Model) Set(key, value string, now time.Duration) {
	e := m.entry(key)
	e.known, e.isSet, e.since = value, true, now
	m.Acknowledged++
}

// MaybeSet records a set whose outcome is unknown.
func (m *Model) MaybeSet(key, value string) {
	e := m.entry(key)
	e.maybe = append(e.maybe, value)
	m.InDoubt++
}

// Get checks what a read returned, and learns from it. settled tells that it was the value of a set whose outcome was unknown.
func (m *Model) Get(key, value string, found bool, now time.Duration) (settled bool, err error) {
	e := m.entry(key)
	if found == e.isSet && value == e.known {
		return false, nil
	}
	if i := slices.Index(e.maybe, value); found && i >= 0 {
		e.known, e.isSet, e.since = value, true, now
		e.maybe = slices.Delete(e.maybe, i, i+1)
		return true, nil
	}
	got := "nothing"
	if found {
		got = fmt.Sprintf("%q", value)
	}
	return false, fmt.Errorf("read %s from %s; possible: %s", got, key, m.Possible(key))
}

// Possible lists in words what a read of key may return.
func (m *Model) Possible(key string) string {
	e := m.entry(key)
	var all []string
	if e.isSet {
		all = append(all, fmt.Sprintf("%q (since %.6f s)", e.known, e.since.Seconds()))
	} else {
		all = append(all, "nothing")
	}
	for _, v := range e.maybe {
		all = append(all, fmt.Sprintf("%q (in doubt)", v))
	}
	return strings.Join(all, ", ")
}

// Keys returns the keys that were ever used, sorted.
func (m *Model) Keys() []string {
	keys := make([]string, 0, len(m.keys))
	for key := range m.keys {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

package libraries

import (
	"fmt"
	"slices"
)

// Model is what a client knows about its keys, which nobody else writes. No two writes have the same value.
//
// A write without an answer may have happened, may never happen, or may still be on its way.
type Model map[string]*entry

type entry struct {
	known string
	maybe []string
}

// Wrote notes a write, acknowledged or in doubt.
func (m Model) Wrote(key, value string, acknowledged bool) {
	e := m[key]
	if e == nil {
		e = new(entry)
		m[key] = e
	}
	if acknowledged {
		e.known = value
	} else {
		e.maybe = append(e.maybe, value)
	}
}

// Read returns an error if value cannot be what key holds; nothing is "".
func (m Model) Read(key, value string) error {
	e := m[key]
	switch {
	case e == nil && value == "", e != nil && value == e.known:
		return nil
	case e == nil:
		return fmt.Errorf("read %.20q from %s, which was never written", value, key)
	}
	i := slices.Index(e.maybe, value)
	if i < 0 {
		return fmt.Errorf("read %.20q from %s; possible: %.20q, or of those in doubt %.20q", value, key, e.known, e.maybe)
	}
	e.known = value
	e.maybe = slices.Delete(e.maybe, i, i+1)
	return nil
}

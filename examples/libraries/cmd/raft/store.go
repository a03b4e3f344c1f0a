package main

import (
	"encoding/json"
	"io"
	"maps"
	"strings"
	"sync"

	"github.com/hashicorp/raft"
)

// store is the state that the servers agree upon.
type store struct {
	mu     sync.Mutex
	values map[string]string
}

func (s *store) get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key]
}

// Apply implements raft.FSM.
func (s *store) Apply(l *raft.Log) any {
	key, value, _ := strings.Cut(string(l.Data), "=")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	return nil
}

// Snapshot implements raft.FSM.
func (s *store) Snapshot() (raft.FSMSnapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return snapshot(maps.Clone(s.values)), nil
}

// Restore implements raft.FSM.
func (s *store) Restore(from io.ReadCloser) error {
	defer from.Close()
	values := map[string]string{}
	if err := json.NewDecoder(from).Decode(&values); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = values
	return nil
}

type snapshot map[string]string

// Persist implements raft.FSMSnapshot.
func (s snapshot) Persist(to raft.SnapshotSink) error {
	if err := json.NewEncoder(to).Encode(s); err != nil {
		to.Cancel()
		return err
	}
	return to.Close()
}

// Release implements raft.FSMSnapshot.
func (snapshot) Release() {}

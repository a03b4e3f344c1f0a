package main

import (
	"errors"
	"fmt"
	"log"
	"sync"
)

// store is the map, and the log that makes it durable.
type store struct {
	mu     sync.Mutex
	values map[string]string
	wal    *wal  // nil: memory only
	broken error // the write that failed; no set is accepted after it
}

var errReadOnly = errors.New("read-only since a write to the log failed")

// openStore returns the store as the log at path left it. An empty path means memory only.
func openStore(path string, sync bool) (*store, error) {
	s := &store{values: make(map[string]string)}
	if path == "" {
		return s, nil
	}
	w, err := openWAL(path, sync, func(key, value string) { s.values[key] = value })
	if err != nil {
		return nil, err
	}
	s.wal = w
	log.Printf("replayed %d records from %s", w.records, path)
	if w.dropped > 0 {
		log.Printf("dropped %d bytes of an unfinished record at its end", w.dropped)
	}
	return s, nil
}

func (s *store) get(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	return value, ok
}

// set holds the lock until the record is durable. Were the map written first, a reader could see a value that a crash then takes back.
func (s *store) set(key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return errReadOnly
	}
	if s.wal != nil {
		if err := s.wal.append(key, value); err != nil {
			// Half a record may be in the file now, and replay stops at it: whatever were appended after it would be lost.
			s.broken = err
			return err
		}
	}
	s.values[key] = value
	return nil
}

func (s *store) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wal == nil {
		return nil
	}
	if err := s.wal.close(); err != nil {
		return fmt.Errorf("close the log: %w", err)
	}
	return nil
}

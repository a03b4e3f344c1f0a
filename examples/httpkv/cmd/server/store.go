package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// item is what a key holds.
type item struct {
	Value   json.RawMessage `json:"value"`
	Version int             `json:"version"`
}

// store is the data, and the file that keeps it.
type store struct {
	mu    sync.Mutex
	items map[string]item
	path  string // "": memory only
}

var errVersion = errors.New("the key has another version")

// anyVersion makes put unconditional.
const anyVersion = -1

func openStore(path string) (*store, error) {
	s := &store{items: make(map[string]item), path: path}
	if path == "" {
		return s, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &s.items); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (s *store) get(key string) (item, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.items[key]
	return it, ok
}

// put sets a key if it has version match. The lock is held until the file is durable, so that no reader sees a value that a
// crash takes back.
func (s *store) put(key string, value json.RawMessage, match int) (item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, existed := s.items[key]
	if match != anyVersion && match != old.Version {
		return item{}, errVersion
	}
	it := item{Value: value, Version: old.Version + 1}
	s.items[key] = it
	if err := s.save(); err != nil {
		if existed {
			s.items[key] = old
		} else {
			delete(s.items, key)
		}
		return item{}, err
	}
	return it, nil
}

// save replaces the file as a whole: after a crash it is the old one or the new one, and after save has returned, the new one.
func (s *store) save() error {
	if s.path == "" {
		return nil
	}
	text, err := json.Marshal(s.items)
	if err != nil {
		return err
	}
	temp := s.path + ".new"
	if err := writeSynced(temp, text); err != nil {
		return err
	}
	if err := os.Rename(temp, s.path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(s.path)) // the rename is durable when the directory is
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func writeSynced(path string, text []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

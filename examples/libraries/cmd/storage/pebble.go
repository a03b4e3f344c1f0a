package main

import (
	"errors"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

type pebbleStore struct {
	*pebble.DB
	write *pebble.WriteOptions
}

// openPebble opens a database with small tables, so that a short test also flushes and compacts.
func openPebble(dir string, sync bool) (store, error) {
	write := pebble.NoSync
	if sync {
		write = pebble.Sync
	}
	db, err := pebble.Open(dir, &pebble.Options{MemTableSize: 64 << 10})
	return pebbleStore{db, write}, err
}

func (s pebbleStore) set(key, value []byte) error { return s.Set(key, value, s.write) }

func (s pebbleStore) get(key []byte) ([]byte, error) {
	value, closer, err := s.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	return slices.Clone(value), nil
}

package main

import (
	"errors"

	"github.com/dgraph-io/badger/v4"
)

type badgerStore struct{ *badger.DB }

// openBadger opens a database with small tables, so that a short test also flushes and compacts.
func openBadger(dir string, sync bool) (store, error) {
	db, err := badger.Open(badger.DefaultOptions(dir).
		WithSyncWrites(sync).
		WithMemTableSize(64 << 10).
		WithValueThreshold(1 << 10). // longer values go to the value log
		WithValueLogFileSize(1 << 20).
		WithLoggingLevel(badger.WARNING))
	return badgerStore{db}, err
}

func (s badgerStore) set(key, value []byte) error {
	return s.Update(func(tx *badger.Txn) error { return tx.Set(key, value) })
}

func (s badgerStore) get(key []byte) (value []byte, err error) {
	err = s.View(func(tx *badger.Txn) error {
		item, err := tx.Get(key)
		if errors.Is(err, badger.ErrKeyNotFound) {
			return errNotFound
		}
		if err != nil {
			return err
		}
		value, err = item.ValueCopy(nil)
		return err
	})
	return value, err
}

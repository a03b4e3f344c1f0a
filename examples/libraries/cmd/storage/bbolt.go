package main

import (
	"os"
	"path/filepath"
	"slices"

	"go.etcd.io/bbolt"
)

type boltStore struct{ *bbolt.DB }

var bucket = []byte("values")

func openBolt(dir string, sync bool) (store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	db, err := bbolt.Open(filepath.Join(dir, "bolt.db"), 0o600, &bbolt.Options{NoSync: !sync})
	if err != nil {
		return nil, err
	}
	return boltStore{db}, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
}

func (s boltStore) set(key, value []byte) error {
	return s.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put(key, value) })
}

func (s boltStore) get(key []byte) (value []byte, err error) {
	err = s.View(func(tx *bbolt.Tx) error {
		if value = slices.Clone(tx.Bucket(bucket).Get(key)); value == nil {
			return errNotFound
		}
		return nil
	})
	return value, err
}

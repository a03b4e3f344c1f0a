package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// treeMarker makes a directory ours: only one that is empty or holds this file
// is written to, because writing a tree replaces what was there before.
const treeMarker = ".simgen-rewrite"

const treeMarkerText = "Written by simgen rewrite. The next run replaces this directory.\n"

// checkTreeDir refuses a directory with files of somebody else's.
func checkTreeDir(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		info, statErr := os.Stat(dir)
		if statErr == nil && !info.IsDir() {
			return usagef("-o %s is a file: name a directory that is new, empty, or written by an earlier simgen rewrite", dir)
		}
		return err
	case len(entries) == 0:
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, treeMarker)); err == nil {
		return nil
	}
	return usagef("-o %s holds files that simgen did not write (%s is one): name a directory that is new, empty, or written by an earlier simgen rewrite", dir, entries[0].Name())
}

// writeTree writes the files, named by slash-separated paths, as the directory
// dir. The tree is made beside it and renamed at the end: a failure on the way
// leaves dir as it was.
func writeTree(dir string, files map[string][]byte) error {
	if err := checkTreeDir(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".simgen-rewrite-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	// The work directory is private to us; the tree in it has the
	// permissions any new directory gets.
	tree := filepath.Join(work, "tree")
	if err := fillTree(tree, files); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tree, dir)
}

func fillTree(dir string, files map[string][]byte) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, treeMarker), []byte(treeMarkerText), 0o666); err != nil {
		return err
	}
	for name, data := range files {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("rewritten file %s would be written outside of %s", name, dir)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteTree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	for _, name := range []string{"a/one.go", "b/two.go"} {
		if err := writeTree(dir, map[string][]byte{name: []byte(name)}); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(data) != name {
			t.Errorf("%s holds %q (%v)", name, data, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "a")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the second tree did not replace the first")
	}
	siblings, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(siblings) != 1 {
		t.Errorf("left beside the tree: %v (%v)", siblings, err)
	}
}

func TestWriteTreeRefuses(t *testing.T) {
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "precious"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	ours := filepath.Join(t.TempDir(), "out")
	if err := writeTree(ours, map[string][]byte{"kept.go": nil}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, dir, file, want, kept string }{
		{"foreign directory", foreign, "a.go", "holds files that simgen did not write", filepath.Join(foreign, "precious")},
		{"a file", filepath.Join(foreign, "precious"), "a.go", "is a file", filepath.Join(foreign, "precious")},
		{"a name that leads out", ours, "../a.go", "outside", filepath.Join(ours, "kept.go")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := writeTree(tt.dir, map[string][]byte{tt.file: nil})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want one with %q", err, tt.want)
			}
			if _, err := os.Stat(tt.kept); err != nil {
				t.Errorf("a refusal lost something: %v", err)
			}
		})
	}
}

func TestWriteAtomically(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	err := writeAtomically(path, func(tmp string) error {
		if err := os.WriteFile(tmp, []byte("half"), 0o666); err != nil {
			return err
		}
		return stop
	})
	if data, _ := os.ReadFile(path); !errors.Is(err, stop) || string(data) != "old" {
		t.Errorf("after a failure the file holds %q (%v)", data, err)
	}
	if err := writeAtomically(path, func(tmp string) error { return os.WriteFile(tmp, []byte("new"), 0o666) }); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(path); string(data) != "new" {
		t.Errorf("the file holds %q", data)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

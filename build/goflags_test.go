package build

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestDefinitions(t *testing.T) {
	for flags, want := range map[string][]definition{
		"":              nil,
		"-s -w":         nil,
		"-X main.v=1":   {{"main", "v", "1"}},
		"-X=main.v=1=2": {{"main", "v", "1=2"}},
		"--X=main.v=":   {{"main", "v", ""}},
		"-s -X a.b/c.d=e -X 'a/b.v2.name=two words' -w": {{"a.b/c", "d", "e"}, {"a/b.v2", "name", "two words"}},
		`all=-X "main.v=it's"`:                          {{"main", "v", "it's"}},
	} {
		got, err := Config{LDFlags: flags}.definitions()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v; want %v", flags, got, err, want)
		}
	}
	for _, flags := range []string{"-X main.v", "-X v=1", "-X 'main.v=1", "-X"} {
		if got, err := (Config{LDFlags: flags}).definitions(); err == nil || !strings.HasPrefix(err.Error(), "-ldflags "+flags+": ") {
			t.Errorf("%s: got %v, %v", flags, got, err)
		}
	}
}

// The command line comes before $GOFLAGS, and of that the last flag counts.
func TestGoFlags(t *testing.T) {
	env := &goEnv{GOFLAGS: "-mod=mod -tags=a '-ldflags=-X main.v=1' --tags=b,c -race=false"}
	c, err := Config{}.withGoFlags(env)
	if err != nil || c.Tags != "b,c" || c.LDFlags != "-X main.v=1" {
		t.Errorf("got %q, %q, %v", c.Tags, c.LDFlags, err)
	}
	c, err = Config{Tags: "d", LDFlags: "-s"}.withGoFlags(env)
	if err != nil || c.Tags != "d" || c.LDFlags != "-s" {
		t.Errorf("got %q, %q, %v", c.Tags, c.LDFlags, err)
	}
	if _, err = (Config{}).withGoFlags(&goEnv{GOFLAGS: "-mod=mod -race"}); err == nil {
		t.Error("the race detector comes in by $GOFLAGS")
	}
}

func TestExplain(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SIMGEN_CACHE", dir)
	for _, reason := range []error{syscall.EACCES, syscall.EROFS, syscall.ENOSPC} {
		err := fmt.Errorf("rewriting: %w", &fs.PathError{Op: "mkdir", Path: filepath.Join(dir, "rewrite", "ab"), Err: reason})
		explain(&err)
		if !strings.Contains(err.Error(), reason.Error()) || !strings.Contains(err.Error(), "set SIMGEN_CACHE") {
			t.Error(err)
		}
	}
	for _, other := range []error{&fs.PathError{Op: "open", Path: "/elsewhere", Err: syscall.EACCES}, &fs.PathError{Op: "open", Path: dir, Err: syscall.EMFILE}} {
		err := other
		if explain(&err); err != other {
			t.Error(err)
		}
	}
	var none error
	if explain(&none); none != nil {
		t.Error(none)
	}
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/simgen-dev/simgen/build"
)

var buildCommand = command{
	name:  "build",
	args:  "[-o file] [-tags list] [-ldflags flags] [package]",
	short: "make a self-contained simulator executable",
	long: `
Build makes one executable that needs nothing where it runs: no Go toolchain, no
source, no simgen.

Of a main package it is a simulator of that server: so many copies of it under
faults, and a seed fails on a panic, an unexpected exit, a deadlock, a livelock,
or connections left open after shutdown:

	simgen build ./cmd/server
	./server.sim -seeds 1-100 -nodes 3 -args "-addr :7000"

Of a package with simulation tests it runs those tests:

	simgen build -o kv.sim .
	./kv.sim -seeds 1-100 -run TestKV`,
	setup: func(flags *flag.FlagSet) body {
		output := flags.String("o", "", "write the executable to `file` (default <name>.sim in the current directory)")
		config := build.Config{}
		flags.StringVar(&config.Tags, "tags", "", tagsUsage)
		flags.StringVar(&config.LDFlags, "ldflags", "", ldflagsUsage)
		return func(ctx context.Context, args []string, std stdio) error {
			return runBuild(ctx, args, *output, config, std)
		}
	},
}

func runBuild(ctx context.Context, args []string, output string, config build.Config, std stdio) error {
	if len(args) > 1 {
		return usagef("one package at a time: got %s", strings.Join(args, " "))
	}
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	where := groups[0]
	pattern := where.patterns[0]
	if strings.Contains(pattern, "...") {
		return usagef("%s may be many packages: name one", args[0])
	}
	if output == "" {
		importPath, err := onlyPackage(ctx, where, config.Tags)
		if err != nil {
			return err
		}
		output = executableName(importPath) + ".sim"
	}
	if output, err = filepath.Abs(output); err != nil {
		return err
	}
	progress := newBuildProgress(std)
	config.Dir, config.Progress = where.dir, progress.step
	err = writeAtomically(output, func(tmp string) error {
		defer progress.done()
		return build.Program(ctx, config, pattern, tmp)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "wrote %s\n", relativeTo(cwd, output))
	return nil
}

// onlyPackage is the import path of the one package that a target names.
func onlyPackage(ctx context.Context, where target, tags string) (string, error) {
	paths, err := importPaths(ctx, where, tags)
	if err != nil {
		return "", err
	}
	if len(paths) != 1 {
		return "", usagef("%s is not one package: name one", strings.Join(where.patterns, " "))
	}
	return paths[0], nil
}

// importPaths are the import paths of the packages that a target names. It is
// quick: nothing is parsed.
func importPaths(ctx context.Context, where target, tags string) ([]string, error) {
	found, err := packages.Load(&packages.Config{
		Context:    ctx,
		Dir:        where.dir,
		Mode:       packages.NeedName,
		BuildFlags: tagFlags(tags),
	}, where.patterns...)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, p := range found {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		paths = append(paths, p.PkgPath)
	}
	return paths, nil
}

// tagFlags are the go command's flags for build tags: without any, $GOFLAGS may
// have some.
func tagFlags(tags string) []string {
	if tags == "" {
		return nil
	}
	return []string{"-tags=" + tags}
}

// executableName is the name that go build gives to a program: the last
// element of its path that is not a major version.
func executableName(importPath string) string {
	name := path.Base(importPath)
	if dir := path.Dir(importPath); dir != "." && isMajorVersion(name) {
		name = path.Base(dir)
	}
	return name
}

func isMajorVersion(elem string) bool {
	digits := strings.TrimPrefix(elem, "v")
	return digits != elem && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// writeAtomically has write make a file under a temporary name beside path,
// and renames it: path is either complete or as it was.
func writeAtomically(path string, write func(tmp string) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("-o %s is a directory: name a file in it", path)
	}
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return usagef("-o %s: there is no directory %s: make it first", path, dir)
	}
	work, err := os.MkdirTemp(dir, ".simgen-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	tmp := filepath.Join(work, filepath.Base(path))
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// relativeTo shortens a path to the working directory where it is below it.
func relativeTo(cwd, path string) string {
	if rel, err := filepath.Rel(cwd, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

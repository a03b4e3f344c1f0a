package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/simgen-dev/simgen/cmd/simgen/internal/scaffold"
)

var generateCommand = command{
	name:  "generate",
	args:  "[-nodes n] [-o file] [-f] [package]",
	short: "write a first simulation test for a server",
	long: `
Generate writes a simulation test for the server whose main package is named,
and beside it the program registry: the constant of type sim.Program through
which the build links the server into the test. Without -o they go into the
server's own directory, as sim_test.go and sim_programs_test.go; for a server
of a module that the present one only requires, into the working directory.

The test runs as it is and is a starting point: edit it. It carries a hash of
its text, and once that no longer fits the file is not written over, unless -f
is given. The registry is always regenerated. For go generate:

	//go:generate go tool simgen generate -nodes 3 ./cmd/server`,
	setup: func(flags *flag.FlagSet) body {
		var o generateOptions
		flags.IntVar(&o.nodes, "nodes", 3, "how many copies of the server, `n`, the test runs")
		flags.StringVar(&o.output, "o", "", "write the test to `file`, which ends in _test.go; the registry goes beside it")
		flags.BoolVar(&o.force, "f", false, "write over a test that was edited")
		flags.StringVar(&o.tags, "tags", "", tagsUsage)
		return func(ctx context.Context, args []string, std stdio) error {
			return runGenerate(ctx, args, o, std)
		}
	},
}

type generateOptions struct {
	nodes        int
	output, tags string
	force        bool
}

func runGenerate(ctx context.Context, args []string, o generateOptions, std stdio) error {
	switch {
	case len(args) > 1:
		return usagef("one package at a time: got %s", strings.Join(args, " "))
	case o.nodes < 1 || o.nodes > 250:
		return usagef("-nodes %d: give a number of copies from 1 to 250", o.nodes)
	case o.output != "" && !strings.HasSuffix(o.output, "_test.go"):
		return usagef("-o %s: the file is a test, so its name must end in _test.go", o.output)
	}
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	server, foreign, err := loadServer(ctx, groups[0], o.tags)
	if err != nil {
		return err
	}
	output := o.output
	switch {
	case output != "":
	case foreign:
		output = filepath.Join(cwd, "sim_test.go")
	default:
		output = filepath.Join(server.Dir, "sim_test.go")
	}
	return writeScaffold(server, output, o, stdioIn(cwd, std))
}

// loadServer finds the main package and reads what its source tells. foreign says that it is not ours to write to: it is
// in the module cache, or vendored.
func loadServer(ctx context.Context, where target, tags string) (server *scaffold.Server, foreign bool, err error) {
	found, err := packages.Load(&packages.Config{
		Context:    ctx,
		Dir:        where.dir,
		Mode:       packages.NeedName | packages.NeedFiles | packages.NeedModule,
		BuildFlags: tagFlags(tags),
	}, where.patterns...)
	if err != nil {
		return nil, false, err
	}
	if len(found) != 1 {
		return nil, false, usagef("%s is not one package: name the main package of one server", strings.Join(where.patterns, " "))
	}
	p := found[0]
	if len(p.Errors) > 0 {
		return nil, false, p.Errors[0]
	}
	if p.Name != "main" {
		return nil, false, usagef("%s is package %s: name the main package of a server, for example ./cmd/server", p.PkgPath, p.Name)
	}
	if m := p.Module; m != nil && !m.Main {
		foreign = m.Replace == nil || m.Replace.Version != ""
	}
	server, err = scaffold.ReadServer(p.PkgPath, filepath.Dir(p.GoFiles[0]), p.GoFiles)
	return server, foreign, err
}

// A reporter tells about files by the names a person would use for them.
type reporter struct {
	stdio
	cwd string
}

func stdioIn(cwd string, std stdio) reporter { return reporter{std, cwd} }

// writeScaffold writes the test, unless that would lose edits, and the
// registry. Both are ready before either is written.
func writeScaffold(server *scaffold.Server, output string, o generateOptions, r reporter) error {
	output, err := filepath.Abs(output)
	if err != nil {
		return err
	}
	pkg, err := scaffold.PackageFor(filepath.Dir(output))
	if err != nil {
		return err
	}
	test, err := scaffold.Test(pkg, server, o.nodes)
	if err != nil {
		return err
	}
	registry, err := scaffold.Registry(pkg, server)
	if err != nil {
		return err
	}
	if !o.force {
		if err := refuseEdited(output, relativeTo(r.cwd, output)); err != nil {
			return err
		}
	}
	beside := strings.TrimSuffix(output, "_test.go") + "_programs_test.go"
	for _, f := range []struct {
		path string
		data []byte
	}{{output, test}, {beside, registry}} {
		if err := r.update(f.path, f.data); err != nil {
			return err
		}
	}
	if len(server.Listens) == 0 {
		fmt.Fprintf(r.err, "note: found no address that %s listens on; set ports and Args in %s\n",
			server.ImportPath, relativeTo(r.cwd, output))
	}
	return nil
}

// refuseEdited protects a test that is not exactly what was generated.
func refuseEdited(path, shown string) error {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	switch untouched, ours := scaffold.Untouched(old); {
	case !ours:
		return usagef("%s exists and was not written by simgen generate: choose another name with -o, or write over it with -f", shown)
	case !untouched:
		return usagef("%s was edited since it was generated: keep it, or write over it with -f", shown)
	}
	return nil
}

// update writes a file unless it is already so, which keeps the build cache
// warm.
func (r reporter) update(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	err := writeAtomically(path, func(tmp string) error { return os.WriteFile(tmp, data, 0o666) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.out, "wrote %s\n", relativeTo(r.cwd, path))
	return err
}

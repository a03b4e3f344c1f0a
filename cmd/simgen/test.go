package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/build"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

var testCommand = command{
	name:  "test",
	args:  "[-seeds list] [-run regexp] [-workers n] [-json] [-v] [-verify] [-race] [-timeout d] [-tags list] [-ldflags flags] [packages]",
	short: "run simulation tests over seeds",
	long: `
Test instruments and builds the packages that have simulation tests, and runs
those tests over seeds in parallel worker processes. Without packages it tests
the one in the current directory.

A failure shows the seed, what went wrong, what happened before, and the command
that runs the same seed again. At the end there is a table per test.

The exit code is 0 when all seeds passed, 1 when one failed, and 2 when nothing
could be run.`,
	setup: func(flags *flag.FlagSet) body {
		var o testOptions
		o.register(flags, "")
		return func(ctx context.Context, args []string, std stdio) error {
			return runTest(ctx, args, o, std)
		}
	},
}

type testOptions struct {
	runner.Flags
	tags, ldflags string
	race          bool

	match *regexp.Regexp // of top-level test names; known after check
}

// register defines the flags that say how seeds are run, whatever is run.
func (o *testOptions) register(flags *flag.FlagSet, seeds string) {
	o.Flags.Register(flags, seeds)
	o.RegisterRun(flags)
	flags.BoolVar(&o.race, "race", false, "build with Go's race detector: a seed with a data race fails")
	flags.StringVar(&o.tags, "tags", "", tagsUsage)
	flags.StringVar(&o.ldflags, "ldflags", "", ldflagsUsage)
}

// Usage of the flags that are the go command's own.
const (
	tagsUsage    = "comma-separated `list` of build tags"
	ldflagsUsage = "`flags` of the linker, as for go build: '-X example.com/m/version.Version=v1.2.3'"
)

// check reads what the flags say and refuses what makes no sense, before any
// work is done.
func (o *testOptions) check() error {
	if err := o.Check(); err != nil {
		return usagef("%v", err)
	}
	top, _, _ := strings.Cut(o.Run, "/")
	var err error
	if o.match, err = regexp.Compile(top); err != nil {
		return usagef("-run %s: %v: give a regular expression of test names, for example ^TestKV$", runner.Quote(o.Run), err)
	}
	return nil
}

func runTest(ctx context.Context, args []string, o testOptions, std stdio) error {
	if err := o.check(); err != nil {
		return err
	}
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	var chosen []testBinary
	var without []string
	for _, where := range groups {
		binaries, rest, err := buildTests(ctx, where, o, std)
		if err != nil {
			return err
		}
		for _, b := range binaries {
			chosen = append(chosen, testBinary{b, replayTarget(cwd, b.Dir)})
		}
		without = append(without, rest...)
	}
	if !o.JSON {
		for _, path := range without {
			fmt.Fprintf(std.out, "?  \t%s\t[no simulation tests]\n", path)
		}
	}
	if chosen, err = matching(chosen, o); err != nil {
		return err
	}
	return runBinaries(ctx, chosen, o, std)
}

// A testBinary is a built package and the words that name it in a replay
// command.
type testBinary struct {
	build.TestBinary
	target string
}

// buildTests builds the packages of a target that have simulation tests and
// names those that have none.
func buildTests(ctx context.Context, where target, o testOptions, std stdio) (binaries []build.TestBinary, without []string, err error) {
	// Named while the build is loading: the go command answers in a moment.
	type listing struct {
		paths []string
		err   error
	}
	listed := make(chan listing, 1)
	go func() {
		paths, err := importPaths(ctx, where, o.tags)
		listed <- listing{paths, err}
	}()
	progress := newBuildProgress(std)
	binaries, err = build.Tests(ctx, build.Config{Dir: where.dir, Tags: o.tags, LDFlags: o.ldflags, Race: o.race, Progress: progress.step}, where.patterns)
	progress.done()
	all := <-listed
	if err != nil {
		return nil, nil, err
	}
	if all.err != nil {
		return nil, nil, all.err
	}
	for _, path := range all.paths {
		if !slices.ContainsFunc(binaries, func(b build.TestBinary) bool { return b.ImportPath == path }) {
			without = append(without, path)
		}
	}
	return binaries, without, nil
}

// matching leaves out the packages of which -run chooses no test. When that
// leaves none, the expression is a mistake.
func matching(binaries []testBinary, o testOptions) ([]testBinary, error) {
	if o.Run == "" {
		return binaries, nil
	}
	var kept []testBinary
	var names []string
	for _, b := range binaries {
		if slices.ContainsFunc(b.Tests, o.match.MatchString) {
			kept = append(kept, b)
		}
		names = append(names, b.Tests...)
	}
	if len(kept) == 0 && len(names) > 0 {
		return nil, usagef("-run %s matches no simulation test: there are %s", runner.Quote(o.Run), strings.Join(names, ", "))
	}
	return kept, nil
}

// runBinaries runs the packages one after the other, each with all workers.
func runBinaries(ctx context.Context, binaries []testBinary, o testOptions, std stdio) error {
	var reports []*report.Report
	for _, b := range binaries {
		observer := newSeedProgress(std, o)
		options := o.Options()
		options.Binary, options.Dir, options.Package, options.Tests = b.Path, b.Dir, b.ImportPath, b.Tests
		options.Race, options.Observer = o.race, observer
		options.Replay = func(test string, seed uint64) string { return o.replay("test", b.target, test, seed) }
		r, err := runner.Run(ctx, options)
		observer.done()
		if err != nil {
			return err
		}
		reports = append(reports, r)
		if !o.JSON {
			observer.console.Report(r)
			fmt.Fprintln(std.out)
		}
		if r.Interrupted {
			break
		}
	}
	all := report.Merge(reports...)
	if o.JSON {
		(&report.Console{Out: std.out, JSON: true}).Report(all)
	} else if len(all.Tests) > 1 {
		fmt.Fprintln(std.out, summary(all))
	}
	return verdict(all)
}

// summary is one line over all tests.
func summary(r *report.Report) string {
	seeds, passed, failed := r.Totals()
	word := "ok"
	if !r.OK() {
		word = "FAIL"
	}
	return fmt.Sprintf("%s  %s, %s: %d passed, %d failed", word, count(len(r.Tests), "test"), count(seeds, "seed"), passed, failed)
}

// verdict is the error that a report amounts to. What went wrong outside of
// any seed, when no seed failed, means that the tests could not be run.
func verdict(r *report.Report) error {
	_, _, failed := r.Totals()
	switch {
	case r.OK():
		return nil
	case failed == 0 && len(r.Errors) > 0:
		return fmt.Errorf("the tests could not be run: %s", gist(r.Errors[0]))
	}
	return errFailed
}

// gist is the beginning of an error of a worker, which may go on with all that it
// wrote: what happened, and the first words of the worker.
func gist(text string) string {
	lines := strings.SplitN(text, "\n", 3)
	return strings.TrimSuffix(strings.Join(lines[:min(len(lines), 2)], ": "), ": ")
}

// replayTarget names a package in a command typed in cwd.
func replayTarget(cwd, dir string) string {
	rel := relativeTo(cwd, dir)
	switch {
	case rel == dir || rel == ".":
		return rel
	}
	return "./" + rel
}

// replay is the command that runs one seed of a test again, as it was run this
// time; more are the command's own flags.
func (o testOptions) replay(command, target, test string, seed uint64, more ...string) string {
	words := append([]string{command, "-seeds", fmt.Sprint(seed), "-run", runner.Pattern(test)}, more...)
	words = append(words, o.Words()...)
	if o.race {
		words = append(words, "-race")
	}
	if o.tags != "" {
		words = append(words, "-tags", o.tags)
	}
	if o.ldflags != "" {
		words = append(words, "-ldflags", o.ldflags)
	}
	if target != "." {
		words = append(words, target)
	}
	return selfCommand() + " " + runner.QuoteAll(words)
}

package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/build"
	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

var stressCommand = command{
	name:  "stress",
	args:  "[-seeds list] [-run regexp] [-scheduler name] [-leaks on|off] [-leaks-ignore function] [-workers n] [-json] [-v] [-verify] [-race] [-timeout d] [-tags list] [-ldflags flags] [packages]",
	short: "run ordinary tests under many schedules",
	long: `
Stress runs the ordinary tests, fuzz targets and examples of packages, each as a
simulated program of its own, once per seed: with the test binary's own main
function, virtual time, a simulated network and disk, and a schedule drawn from
the seed. It finds what go test -count=1000 finds by luck, and each find comes
back by its seed. Any package will do, of any module, the standard library
included: simgen stress context.

A test may read its module's directory and GOROOT, of which it gets a copy.
Simulation tests (those that call sim.Test) are left to simgen test.

A seed fails with one of these kinds: fail (the test says so), panic, fatal,
exit, deadlock (every goroutine is blocked for ever), leak (goroutines outlive
the test by two and a half simulated minutes), livelock (no end in sight),
timeout (10 simulated minutes, or -timeout by the clock on the wall), race (a
data race, with -race).

The exit code is 0 when all seeds passed, 1 when one failed, and 2 when nothing
could be run.`,
	setup: func(flags *flag.FlagSet) body {
		var o testOptions
		leaks := onOff(true)
		flags.Var(&leaks, "leaks", "fail a seed of which goroutines outlive the test: `on|off`")
		var lasting []string
		flags.Func("leaks-ignore", "let goroutines outlive the test that this `function` has started or that are in it, as a stack\ncalls it: example.com/pkg.(*T).method; can be repeated", func(v string) error {
			lasting = append(lasting, v)
			return nil
		})
		scheduler := flags.String("scheduler", "mix", "choose who runs next by `name`: random, weighted, pct:d, rr, or mix, which draws one from the seed")
		o.register(flags, "1-100")
		return func(ctx context.Context, args []string, std stdio) error {
			return runStress(ctx, args, stressOptions{o, bool(leaks), lasting, *scheduler}, std)
		}
	},
}

// stressOptions are those of simgen test and what stress adds.
type stressOptions struct {
	testOptions
	leaks     bool
	lasting   []string // functions whose goroutines are no leaks
	scheduler string
}

// onOff is a flag with the values on and off.
type onOff bool

func (v onOff) String() string {
	if v {
		return "on"
	}
	return "off"
}

func (v *onOff) Set(s string) error {
	switch s {
	case "on", "off":
		*v = s == "on"
		return nil
	}
	return fmt.Errorf("want on or off")
}

func runStress(ctx context.Context, args []string, o stressOptions, std stdio) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.Seeds.IsZero() {
		return usagef("-seeds is empty: write a number, a range or a list: 7, 1-100, 1,5,9-12")
	}
	if _, err := rt.ParseScheduler(o.scheduler); err != nil {
		return usagef("-scheduler %v", err)
	}
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	var reports []*report.Report
packages:
	for _, where := range groups {
		progress := newBuildProgress(std)
		binaries, without, err := build.OrdinaryTests(ctx, build.Config{Dir: where.dir, Tags: o.tags, LDFlags: o.ldflags, Race: o.race, Progress: progress.step}, where.patterns)
		progress.done()
		if err != nil {
			return err
		}
		for _, path := range without {
			if !o.JSON {
				fmt.Fprintf(std.out, "?  \t%s\t[no test files]\n", path)
			}
		}
		for _, b := range binaries {
			r, err := stressPackage(ctx, b, stressTarget(cwd, where, b), o, std)
			if err != nil {
				return err
			}
			reports = append(reports, r)
			if r.Interrupted {
				break packages
			}
		}
	}
	all := report.Merge(reports...)
	if o.JSON {
		(&report.Console{Out: std.out, JSON: true}).Report(all)
	}
	if o.Run != "" && len(reports) > 0 && len(all.Tests) == 0 && len(all.Errors) == 0 {
		return usagef("-run %s matches no ordinary test", runner.Quote(o.Run))
	}
	return verdict(all)
}

// stressTarget names a package in a command typed in cwd: by its directory
// where that is in the module it was read from, else by its import path.
func stressTarget(cwd string, where target, b build.OrdinaryTestBinary) string {
	if root := moduleRoot(b.Dir); root != "" && root == moduleRoot(where.dir) {
		return replayTarget(cwd, b.Dir)
	}
	return b.ImportPath
}

// stressPackage runs the tests of one package over the seeds.
func stressPackage(ctx context.Context, b build.OrdinaryTestBinary, target string, o stressOptions, std stdio) (*report.Report, error) {
	observer := newSeedProgress(std, o.testOptions)
	seeds := &firstFailures{seedProgress: observer, all: o.JSON || o.Verbose, shown: map[string]bool{}}
	w := runner.Stress{
		Run: o.Run, Except: b.Except, Dir: b.Dir, Dirs: b.Dirs, Leaks: o.leaks, Lasting: o.lasting, Scheduler: o.scheduler, Env: []string{"GOROOT=" + b.GOROOT},
	}
	options := o.Options()
	options.Binary, options.Args, options.Dir, options.Package = b.Path, []string{}, b.Dir, b.ImportPath
	options.MayBeEmpty, options.Race, options.Env, options.Observer = true, o.race, w.Environ(), seeds
	options.Replay = func(test string, seed uint64) string { return o.replay(target, test, seed) }
	r, err := runner.Run(ctx, options)
	observer.done()
	if err != nil {
		return nil, err
	}
	if !o.JSON {
		writeStressed(std, b.ImportPath, r)
	}
	return r, nil
}

// firstFailures shows of each test the first failing seed in full; the table at
// the end has the others.
type firstFailures struct {
	*seedProgress
	all   bool
	shown map[string]bool
}

// Seed implements runner.Observer.
func (f *firstFailures) Seed(s report.SeedResult) {
	if s.Failure != nil && !f.all {
		key := s.Test + " " + s.Failure.Kind
		if f.shown[key] {
			f.failed++
			return
		}
		f.shown[key] = true
	}
	f.seedProgress.Seed(s)
}

// writeStressed is the end of a package: one line, and one for each test that
// failed.
func writeStressed(std stdio, path string, r *report.Report) {
	for _, e := range r.Errors {
		fmt.Fprintln(std.out, e)
	}
	seeds, _, failed := r.Totals()
	if r.Interrupted {
		fmt.Fprintf(std.out, "interrupted, %d of %s\n", seeds, count(r.Planned, "seed"))
	}
	for _, t := range r.Tests {
		if t.Failed > 0 {
			fmt.Fprintf(std.out, "--- FAIL: %s: %d of %s: %s\n", t.Name, t.Failed, count(t.Seeds(), "seed"), kinds(t))
		}
		for _, s := range t.Spins {
			fmt.Fprintf(std.out, "    %s: %s\n", t.Name, s)
		}
	}
	switch {
	case len(r.Tests) == 0 && len(r.Errors) == 0:
		fmt.Fprintf(std.out, "?  \t%s\t[no ordinary tests to run]\n", path)
		return
	case r.OK():
		fmt.Fprintf(std.out, "ok  \t%s\t%s, %s\t%.3fs\n", path, count(len(r.Tests), "test"), count(seeds, "seed"), r.Wall.Seconds())
	default:
		fmt.Fprintf(std.out, "FAIL\t%s\t%s, %s, %d failed\t%.3fs\n", path, count(len(r.Tests), "test"), count(seeds, "seed"), failed, r.Wall.Seconds())
	}
}

// maxSeeds is how many failing seeds are listed for each kind of failure.
const maxSeeds = 10

// kinds lists the kinds of a test's failures with their seeds.
func kinds(t *report.Test) string {
	seeds := map[string][]string{}
	var order []string
	for _, f := range t.Failures {
		k := f.Failure.Kind
		if seeds[k] == nil {
			order = append(order, k)
		}
		seeds[k] = append(seeds[k], fmt.Sprint(f.Seed))
	}
	slices.Sort(order)
	var parts []string
	for _, k := range order {
		list := seeds[k]
		if n := len(list); n > maxSeeds {
			list = append(list[:maxSeeds:maxSeeds], fmt.Sprintf("and %d more", n-maxSeeds))
		}
		parts = append(parts, k+" (seeds "+strings.Join(list, ", ")+")")
	}
	return strings.Join(parts, ", ")
}

// replay is the command that runs one seed of a test again.
func (o stressOptions) replay(target, test string, seed uint64) string {
	var own []string
	if o.scheduler != "mix" {
		own = append(own, "-scheduler", o.scheduler)
	}
	if !o.leaks {
		own = append(own, "-leaks", "off")
	}
	for _, f := range o.lasting {
		own = append(own, "-leaks-ignore", f)
	}
	return o.testOptions.replay("stress", target, test, seed, own...)
}

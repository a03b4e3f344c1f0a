package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/simgen-dev/simgen/build"
	"github.com/simgen-dev/simgen/sim/runner"
)

var versionCommand = command{
	name:  "version",
	args:  "[-v]",
	short: "show the version of simgen and the Go releases it supports",
	long: `
Version shows the version of simgen, the Go release it was built with, and the
Go releases whose programs it can simulate.`,
	setup: func(flags *flag.FlagSet) body {
		verbose := flags.Bool("v", false, "say where the cache is, and how large")
		return func(_ context.Context, args []string, std stdio) error { return runVersion(args, *verbose, std) }
	},
}

func runVersion(args []string, verbose bool, std stdio) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q: version takes none", args[0])
	}
	fmt.Fprintf(std.out, "simgen %s %s %s/%s\n", moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(std.out, "simulates programs of %s on linux/amd64 and linux/arm64\n",
		supportedGo())
	if !verbose {
		return nil
	}
	info, err := build.Cache()
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "cache %s: %v in %d parts; at most %v, of the last %.0f days\n",
		info.Dir, runner.Bytes(info.Size), info.Units, runner.Bytes(info.MaxSize), info.MaxAge.Hours()/24)
	return nil
}

// supportedGo lists the releases, oldest first, as in "Go 1.24, 1.25 and 1.26".
func supportedGo() string {
	var b strings.Builder
	b.WriteString("Go")
	for i, release := range build.Supported {
		switch {
		case i > 0 && i == len(build.Supported)-1:
			b.WriteString(" and")
		case i > 0:
			b.WriteString(",")
		}
		fmt.Fprintf(&b, " 1.%d", release)
	}
	return b.String()
}

// moduleVersion is the version of the simgen module this command was built
// from, with the commit when it was built from a checkout.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown version)"
	}
	mod := info.Main
	for _, d := range info.Deps {
		// As a tool of another module, simgen is a dependency.
		if d.Path == modulePath {
			mod = *d
		}
	}
	if mod.Version == "" || mod.Version == "(devel)" {
		return "(devel)" + revision(info)
	}
	return mod.Version
}

func revision(info *debug.BuildInfo) string {
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " " + s.Value[:12]
		}
	}
	return ""
}

package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/simgen-dev/simgen/build"
)

var checkCommand = command{
	name:  "check",
	args:  "[-tags list] [packages]",
	short: "list what in a program cannot be simulated",
	long: `
Check looks at the packages and everything they depend on and lists what cannot
be simulated, one finding per line: where it is, what it is, and in parentheses
what to do about it.

A warning is about what can be simulated, but perhaps not as meant: a system call
or an option that a package outside of the standard library names and that the
simulated machine does not have, or an instruction that reads the host's clock.

As with go vet, the exit code is 0 when there is nothing to report but warnings,
1 when there is something, and 2 when the packages could not be checked.`,
	setup: func(flags *flag.FlagSet) body {
		tags := flags.String("tags", "", tagsUsage)
		return func(ctx context.Context, args []string, std stdio) error {
			return runCheck(ctx, args, *tags, std)
		}
	},
}

func runCheck(ctx context.Context, args []string, tags string, std stdio) error {
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	found := 0
	for _, where := range groups {
		config := build.Config{Dir: where.dir, Tags: tags}
		diagnostics, err := build.Check(ctx, config, where.patterns)
		if err != nil {
			return err
		}
		for _, d := range diagnostics {
			pos := d.Pos
			pos.Filename = relativeTo(cwd, pos.Filename)
			line := fmt.Sprintf("%s: %s", pos, d.Message)
			if d.Warning {
				line = fmt.Sprintf("%s: warning: %s", pos, d.Message)
			} else {
				found++
			}
			if d.Advice != "" {
				line += " (" + d.Advice + ")"
			}
			fmt.Fprintln(std.out, line)
		}
	}
	if found > 0 {
		return errFound
	}
	return nil
}

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

As with go vet, the exit code is 0 when there is nothing to report, 1 when there
is something, and 2 when the packages could not be checked.`,
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
			if d.Advice != "" {
				line += " (" + d.Advice + ")"
			}
			fmt.Fprintln(std.out, line)
			found++
		}
	}
	if found > 0 {
		return errFound
	}
	return nil
}

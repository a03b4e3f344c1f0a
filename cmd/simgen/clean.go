package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/simgen-dev/simgen/build"
	"github.com/simgen-dev/simgen/sim/runner"
)

var cleanCommand = command{
	name:  "clean",
	short: "empty the cache",
	long: `
Clean removes everything from simgen's cache: rewritten packages and executables.
The next build makes them again. What is not used for 30 days, and what makes the
cache larger than 8 GiB, goes by itself; $SIMGEN_CACHE_AGE and
$SIMGEN_CACHE_SIZE set other limits. simgen version -v says where the cache is
and how large.`,
	setup: func(*flag.FlagSet) body {
		return func(_ context.Context, args []string, std stdio) error {
			if len(args) > 0 {
				return usagef("unexpected argument %q: clean takes none", args[0])
			}
			info, err := build.CleanCache()
			if err != nil {
				return err
			}
			fmt.Fprintf(std.out, "removed %v from %s\n", runner.Bytes(info.Size), info.Dir)
			return nil
		}
	},
}

package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

func helpCommand() command {
	return command{
		name:  "help",
		args:  "[command]",
		short: "show what a command does and its flags",
		long:  "Help shows the commands, or one command with its flags.",
		setup: func(*flag.FlagSet) body { return runHelp },
	}
}

func runHelp(_ context.Context, args []string, std stdio) error {
	switch len(args) {
	case 0:
		printOverview(std.out)
		return nil
	case 1:
		c, ok := lookup(args[0])
		if !ok {
			return usagef("unknown command %q: the commands are %s", args[0], commandNames())
		}
		printHelp(std.out, c)
		return nil
	}
	return usagef("one command at a time, for example simgen help %s", args[0])
}

// printOverview writes what simgen is, its commands and its exit codes.
func printOverview(w io.Writer) {
	fmt.Fprint(w, `Simgen runs unmodified Go servers in a deterministic simulation: one seed drives
the scheduler, the clock, the network, the disk and the randomness of every
copy, and the same seed gives the same run anywhere.

Usage:

	simgen <command> [flags] [arguments]

The commands are:

`)
	for _, c := range commands() {
		fmt.Fprintf(w, "\t%-9s %s\n", c.name, c.short)
	}
	fmt.Fprint(w, `
Exit codes:

	0  everything was done, and every seed passed
	1  a seed failed, or check found something that cannot be simulated
	2  wrong usage, or the program could not be built

Run simgen help <command> for its flags. Packages are named as for the go
command: ./..., ./cmd/server, example.com/kv. A directory of another module may
be named too.
`)
}

// printHelp writes one command's usage, text and flags.
func printHelp(w io.Writer, c command) {
	fmt.Fprintf(w, "Usage: simgen %s %s\n\n%s\n", c.name, c.args, strings.TrimSpace(c.long))
	flags, _ := c.flagSet()
	first := true
	flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprint(w, "\nFlags:\n\n")
			first = false
		}
		printFlag(w, f)
	})
}

// printFlag writes one flag: its name, the value it takes, its default if that
// says something, and its text.
func printFlag(w io.Writer, f *flag.Flag) {
	value, text := flag.UnquoteUsage(f)
	head := "-" + f.Name
	if value != "" {
		head += " " + value
	}
	switch f.DefValue {
	case "", "0", "false", "0s":
	default:
		text += " (default " + f.DefValue + ")"
	}
	fmt.Fprintf(w, "\t%s\n\t\t%s\n", head, strings.ReplaceAll(text, "\n", "\n\t\t"))
}

func commandNames() string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

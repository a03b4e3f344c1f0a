package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A command is one subcommand: how it is called, what it does, and the
// function that defines its flags and returns the body to run once they are
// parsed.
type command struct {
	name  string
	args  string // the usage line after the name
	short string // one line of the overview
	long  string // the text of simgen help <name>, above the flags
	setup func(flags *flag.FlagSet) body
}

// A body does a subcommand's work with the arguments that follow its flags.
type body func(ctx context.Context, args []string, std stdio) error

// commands is every subcommand in the order in which help lists them. It is a
// function because help itself, which is one of them, needs the table.
func commands() []command {
	return []command{
		testCommand,
		stressCommand,
		buildCommand,
		generateCommand,
		rewriteCommand,
		checkCommand,
		cleanCommand,
		versionCommand,
		helpCommand(),
	}
}

func lookup(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// errFailed and errFound end a command with exit code 1 after it has already
// printed what went wrong.
var (
	errFailed = errors.New("a seed failed")
	errFound  = errors.New("something cannot be simulated")
)

// A usageError is a command line that makes no sense. Its text ends with what
// to write instead.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return usageError{fmt.Sprintf(format, args...)}
}

// dispatch finds the subcommand, parses its flags and runs it.
func dispatch(ctx context.Context, args []string, std stdio) error {
	if len(args) == 0 {
		printOverview(std.err)
		return usagef("simgen: no command given: run one of those above, for example simgen test")
	}
	switch args[0] {
	case "-h", "-help", "--help":
		printOverview(std.out)
		return nil
	case "-version", "--version":
		args = []string{"version"}
	}
	c, ok := lookup(args[0])
	if !ok {
		return usagef("simgen: unknown command %q: the commands are %s", args[0], commandNames())
	}
	flags, work := c.flagSet()
	err := flags.Parse(args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(std.out, c)
		return nil
	case err != nil:
		return inCommand(c.name, usagef("%v (run simgen help %s)", err, c.name))
	}
	rest := flags.Args()
	if i := misplacedFlag(flags, rest); i >= 0 {
		return inCommand(c.name, usagef("flag %s comes after %s: flags go before the packages", rest[i], rest[0]))
	}
	return inCommand(c.name, work(ctx, rest, std))
}

// flagSet returns the subcommand's flags and its body. The flag package's own
// printing is off: the command reports a bad flag in one line like everything
// else.
func (c command) flagSet() (*flag.FlagSet, body) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	return flags, c.setup(flags)
}

// misplacedFlag finds an argument after the packages that is a flag of this
// subcommand: it would silently be taken for a package. What follows a bare
// "--" is none.
func misplacedFlag(flags *flag.FlagSet, rest []string) int {
	for i, arg := range rest {
		if i == 0 || !strings.HasPrefix(arg, "-") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if flags.Lookup(name) != nil {
			return i
		}
	}
	return -1
}

// inCommand puts the command's name before an error's text. Errors of commands
// that have already printed what they found stay as they are.
func inCommand(name string, err error) error {
	if err == nil || errors.Is(err, errFailed) || errors.Is(err, errFound) {
		return err
	}
	return fmt.Errorf("simgen %s: %w", name, err)
}

// outcome turns what a command returned into its exit code and the line to
// print, if any is left to print.
func outcome(err error) (code int, text string) {
	switch {
	case err == nil:
		return exitOK, ""
	case errors.Is(err, errFailed), errors.Is(err, errFound):
		return exitFailed, ""
	default:
		return exitUsage, advised(oneSentence(err.Error()))
	}
}

// packagesWrapping is what go/packages puts before the go command's own words.
var packagesWrapping = regexp.MustCompile(`err: exit status \d+: stderr: (go: )?|err: go command required, not found: |: stderr:$`)

// position begins a line of a compiler's output.
var position = regexp.MustCompile(`^\S+\.\w+:\d+(:\d+)?: `)

// oneSentence is an error's text as one line. Of a compiler's list of errors
// the first is kept, and the others are counted.
func oneSentence(text string) string {
	var parts []string
	positions := 0
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if position.MatchString(line) {
			positions++
		}
		if positions <= 1 && !strings.HasPrefix(line, "# ") {
			parts = append(parts, strings.Fields(line)...)
		}
	}
	if positions > 1 {
		parts = append(parts, fmt.Sprintf("(and %d more)", positions-1))
	}
	return packagesWrapping.ReplaceAllString(strings.Join(parts, " "), "")
}

package build

import (
	"fmt"
	"io"
)

// Config says where and how to build.
type Config struct {
	Dir      string       // directory in which patterns are resolved; "" is the current one
	Tags     string       // comma-separated build tags; without any, those of $GOFLAGS
	LDFlags  string       // as for go build; without any, those of $GOFLAGS
	Race     bool         // with Go's race detector
	Env      []string     // added to the environment of the go command
	Stderr   io.Writer    // output of the go command when a build succeeds; nil discards it
	Progress func(string) // called with a short phrase as the build moves on; may be nil

	cgo       bool // the go command runs with cgo
	underTest bool // tests are what is simulated: a main package keeps its path
}

func (c Config) progress(format string, args ...any) {
	if c.Progress != nil {
		c.Progress(fmt.Sprintf(format, args...))
	}
}

// loadTags are the build tags that packages are loaded with.
func (c Config) loadTags() string {
	switch {
	case !c.Race:
		return c.Tags
	case c.Tags == "":
		return raceTag
	}
	return c.Tags + "," + raceTag
}

// tags are the build tags of an instrumented build. Loading does without the
// one that only makes sense for packages that are spliced.
func (c Config) tags() string {
	if tags := c.loadTags(); tags != "" {
		return tags + "," + splicedTag
	}
	return splicedTag
}

// An Error is a mistake in what was asked for or in the program that was
// given, told in the words of the person who asked. Everything else is a
// failure of simgen or of the machine.
type Error struct{ Text string }

func (e *Error) Error() string { return e.Text }

func errorf(format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...)}
}

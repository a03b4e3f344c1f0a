package main

import (
	"regexp"
	"strings"
)

// advices are the ways out of what the go command and the system say in words
// of their own.
var advices = []struct {
	what *regexp.Regexp
	way  string
}{
	{regexp.MustCompile(`go\.mod file not found`), "run go mod init there first, or simgen in a module's directory"},
	{regexp.MustCompile(`requires go >= `), "simgen simulates " + supportedGo() + ": install the release that is asked for, or set GOTOOLCHAIN=auto"},
	{regexp.MustCompile(`download go1\.\S+: `), "install that release, or set GOTOOLCHAIN=local for the one that is there"},
	{regexp.MustCompile(`"go": executable file not found`), "install Go, or put it on PATH"},
	{regexp.MustCompile(`exec format error`), "it was built for another kind of machine: unset GOARCH, or take what simgen build makes there"},
	{regexp.MustCompile(`matches no packages|matched no packages`), "name a package directory, an import path, or ./..."},
}

// advised adds the way out to the text of an error that does not name one.
func advised(text string) string {
	for _, a := range advices {
		if a.what.MatchString(text) {
			text, _, _ = strings.Cut(text, "; see 'go help modules'")
			return strings.TrimSuffix(text, ".") + ": " + a.way
		}
	}
	return text
}

package runner

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern is the argument of -run that selects one test, which may be a subtest.
func Pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// ReplayCommand is the command that runs one seed of a test again. The package may be a
// directory; empty means the current one.
func ReplayCommand(pkg, test string, seed uint64) string {
	if pkg == "" {
		pkg = "."
	}
	return fmt.Sprintf("simgen test -seeds %d -run '%s' %s", seed, Pattern(test), pkg)
}

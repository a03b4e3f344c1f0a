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
	return QuoteAll([]string{"simgen", "test", "-seeds", fmt.Sprint(seed), "-run", Pattern(test), pkg})
}

// Quote writes an argument so that a shell reads it back as one word.
func Quote(arg string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if arg != "" && strings.IndexFunc(arg, func(r rune) bool { return !plain(r) }) < 0 {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

// QuoteAll is a command line that a shell reads back as these words.
func QuoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Quote(w)
	}
	return strings.Join(quoted, " ")
}

package build

import (
	"fmt"
	"strings"
)

// refusedFlags are flags of the go command that make no sense in $GOFLAGS when an
// instrumented program is built, with the reason and the way out.
var refusedFlags = map[string]string{
	"race":      "simgen has to know of the race detector: take it out, and run simgen with -race",
	"msan":      "the memory sanitizer is for C code, which cannot be simulated: take it out",
	"asan":      "the address sanitizer is for C code, which cannot be simulated: take it out",
	"cover":     "there is no coverage of a simulation: take it out",
	"covermode": "there is no coverage of a simulation: take it out",
	"coverpkg":  "there is no coverage of a simulation: take it out",
	"overlay":   "an instrumented program is built by an overlay of its own: take it out",
	"json":      "the go command would speak JSON to simgen: take it out",
	"n":         "the go command would build nothing: take it out",
}

// withGoFlags is the configuration with what $GOFLAGS says: what the command
// line says itself comes first, as for the go command.
func (c Config) withGoFlags(env *goEnv) (Config, error) {
	words, err := splitQuoted(env.GOFLAGS)
	if err != nil {
		return c, errorf("GOFLAGS=%s: %v", env.GOFLAGS, err)
	}
	tags, ldflags := "", ""
	for _, w := range words {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(w, "-"), "-"), "=")
		switch name {
		case "tags":
			tags = value
		case "ldflags":
			ldflags = value
		}
		if why := refusedFlags[name]; why != "" && value != "false" {
			return c, errorf("$GOFLAGS has -%s, and %s", name, why)
		}
	}
	if c.Tags == "" {
		c.Tags = tags
	}
	if c.LDFlags == "" {
		c.LDFlags = ldflags
	}
	return c, nil
}

// splitQuoted splits flags at spaces as the go command does: within quotes of
// either kind a space is one of a word, and nothing is escaped.
func splitQuoted(s string) ([]string, error) {
	var words []string
	for s = strings.TrimLeft(s, " \t\r\n"); s != ""; s = strings.TrimLeft(s, " \t\r\n") {
		if s[0] == '\'' || s[0] == '"' {
			end := strings.IndexByte(s[1:], s[0])
			if end < 0 {
				return nil, fmt.Errorf("a quote has no end: %s", s)
			}
			words, s = append(words, s[1:1+end]), s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		words, s = append(words, s[:end]), s[end:]
	}
	return words, nil
}

package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// A count is how many tests there are.
type count struct {
	native  int // pass natively
	outside int // of these, need what the simulated machine cannot have
	counted int // pass on every seed, too
}

func (c *count) add(o count) {
	c.native += o.native
	c.outside += o.outside
	c.counted += o.counted
}

// of is what a share is a share of.
func (c count) of(s suite) int {
	if s.outside {
		return c.native - c.outside
	}
	return c.native
}

func (c count) percent(s suite) float64 {
	if c.of(s) == 0 {
		return 0
	}
	return 100 * float64(c.counted) / float64(c.of(s))
}

// page is docs/conformance.md and what is wrong with it.
type page struct {
	all      results
	reasons  reasons
	text     strings.Builder
	problems []string
}

func (p *page) problem(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.text, format, args...) }

const opening = `# Conformance

Made by ` + "`go run ./internal/conformance`" + `; do not edit.

How much of other people's Go runs in the simulation as it does outside: their own test suites, unmodified, each top-level test, fuzz
target (with its seed corpus) and example as a simulated program of its own (` + "`simgen stress -leaks off`" + `). A test **counts** when it
passes with ` + "`go test`" + ` on the same machine, and in the simulation on every seed. Every test that passes natively and does
not count is listed below with its reason. Where a suite is about tests that need neither another executable nor the outside
world, those that do are left out of the share.

`

// write makes the page.
func (p *page) write() {
	p.printf("%s| suite | pass natively | count | share | at least |\n|---|---|---|---|---|\n", opening)
	counts := map[string]count{} // by package
	for _, s := range suites {
		var sum count
		for _, path := range s.packages {
			counts[path] = p.count(path)
			sum.add(counts[path])
		}
		p.printf("| %s | %d | %d | %.1f %% | %.0f %% |\n", s.title, sum.of(s), sum.counted, sum.percent(s), s.least)
		if sum.percent(s) < s.least {
			p.problem("%s: %.2f %% is below %.0f %%", s.title, sum.percent(s), s.least)
		}
	}
	for _, s := range suites {
		p.suite(s, counts)
	}
	for key, r := range p.reasons {
		if !r.used {
			p.problem("%s:%d: %s %s counts, or there is no such test", reasonsFile, r.line, key[0], key[1])
		}
	}
	sort.Strings(p.problems)
}

// count is about one package; its tests without a reason are a problem.
func (p *page) count(path string) (c count) {
	r := p.all[path]
	if r == nil {
		p.problem("%s has not been run", path)
		return c
	}
	for test, native := range r.Native {
		if native != "pass" {
			continue
		}
		c.native++
		if r.counts(test) {
			c.counted++
			continue
		}
		why := p.reasons[[2]string{path, test}]
		switch {
		case why == nil:
			p.problem("%s %s has no reason: %s", path, test, r.failure(test))
		case why.outside():
			c.outside++
		}
		if why != nil {
			why.used = true
		}
	}
	return c
}

func (r *result) counts(test string) bool {
	_, failed := r.Failed[test]
	return !failed && slices.Contains(r.Ran, test)
}

func (r *result) failure(test string) string {
	if f, ok := r.Failed[test]; ok {
		return fmt.Sprintf("seed %d, %s: %s", f.Seed, f.Kind, f.Message)
	}
	return "was not run in the simulation"
}

// suite writes the table of one suite and its tests that do not count.
func (p *page) suite(s suite, counts map[string]count) {
	p.printf("\n## %s\n\n| package | pass natively | count | seeds | Go |\n|---|---|---|---|---|\n", s.title)
	var left []string
	for _, path := range s.packages {
		r := p.all[path]
		if r == nil {
			continue
		}
		c := counts[path]
		p.printf("| `%s` | %d | %d | %s | %s |\n", path, c.native, c.counted, r.Seeds, strings.TrimPrefix(r.Go, "go"))
		for test, native := range r.Native {
			if native != "pass" || r.counts(test) {
				continue
			}
			why := r.failure(test)
			if known := p.reasons[[2]string{path, test}]; known != nil {
				why = known.text
			}
			left = append(left, fmt.Sprintf("| `%s` | `%s` | %s |\n", path, test, strings.ReplaceAll(why, "|", "\\|")))
		}
	}
	if len(left) == 0 {
		return
	}
	sort.Strings(left)
	p.printf("\n| package | does not count | because |\n|---|---|---|\n%s", strings.Join(left, ""))
}

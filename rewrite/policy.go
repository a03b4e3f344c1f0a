package rewrite

import "strings"

// A Policy decides where the analysis cannot: packages whose variables are
// shared although they could change, and packages where a pass must not run.
type Policy struct {
	Rules []Rule
}

// A Rule is one row of the table.
type Rule struct {
	Package string   // import path; path/... is the path and everything below it
	Shared  []string // variables that stay shared, "*" for all
	Skip    []string // passes that are not applied
	Reason  string
}

// DefaultPolicy is about the standard library and its extensions.
var DefaultPolicy = &Policy{Rules: []Rule{
	{Package: "unicode", Shared: []string{"*"},
		Reason: "exported tables that nobody assigns, large"},
	{Package: "unique", Shared: []string{"*"},
		Reason: "canonical values: equal ones must have one address in the whole program"},
	{Package: "weak", Shared: []string{"*"}, Reason: "as unique"},
	{Package: "net/netip", Shared: []string{"*"},
		Reason: "address families are told apart by unique values made at start"},
	{Package: "time", Shared: []string{"UTC", "utcLoc"},
		Reason: "the identity of the location is part of a time's value; it never changes"},
	{Package: "sync", Shared: []string{"*"}, Skip: []string{"atomics"},
		Reason: "the floor makes the switch points of its types and resets its pools"},
	{Package: "internal/sync", Shared: []string{"*"}, Skip: []string{"atomics"}, Reason: "as sync"},
	{Package: "sync/atomic", Skip: []string{"atomics"}, Reason: "where the wrappers are"},
	{Package: "golang.org/x/sys/cpu", Shared: []string{"*"}, Reason: "facts about the hardware"},
}}

func (r *Rule) matches(path string) bool {
	path = strings.TrimPrefix(path, "vendor/")
	if prefix, ok := strings.CutSuffix(r.Package, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return path == r.Package
}

// shared returns the reason why a variable stays shared, "" if no rule says so.
func (p *Policy) shared(path, name string) string {
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.matches(path) {
			continue
		}
		for _, v := range r.Shared {
			if v == "*" || v == name {
				return r.Reason
			}
		}
	}
	return ""
}

func (p *Policy) exempt(path, pass string) bool {
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.matches(path) {
			continue
		}
		for _, s := range r.Skip {
			if s == pass {
				return true
			}
		}
	}
	return false
}

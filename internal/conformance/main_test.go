package main

import (
	"os"
	"strings"
	"testing"
)

// docs/conformance.md is what the results say, and they are as they should be.
func TestPage(t *testing.T) {
	t.Chdir("../..")
	all, err := loadResults()
	if err != nil {
		t.Fatal(err)
	}
	why, err := loadReasons()
	if err != nil {
		t.Fatal(err)
	}
	p := &page{all: all, reasons: why}
	p.write()
	for _, text := range p.problems {
		t.Error(text)
	}
	written, err := os.ReadFile("docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != p.text.String() {
		t.Error("docs/conformance.md is not what the results say: run go run ./internal/conformance -run '^$'")
	}
}

func TestProblems(t *testing.T) {
	saved := suites
	defer func() { suites = saved }()
	suites = []suite{{title: "S", least: 90, packages: []string{"p", "q"}, outside: true}}
	p := &page{
		all: results{"p": {
			Native: map[string]string{"TestA": "pass", "TestB": "pass", "TestC": "skip", "TestD": "pass", "TestE": "pass"},
			Ran:    []string{"TestA", "TestB", "TestC", "TestE"},
			Failed: map[string]failure{"TestB": {3, "fail", "no"}, "TestE": {1, "fail", "no exec"}},
		}},
		reasons: reasons{
			{"p", "TestE"}: {line: 1, text: "exec: starts itself"},
			{"p", "TestA"}: {line: 2, text: "wrong"},
		},
	}
	p.write()
	want := `S: 33.33 % is below 90 %
p TestB has no reason: seed 3, fail: no
p TestD has no reason: was not run in the simulation
q has not been run
testdata/conformance/reasons.txt:2: p TestA counts, or there is no such test`
	if got := strings.Join(p.problems, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(p.text.String(), "| `p` | `TestE` | exec: starts itself |") {
		t.Errorf("got %s", p.text.String())
	}
}

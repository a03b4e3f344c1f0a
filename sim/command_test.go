package sim

import (
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/sim/report"
)

func TestRelay(t *testing.T) {
	failed := report.SeedResult{Package: "p", Test: "TestA", Seed: 2, Result: report.Fail,
		Failure: &report.Failure{Kind: "check", Message: "wrong", Replay: "simgen test -seeds 2", Stacks: "goroutine 7"}, Log: []string{"crash kv-0"}}
	short := report.SeedResult{Package: "p", Test: "TestA", Seed: 3, Result: report.Fail, Failure: &report.Failure{Kind: "exit", Message: "short"}}
	rep := new(report.Report)
	rep.Add(failed)
	rep.Add(short)
	lines := []string{
		"go: downloading something",
		`{"event":"build","package":"p"}`,
		string(report.SeedResult{Test: "TestA", Seed: 1, Result: report.Pass}.JSON()),
		string(failed.JSON()), string(failed.StoryJSON()), string(short.JSON()),
		string(rep.JSON()), "",
	}
	var texts []string
	total := relay(strings.NewReader(strings.Join(lines, "\n")), func(text string) { texts = append(texts, text) })
	if len(texts) != 2 {
		t.Fatalf("got %d failures: %q", len(texts), texts)
	}
	for _, want := range []string{"seed 2 failed", "check: wrong", "crash kv-0", "goroutine 7", "run it again: simgen test -seeds 2"} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("no %q in\n%s", want, texts[0])
		}
	}
	if total == nil || total.OK() || !strings.Contains(total.String(), "failing seeds  2, 3") {
		t.Errorf("totals: %v", total)
	}
	if relay(strings.NewReader("error\n"), nil) != nil {
		t.Error("totals out of nothing")
	}
}

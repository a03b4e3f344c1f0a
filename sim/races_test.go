package sim

import (
	"os"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/sim/report"
)

const twoRaces = `==================
WARNING: DATA RACE
Read at 0x00c00001974c by goroutine 17:
  runtime.mapaccess1()
      /usr/local/go/src/runtime/map.go:29 +0x0
  simgen.RangeMap[go.shape.map[int]int]()
      /usr/local/go/src/simgen/maprange.go:29 +0x112
  example.com/kv.(*store).get()
      /src/kv/store.go:29 +0x2c

Previous write at 0x00c00001974c by goroutine 19:
  example.com/kv.(*store).put()
      /src/kv/store.go:41 +0x44

Goroutine 17 (running) created at:
  example.com/kv.serve()
      /src/kv/main.go:12 +0x44

Goroutine 19 (finished) created at:
  example.com/kv.serve()
      /src/kv/main.go:12 +0x44
==================
==================
WARNING: DATA RACE
Write at 0x00c000019750 by goroutine 17:
  main.f()
      /src/f.go:1 +0x0

Previous atomic write at 0x00c000019750 by goroutine 20:
  main.g()
      /src/g.go:2 +0x0
==================
`

func TestAddRaces(t *testing.T) {
	text := func(log string) string {
		file := t.TempDir() + "/race"
		raceLog.read = int64(len("of an earlier seed\n"))
		if err := os.WriteFile(file, []byte("of an earlier seed\n"+log), 0o600); err != nil {
			t.Fatal(err)
		}
		return newRacesIn(file)
	}
	got := tidyRaces(text(twoRaces))
	if want := strings.Count(got, "\n"); strings.Contains(got, "0x") || strings.Contains(got, "simgen") || want == 0 {
		t.Errorf("tidied:\n%s", got)
	}
	if !strings.Contains(got, "Read at by goroutine 1:") || !strings.Contains(got, "atomic write at by goroutine 3:") || !strings.Contains(got, "Goroutine 2 (finished)") {
		t.Errorf("goroutines are not numbered in order:\n%s", got)
	}
	const message = "data race: read in example.com/kv.(*store).get (store.go:29), previous write in example.com/kv.(*store).put (store.go:41) (and 1 more)"
	if m := raceMessage(got, 2); m != message {
		t.Errorf("message is\n%s\nnot\n%s", m, message)
	}

	passed := report.SeedResult{Result: report.Pass}
	addRaces(&passed, 0)
	if passed.Failure != nil || passed.Result != report.Pass {
		t.Error("no race has failed a seed:", passed.Failure)
	}
	failed := report.SeedResult{Result: report.Fail, Failure: &report.Failure{Kind: "check", Message: "lost"}}
	addRaces(&failed, 1)
	if f := failed.Failure; f.Kind != "race" || !strings.Contains(f.Message, "check: lost") {
		t.Error("a race and another failure are", f)
	}
}

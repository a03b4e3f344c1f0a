package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a run of two tests with all that a report can show.
func sample() []SeedResult {
	return []SeedResult{
		{Package: "example.com/kv", Test: "TestKV", Seed: 3, Result: Pass, Hash: 0xabc, Steps: 120, SimSeconds: 40,
			Assertions: []Assertion{{Kind: Always, Message: "reads return what was written", Passed: 200}, {Kind: Sometimes, Message: "a client had to retry", Passed: 3, Failed: 4}}},
		{Package: "example.com/kv", Test: "TestKV", Seed: 17, Result: Fail, Hash: 0xdef, Steps: 80, SimSeconds: 12.345678,
			Failure: &Failure{Kind: "check", Message: "Check of workload kv-client: key a is \"1\",\nwant \"2\"", Replay: "simgen test -seeds 17 -run '^TestKV$' ."},
			Log:     []string{"    1.000000  sim           crash kv-0", "    2.000000  kv-0          listening"},
			Assertions: []Assertion{
				{Kind: Always, Message: "reads return what was written", Passed: 20, Failed: 1, Details: "key=a", At: 3.5},
				{Kind: Unreachable, Message: "no such state"},
			}},
		{Package: "example.com/kv", Test: "TestKV", Seed: 5, Result: Fail, Failure: &Failure{Kind: "deadlock", Message: "all goroutines are blocked", Stacks: "goroutine 1\n\tmain.go:3\n", Goroutines: "goroutine 1\n\tmain.go:3\n\ngoroutine 2\n\tmain.go:5\n"}},
		{Package: "example.com/kv", Test: "TestA", Seed: 1, Result: Pass, SimSeconds: 1,
			Unmodelled: []Unmodelled{{"io_uring_setup", "example.com/uring.New", 2}}},
	}
}

func sampleReport(order []int) *Report {
	r := new(Report)
	r.Test("example.com/kv", "TestKV").Declare([]Assertion{
		{Kind: Reachable, Message: "the log was compacted", Where: []string{"kv/log.go:20"}},
		{Kind: Always, Message: "reads return what was written", Where: []string{"kv/workload.go:31"}},
		{Kind: Always, Message: "reads return what was written", Where: []string{"kv/workload.go:12"}},
		{Kind: Always, Message: "reads return what was written", Where: []string{"kv/model.go:7"}},
		{Kind: Sometimes, Message: "(its message is no constant)", Unknown: true, Where: []string{"kv/helper.go:5"}},
	})
	results := sample()
	for _, i := range order {
		r.Add(results[i])
	}
	r.Wall = 2 * time.Second
	return r
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update rewrites it)\n got:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestText(t *testing.T) {
	golden(t, "report.txt", []byte(sampleReport([]int{0, 1, 2, 3}).String()))
}

func TestFailureText(t *testing.T) {
	var b strings.Builder
	for _, s := range sample() {
		if s.Result != Pass {
			b.WriteString(s.Text(true) + "\n")
		}
	}
	golden(t, "failures.txt", []byte(b.String()))
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	c := &Console{Out: &b, JSON: true}
	for _, s := range sample() {
		c.Seed(s)
	}
	c.Report(sampleReport([]int{0, 1, 2, 3}))
	golden(t, "report.json", b.Bytes())
}

// A server that does not start fails every seed: the first few are enough in full.
func TestManyFailures(t *testing.T) {
	var b strings.Builder
	c := &Console{Out: &b}
	for seed := range uint64(5) {
		s := sample()[1]
		s.Seed = seed + 1
		c.Seed(s)
	}
	c.Seed(sample()[2]) // another kind
	golden(t, "many.txt", []byte(b.String()))
}

// The order in which workers finish must not show.
func TestOrder(t *testing.T) {
	want := sampleReport([]int{0, 1, 2, 3}).String()
	for _, order := range [][]int{{3, 2, 1, 0}, {1, 3, 0, 2}} {
		if got := sampleReport(order).String(); got != want {
			t.Errorf("order %v:\n got:\n%s\nwant:\n%s", order, got, want)
		}
	}
}

func TestParseLine(t *testing.T) {
	r := sampleReport([]int{0, 1, 2, 3})
	line, err := ParseLine(r.JSON())
	if err != nil || line.Total == nil {
		t.Fatalf("total: %v, %v", line, err)
	}
	if got, want := line.Total.String(), r.String(); got != want {
		t.Errorf("totals read back differ\n got:\n%s\nwant:\n%s", got, want)
	}
	s := sample()[1]
	line, err = ParseLine(s.JSON())
	if err != nil || line.Seed == nil {
		t.Fatalf("seed: %v, %v", line, err)
	}
	line.Seed.Log, line.Seed.Assertions = s.Log, s.Assertions
	if !reflect.DeepEqual(*line.Seed, s) {
		t.Errorf("got %+v\nwant %+v", *line.Seed, s)
	}
	line, err = ParseLine(s.StoryJSON())
	if err != nil || line.Story == nil || !reflect.DeepEqual(line.Story.Log, s.Log) {
		t.Errorf("story: %+v, %v", line.Story, err)
	}
	if line, err := ParseLine([]byte(`{"event":"build"}`)); err != nil || line != (Line{}) {
		t.Errorf("other event: %v, %v", line, err)
	}
}

func TestStrict(t *testing.T) {
	r := new(Report)
	r.Test("p", "TestA").Declare([]Assertion{{Kind: Reachable, Message: "m"}})
	if !r.OK() {
		t.Error("a miss fails a test that is not strict")
	}
	r.Test("p", "TestA").Strict = true
	if r.OK() {
		t.Error("a miss does not fail a strict test")
	}
}

func TestMerge(t *testing.T) {
	a, b := new(Report), new(Report)
	a.Add(SeedResult{Package: "z", Test: "T", Result: Pass})
	b.Add(SeedResult{Package: "a", Test: "T", Result: Fail, Failure: &Failure{}})
	m := Merge(a, nil, b)
	if len(m.Tests) != 2 || m.Tests[0].Package != "a" || m.OK() {
		t.Errorf("got %+v", m)
	}
}

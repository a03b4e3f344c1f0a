package report

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// seedLine is the JSON form of a seed's result, one line on the command's standard output.
type seedLine struct {
	Event       string       `json:"event"`
	Package     string       `json:"package"`
	Test        string       `json:"test"`
	Seed        uint64       `json:"seed"`
	Result      Result       `json:"result"`
	Skipped     bool         `json:"skipped,omitempty"`
	Hash        string       `json:"hash"`
	Steps       uint64       `json:"steps"`
	SimSeconds  float64      `json:"sim_seconds"`
	WallSeconds float64      `json:"wall_seconds"`
	Spin        *Spin        `json:"spin,omitempty"`
	Failure     *failureLine `json:"failure,omitempty"`
}

type failureLine struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Replay  string `json:"replay"`
}

// storyLine follows the line of a seed that failed, and of every seed when all is to be shown.
type storyLine struct {
	Event   string   `json:"event"`
	Package string   `json:"package"`
	Test    string   `json:"test"`
	Seed    uint64   `json:"seed"`
	Log     []string `json:"log,omitempty"`
	Output  *Output  `json:"output,omitempty"`
	Stacks  string   `json:"stacks,omitempty"`
	// Goroutines are those of all processes.
	Goroutines string `json:"goroutines,omitempty"`
}

// totalLine is the last line.
type totalLine struct {
	Event       string     `json:"event"`
	Result      Result     `json:"result"`
	Seeds       int        `json:"seeds"`
	Passed      int        `json:"passed"`
	Failed      int        `json:"failed"`
	SimSeconds  float64    `json:"sim_seconds"`
	WallSeconds float64    `json:"wall_seconds"`
	Tests       []testLine `json:"tests"`
	Errors      []string   `json:"errors,omitempty"`
	Interrupted bool       `json:"interrupted,omitempty"`
	Planned     int        `json:"planned,omitempty"` // seeds, if interrupted
}

type testLine struct {
	Package    string       `json:"package"`
	Test       string       `json:"test"`
	Strict     bool         `json:"strict,omitempty"`
	Passed     int          `json:"passed"`
	Failed     int          `json:"failed"`
	Failing    []uint64     `json:"failing_seeds"`
	SimSeconds float64      `json:"sim_seconds"`
	Assertions []Assertion  `json:"assertions"`
	Unmodelled []Unmodelled `json:"unmodelled,omitempty"`
	Spins      []Spins      `json:"spins,omitempty"`
}

// JSON is the result as one line, without its newline.
func (s SeedResult) JSON() []byte {
	l := seedLine{
		Event: "seed", Package: s.Package, Test: s.Test, Seed: s.Seed, Result: s.Result, Skipped: s.Skipped, Hash: HashString(s.Hash),
		Steps: s.Steps, SimSeconds: s.SimSeconds, WallSeconds: s.WallSeconds, Spin: s.Spin,
	}
	if f := s.Failure; f != nil {
		l.Failure = &failureLine{f.Kind, f.Message, f.Replay}
	}
	return mustJSON(l)
}

// StoryJSON is the timeline and the stacks as one line of JSON; nil when there are none.
func (s SeedResult) StoryJSON() []byte {
	l := storyLine{Event: "story", Package: s.Package, Test: s.Test, Seed: s.Seed, Log: s.Log, Output: s.Output}
	if s.Failure != nil {
		l.Stacks, l.Goroutines = s.Failure.Stacks, s.Failure.Goroutines
	}
	if l.Log == nil && l.Stacks == "" && l.Goroutines == "" {
		return nil
	}
	return mustJSON(l)
}

// JSON is the totals as one line, without its newline.
func (r *Report) JSON() []byte {
	l := totalLine{Event: "total", Result: Pass, WallSeconds: r.Wall.Seconds(), Errors: r.Errors, Tests: []testLine{}}
	if !r.OK() {
		l.Result = Fail
	}
	l.Seeds, l.Passed, l.Failed = r.Totals()
	if r.Interrupted {
		l.Interrupted, l.Planned = true, r.Planned
	}
	for _, t := range r.Tests {
		l.SimSeconds += t.SimSeconds
		l.Tests = append(l.Tests, testLine{
			Package: t.Package, Test: t.Name, Strict: t.Strict, Passed: t.Passed, Failed: t.Failed, Failing: t.FailingSeeds(),
			SimSeconds: t.SimSeconds, Assertions: append([]Assertion{}, t.Assertions...), Unmodelled: t.Unmodelled, Spins: t.Spins,
		})
	}
	return mustJSON(l)
}

// HashString is a hash as people see it: 16 hexadecimal digits.
func HashString(h uint64) string { return fmt.Sprintf("%016x", h) }

// mustJSON cannot fail: the line types hold strings, numbers and slices of them, and no
// simulated time or count is infinite.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Line is one line of JSON read back: a seed's result, the story that belongs to the result before it, or the totals.
// Exactly one field is set; none for events of other kinds.
type Line struct {
	Seed  *SeedResult
	Story *SeedResult // Package, Test, Seed, Log and Failure.Stacks only
	Total *Report     // without the single failures
}

// ParseLine reads back what JSON and StoryJSON wrote.
func ParseLine(b []byte) (Line, error) {
	var kind struct{ Event string }
	if err := json.Unmarshal(b, &kind); err != nil {
		return Line{}, err
	}
	switch kind.Event {
	case "seed":
		return parseSeed(b)
	case "story":
		var l storyLine
		if err := json.Unmarshal(b, &l); err != nil {
			return Line{}, err
		}
		return Line{Story: &SeedResult{Package: l.Package, Test: l.Test, Seed: l.Seed, Log: l.Log, Output: l.Output, Failure: &Failure{Stacks: l.Stacks, Goroutines: l.Goroutines}}}, nil
	case "total":
		return parseTotal(b)
	}
	return Line{}, nil
}

func parseSeed(b []byte) (Line, error) {
	var l seedLine
	if err := json.Unmarshal(b, &l); err != nil {
		return Line{}, err
	}
	hash, err := strconv.ParseUint(l.Hash, 16, 64)
	if err != nil {
		return Line{}, err
	}
	s := &SeedResult{
		Package: l.Package, Test: l.Test, Seed: l.Seed, Result: l.Result, Skipped: l.Skipped, Hash: hash,
		Steps: l.Steps, SimSeconds: l.SimSeconds, WallSeconds: l.WallSeconds, Spin: l.Spin,
	}
	if f := l.Failure; f != nil {
		s.Failure = &Failure{Kind: f.Kind, Message: f.Message, Replay: f.Replay}
	}
	return Line{Seed: s}, nil
}

func parseTotal(b []byte) (Line, error) {
	var l totalLine
	if err := json.Unmarshal(b, &l); err != nil {
		return Line{}, err
	}
	r := &Report{Errors: l.Errors, Wall: seconds(l.WallSeconds), Interrupted: l.Interrupted, Planned: l.Planned}
	for _, tl := range l.Tests {
		t := r.Test(tl.Package, tl.Test)
		t.Strict, t.Passed, t.Failed, t.SimSeconds = tl.Strict, tl.Passed, tl.Failed, tl.SimSeconds
		t.Assertions, t.Unmodelled, t.Spins = tl.Assertions, tl.Unmodelled, tl.Spins
		for _, seed := range tl.Failing {
			t.Failures = append(t.Failures, SeedResult{Package: tl.Package, Test: tl.Test, Seed: seed, Result: Fail})
		}
	}
	return Line{Total: r}, nil
}

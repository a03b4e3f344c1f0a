package report

import "fmt"

// SeedResult is what came out of one seed of one test.
type SeedResult struct {
	Package     string
	Test        string
	Seed        uint64
	Result      Result
	Skipped     bool   // it passed because the test skipped itself
	Hash        uint64 // of all events of the simulation
	Steps       uint64
	SimSeconds  float64
	WallSeconds float64
	Failure     *Failure     // nil when passed
	Assertions  []Assertion  // those that were reached, in order of first use
	Unmodelled  []Unmodelled // system calls the simulated machine does not have
	Spin        *Spin        // the longest wait that went round and round; nil: none did for long
	Output      *Output      // of processes, if it was too much to be told
	Log         []string     // the timeline; complete when asked for, otherwise its end when the seed failed
}

// Result says how a seed ended.
type Result string

const (
	Pass  Result = "pass"
	Fail  Result = "fail"  // the simulated program or the test is wrong
	Error Result = "error" // the seed could not be run
)

// Failure says why a seed failed.
type Failure struct {
	// Kind is one of panic, exit, deadlock, livelock, fatal, assert, check, invariant, leak, hang, fail,
	// error, timeout, memory, race, nondeterminism.
	Kind string
	// Message is one line or a few.
	Message string
	// Replay is the command that runs this seed again.
	Replay string
	// Stacks are those of the goroutines that explain the failure.
	Stacks string
	// CutOff says that the seed was ended by the limits on what it may use: where it was by then is different each time.
	CutOff bool
	// Goroutines are the stacks of all goroutines of all processes when it failed, those that are alike once, for the full form.
	Goroutines string
}

// Output is what the processes of a seed that failed have written, when that is too much for a report.
type Output struct {
	Bytes uint64 `json:"bytes"`
	File  string `json:"file,omitempty"` // on the host, with all of it
	Lost  string `json:"lost,omitempty"` // why not all of it is there
}

// String is the sentence about it.
func (o Output) String() string {
	text := fmt.Sprintf("%.1f MiB of output, of which the end is above", float64(o.Bytes)/(1<<20))
	if o.File != "" {
		text += "; all of it is in " + o.File
	}
	if o.Lost != "" {
		text += " (" + o.Lost + ")"
	}
	return text
}

// Spin is a wait that went round and round, looking at the clock or polling, for so long that the clock was made to go on faster.
type Spin struct {
	Actor   string  `json:"actor"`   // the goroutine
	Where   string  `json:"where"`   // the function and its place
	Seconds float64 `json:"seconds"` // simulated
}

// Unmodelled is a system call, an option or a file that was refused because the simulated machine
// does not have it.
type Unmodelled struct {
	Syscall string `json:"syscall"`
	Caller  string `json:"caller"`
	Count   int    `json:"count"`
}

// Kind is what an assertion demands.
type Kind string

const (
	Always              Kind = "always"
	AlwaysOrUnreachable Kind = "always-or-unreachable"
	Sometimes           Kind = "sometimes"
	Reachable           Kind = "reachable"
	Unreachable         Kind = "unreachable"
)

// FailsSeed says whether a violation fails the seed, as opposed to a miss over all seeds.
func (k Kind) FailsSeed() bool {
	return k == Always || k == AlwaysOrUnreachable || k == Unreachable
}

// Assertion counts how often an assertion held and did not.
type Assertion struct {
	Kind    Kind   `json:"kind"`
	Message string `json:"message"`
	Passed  uint64 `json:"passed"`
	Failed  uint64 `json:"failed"`
	// Where are its places in the source, such as "kv/workload.go:12", sorted. None is known of a message that was composed at run time.
	Where []string `json:"where,omitempty"`
	// Unknown marks the row of a place whose message is not a constant: what it came to stands in other rows.
	Unknown bool `json:"unknown,omitempty"`
	// Details and At (simulated seconds) are those of the first violation.
	Details string  `json:"details,omitempty"`
	At      float64 `json:"at,omitempty"`
}

// Status is what an assertion came to over all seeds.
type Status string

const (
	Held   Status = "ok"
	Failed Status = "FAIL"
	Missed Status = "miss" // demanded at least once, and never seen
	NoRow  Status = "-"    // counted in other rows
)

// Status judges the counts.
func (a Assertion) Status() Status {
	if a.Unknown {
		return NoRow
	}
	switch a.Kind {
	case Always:
		if a.Failed == 0 && a.Passed == 0 {
			return Missed
		}
	case Sometimes, Reachable:
		if a.Passed == 0 {
			return Missed
		}
		return Held
	}
	if a.Failed > 0 {
		return Failed
	}
	return Held
}

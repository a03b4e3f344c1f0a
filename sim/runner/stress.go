package runner

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// StressEnv holds a [Stress] as JSON, in the environment of workers that run ordinary tests.
const StressEnv = "SIMGEN_STRESS"

// Stress is what a worker that runs ordinary tests is told on top of the protocol.
type Stress struct {
	// Run is a regular expression of names as for go test -run, of which the part before the first slash
	// counts; "" means all.
	Run string `json:"run,omitempty"`
	// Except are tests that are not run.
	Except []string `json:"except,omitempty"`
	// Dir is where a test runs; it is below one of Dirs.
	Dir string `json:"dir"`
	// Dirs are directories of the host of which every simulated machine has a copy.
	Dirs []string `json:"dirs"`
	// Env is added to the environment of the simulated process.
	Env []string `json:"env,omitempty"`
	// Leaks fails a seed of which goroutines outlive the test.
	Leaks bool `json:"leaks,omitempty"`
	// Lasting are functions whose goroutines may: "example.com/pkg.function", "example.com/pkg.(*T).method".
	Lasting []string `json:"lasting,omitempty"`
	// Scheduler is one of those that package runtime knows; "" is the default mix.
	Scheduler string `json:"scheduler,omitempty"`
}

// Matcher returns the function that chooses tests.
func (s Stress) Matcher() (func(name string) bool, error) {
	top, _, _ := strings.Cut(s.Run, "/")
	match, err := regexp.Compile(top)
	if err != nil {
		return nil, err
	}
	return func(name string) bool { return match.MatchString(name) && !slices.Contains(s.Except, name) }, nil
}

// Environ is the environment that tells a worker.
func (s Stress) Environ() []string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // it holds strings and nothing else
	}
	return []string{StressEnv + "=" + string(text)}
}

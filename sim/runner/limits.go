package runner

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Limits are what one seed may use. The worker itself looks after them: it knows when a seed begins, and can end it with
// the stacks of its goroutines. What is counted belongs to the seed alone, whatever else the machine does.
type Limits struct {
	Processor time.Duration `json:"processor"`
	Memory    Bytes         `json:"memory"`
}

// limitsEnv holds a worker's Limits as JSON.
const limitsEnv = "SIMGEN_LIMITS"

func (l Limits) environ() string {
	text, err := json.Marshal(l)
	if err != nil {
		panic(err) // two numbers
	}
	return limitsEnv + "=" + string(text)
}

// LimitsFromEnv are those this worker was started with.
func LimitsFromEnv() (l Limits, err error) {
	text := os.Getenv(limitsEnv)
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return l, fmt.Errorf("%s=%s: %w", limitsEnv, text, err)
	}
	return l.withDefaults(), nil
}

func (l Limits) withDefaults() Limits {
	if l.Processor <= 0 {
		l.Processor = DefaultTimeout
	}
	if l.Memory == 0 {
		l.Memory = DefaultMemory
	}
	return l
}

// patience is how long the parent waits for a seed by the clock on the wall: so long that even a machine with a great
// load gives the worker its processor time. It is there for a worker that does nothing at all.
func (l Limits) patience() time.Duration { return max(20*l.Processor, minPatience) }

const minPatience = 5 * time.Minute

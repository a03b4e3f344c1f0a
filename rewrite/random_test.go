package rewrite_test

import (
	"flag"
	"fmt"
	"testing"
)

var (
	randomSeeds = flag.Int("random", 10, "how many random programs TestRandom runs")
	randomFirst = flag.Uint64("randomfirst", 1, "the seed of the first of them")
)

// TestRandom runs random programs as TestExecuted runs those that somebody
// wrote. The name of a failing one is its seed:
//
//	go test ./rewrite -run TestRandom -random 1 -randomfirst 17
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	var programs []program
	for seed := *randomFirst; seed < *randomFirst+uint64(*randomSeeds); seed++ {
		src := []source{{"program.go", randomProgram(seed)}}
		programs = append(programs, program{fmt.Sprint("seed", seed), []programPackage{{".", src}}})
	}
	runPrograms(t, programs)
}

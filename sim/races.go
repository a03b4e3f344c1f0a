package sim

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// raceLog says how much of what the race detector has written belongs to seeds that are over. It is used natively
// only.
var raceLog struct{ read int64 }

// addRaces fails a seed in which n data races were reported. A race explains what else went wrong better than the
// other way round.
func addRaces(out *report.SeedResult, n int) {
	if n == 0 {
		return
	}
	text := tidyRaces(newRacesIn(runner.RaceLog()))
	f := &report.Failure{Kind: "race", Message: raceMessage(text, n), Stacks: beginning(text)}
	if out.Failure != nil {
		f.Message += fmt.Sprintf("\nthe seed also failed: %s: %s", out.Failure.Kind, out.Failure.Message)
	}
	out.Result, out.Failure = report.Fail, f
}

// newRacesIn is what the race detector has written to a file since the last call.
func newRacesIn(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return "" // it writes to standard error
	}
	defer f.Close()
	if _, err := f.Seek(raceLog.read, io.SeekStart); err != nil {
		return ""
	}
	text, _ := io.ReadAll(f)
	raceLog.read += int64(len(text))
	return string(text)
}

var (
	raceAddress = regexp.MustCompile(` 0x[0-9a-f]+ by `)
	raceOffset  = regexp.MustCompile(`(?m) \+0x[0-9a-f]+$`)
	raceActor   = regexp.MustCompile(`(?i)goroutine \d+`)
	raceOwn     = regexp.MustCompile(`(?m)^  simgen\.\S.*\n +/.*/simgen/.*\n`)
	raceRule    = regexp.MustCompile(`(?m)^=+\n`)
	raceAccess  = regexp.MustCompile(`(?m)^((?:Previous )?(?:atomic )?(?:read|write|Read|Write|Atomic read|Atomic write)) at by .*:\n((?:  .*\n)*)`)
	raceFrame   = regexp.MustCompile(`(?m)^  (\S.*)\(\)\n +(\S+)$`)
)

// tidyRaces takes out of reports what is not the same on every run: addresses, and the numbers that the detector
// gives to goroutines.
func tidyRaces(text string) string {
	text = raceRule.ReplaceAllString(text, "")
	text = raceAddress.ReplaceAllString(text, " by ")
	text = raceOffset.ReplaceAllString(text, "")
	text = raceOwn.ReplaceAllString(text, "")
	numbers := map[string]int{}
	text = raceActor.ReplaceAllStringFunc(text, func(s string) string {
		word, number, _ := strings.Cut(s, " ")
		if numbers[number] == 0 {
			numbers[number] = len(numbers) + 1
		}
		return fmt.Sprintf("%s %d", word, numbers[number])
	})
	return strings.TrimSpace(text)
}

// raceMessage is the first of n reports in one line.
func raceMessage(text string, n int) string {
	var sides []string
	for _, m := range raceAccess.FindAllStringSubmatch(text+"\n", 2) {
		sides = append(sides, strings.ToLower(m[1])+raceSite(m[2]))
	}
	message := "data race"
	if len(sides) > 0 {
		message += ": " + strings.Join(sides, ", ")
	}
	if n > 1 {
		message += fmt.Sprintf(" (and %d more)", n-1)
	}
	return message
}

// raceSite is the first function of a stack that is the program's.
func raceSite(stack string) string {
	for _, m := range raceFrame.FindAllStringSubmatch(stack, -1) {
		if function, place := m[1], m[2]; !strings.HasPrefix(function, "runtime.") {
			return fmt.Sprintf(" in %s (%s)", function, filepath.Base(place))
		}
	}
	return ""
}

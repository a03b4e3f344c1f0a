package runner

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// raceEnv is how the race detector of a worker writes its reports: to a file in dir, and a race that it has
// reported before again, so that a seed is the same in a fresh worker and in a warm one. For the same reason it
// remembers more of each goroutine than it usually does: what it has forgotten it does not report, and what it
// forgets depends on earlier seeds. Other options are the user's.
func raceEnv(dir string) string {
	return "GORACE=" + os.Getenv("GORACE") + " history_size=200 halt_on_error=0 exitcode=0 atexit_sleep_ms=0 " +
		"suppress_equal_stacks=0 log_path=" + filepath.Join(dir, "race")
}

// RaceLog is the file to which the race detector of this worker writes; "" if it writes to standard error.
func RaceLog() string {
	log := ""
	for _, option := range strings.Fields(os.Getenv("GORACE")) {
		if path, ok := strings.CutPrefix(option, "log_path="); ok {
			log = path + "." + strconv.Itoa(os.Getpid())
		}
	}
	return log
}

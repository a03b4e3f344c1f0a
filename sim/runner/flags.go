package runner

import (
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Flags are those that say how seeds are run. The commands that run seeds and the executables of simgen build have
// them in common.
type Flags struct {
	SeedList              string
	Run                   string
	Workers               int
	JSON, Verbose, Verify bool
	Timeout               time.Duration
	Memory                Bytes

	Seeds Seeds // what SeedList says, known after Check
}

// Register defines the flags. seeds is what is run without -seeds, where that is known beforehand.
func (f *Flags) Register(fs *flag.FlagSet, seeds string) {
	usage := "run these seeds: a number, a range or a `list` such as 1-100 or 1,5,9-12"
	if seeds == "" {
		usage += "\n(default 1 to the number of iterations of each test)"
	}
	fs.StringVar(&f.SeedList, "seeds", seeds, usage)
	fs.IntVar(&f.Workers, "workers", 0, "run `n` worker processes in parallel (default one per CPU)")
	fs.BoolVar(&f.JSON, "json", false, "write one JSON object per line: each finished seed, and at last the totals")
	fs.BoolVar(&f.Verbose, "v", false, "show every seed with its timeline, and all goroutines of those that fail")
	fs.BoolVar(&f.Verify, "verify", false, "run every seed twice, in different surroundings, and compare the runs")
	fs.DurationVar(&f.Timeout, "timeout", DefaultTimeout, "fail a seed that uses more than `d` of a processor's time")
	f.Memory = DefaultMemory
	fs.Var(&f.Memory, "memory", "fail a seed that holds more than `size` of memory: 512MiB, 2GiB")
}

// RegisterRun defines -run, which only tests have.
func (f *Flags) RegisterRun(fs *flag.FlagSet) {
	fs.StringVar(&f.Run, "run", "", "run only the tests whose name matches `regexp`, as for go test")
}

// Check reads what the flags say and refuses what makes no sense.
func (f *Flags) Check() error {
	var err error
	if f.Seeds, err = ParseSeeds(f.SeedList); err != nil {
		return fmt.Errorf("-%w", err)
	}
	switch {
	case f.Workers < 0:
		return fmt.Errorf("-workers %d: give a number from 1, or none for one per CPU", f.Workers)
	case f.Timeout <= 0:
		return fmt.Errorf("-timeout %v: a seed needs some time; give a duration above zero, for example 60s", f.Timeout)
	case f.Memory < minMemory:
		return fmt.Errorf("-memory %v: a seed needs %v at least", f.Memory, minMemory)
	}
	return nil
}

// Options are those of [Options] that the flags decide.
func (f *Flags) Options() Options {
	return Options{
		Run: f.Run, Seeds: f.Seeds, Workers: f.Workers, Verify: f.Verify, Verbose: f.Verbose,
		Limits: Limits{Processor: f.Timeout, Memory: f.Memory},
	}
}

// Words are the flags that make a run of one seed what it was.
func (f *Flags) Words() (words []string) {
	if f.Verify {
		words = append(words, "-verify")
	}
	if f.Timeout != DefaultTimeout && f.Timeout != 0 {
		words = append(words, "-timeout", f.Timeout.String())
	}
	if f.Memory != DefaultMemory && f.Memory != 0 {
		words = append(words, "-memory", f.Memory.String())
	}
	return words
}

const (
	DefaultTimeout = time.Minute
	DefaultMemory  = 2 << 30
	minMemory      = Bytes(16 << 20) // less than a worker needs for itself
)

// Bytes is a size of memory as GOMEMLIMIT is written: 512MiB, 2GiB.
type Bytes uint64

var byteUnits = []struct {
	name string
	size float64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// String is the size in the largest unit of which it is a whole number, or with one decimal.
func (b Bytes) String() string {
	for _, u := range byteUnits {
		switch n := float64(b) / u.size; {
		case n >= 1 && n == math.Trunc(n):
			return strconv.FormatFloat(n, 'f', 0, 64) + u.name
		case n >= 1 && u.size >= 1<<10:
			return strconv.FormatFloat(n, 'f', 1, 64) + u.name
		}
	}
	return strconv.FormatUint(uint64(b), 10) + "B"
}

// Set implements flag.Value.
func (b *Bytes) Set(s string) error {
	for _, u := range byteUnits {
		number, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !(n >= 0 && n*u.size <= 1<<60) {
			break
		}
		*b = Bytes(n * u.size)
		return nil
	}
	return fmt.Errorf("want a size such as 512MiB or 2GiB")
}

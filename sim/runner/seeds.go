package runner

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Seeds is a list of seeds, as given on a command line. The zero value is no list.
type Seeds struct {
	spans []span
}

type span struct{ first, last uint64 }

// Range is the seeds from first to last, both included.
func Range(first, last uint64) Seeds { return Seeds{[]span{{first, last}}} }

// ParseSeeds reads a list such as "7", "1-100" or "1,5,9-12". The empty string is the zero value.
func ParseSeeds(s string) (Seeds, error) {
	if s == "" {
		return Seeds{}, nil
	}
	var out Seeds
	for _, part := range strings.Split(s, ",") {
		sp, err := parseSpan(strings.TrimSpace(part))
		if err != nil {
			return Seeds{}, fmt.Errorf("seeds %q: %w; write a number, a range or a list: 7, 1-100, 1,5,9-12", s, err)
		}
		out.spans = append(out.spans, sp)
	}
	return out, nil
}

func parseSpan(s string) (span, error) {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	a, err := parseSeed(first)
	if err != nil {
		return span{}, err
	}
	b, err := parseSeed(last)
	if err != nil {
		return span{}, err
	}
	if a > b {
		return span{}, fmt.Errorf("the range %s ends before it begins", s)
	}
	return span{a, b}, nil
}

func parseSeed(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no seed", s)
	}
	return n, nil
}

// IsZero says that there is no list, which is not the same as an empty one.
func (s Seeds) IsZero() bool { return len(s.spans) == 0 }

// Len is the number of seeds, at most what an int can hold.
func (s Seeds) Len() int {
	n := uint64(0)
	for _, sp := range s.spans {
		size := sp.last - sp.first
		if size >= math.MaxInt-n {
			return math.MaxInt
		}
		n += size + 1
	}
	return int(n)
}

// String is the list in the form [ParseSeeds] reads.
func (s Seeds) String() string {
	parts := make([]string, len(s.spans))
	for i, sp := range s.spans {
		parts[i] = strconv.FormatUint(sp.first, 10)
		if sp.last != sp.first {
			parts[i] += "-" + strconv.FormatUint(sp.last, 10)
		}
	}
	return strings.Join(parts, ",")
}

// take removes the first seed from the list.
func (s *Seeds) take() (seed uint64, ok bool) {
	if len(s.spans) == 0 {
		return 0, false
	}
	sp := s.spans[0]
	if sp.first == sp.last {
		s.spans = s.spans[1:]
	} else {
		// The spans are shared with the list this one was copied from: change a copy.
		s.spans = append([]span{{sp.first + 1, sp.last}}, s.spans[1:]...)
	}
	return sp.first, true
}

// putBack inserts seeds that were taken, at the beginning.
func (s *Seeds) putBack(seeds []uint64) {
	var spans []span
	for _, seed := range seeds {
		spans = append(spans, span{seed, seed})
	}
	s.spans = append(spans, s.spans...)
}

// All calls yield with each seed, in order, until it returns false.
func (s Seeds) All(yield func(uint64) bool) {
	for _, sp := range s.spans {
		for n := sp.first; ; n++ {
			if !yield(n) {
				return
			}
			if n == sp.last {
				break
			}
		}
	}
}

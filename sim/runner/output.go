package runner

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// tail keeps the beginning and the end of what a worker has written since it began its present seed: a Go
// program that dies says why at the beginning of its last words, and those can be long.
type tail struct {
	mu      sync.Mutex
	limit   int    // of each part
	partial []byte // what may be the beginning of a mark
	head    []byte
	last    []byte
	lost    bool
}

// seedMark is what a worker writes to its standard error before it begins a seed. Its output comes on another
// way than its answers, and not in step with them.
const seedMark = "\x00simgen seed\x00"

func newTail(limit int) *tail { return &tail{limit: limit} }

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := append(t.partial, b...)
	if i := bytes.LastIndex(text, []byte(seedMark)); i >= 0 {
		text = text[i+len(seedMark):]
		t.head, t.last, t.lost = t.head[:0], t.last[:0], false
	}
	whole := len(text) - beginningOfMark(text)
	t.keep(text[:whole])
	t.partial = slices.Clone(text[whole:])
	return len(b), nil
}

// beginningOfMark is the length of the end of text with which a mark may begin.
func beginningOfMark(text []byte) int {
	for n := min(len(text), len(seedMark)-1); n > 0; n-- {
		if bytes.HasSuffix(text, []byte(seedMark[:n])) {
			return n
		}
	}
	return 0
}

func (t *tail) keep(b []byte) {
	room := min(t.limit-len(t.head), len(b))
	t.head = append(t.head, b[:room]...)
	t.last = append(t.last, b[room:]...)
	if extra := len(t.last) - t.limit; extra > 0 {
		t.last = append(t.last[:0], t.last[extra:]...)
		t.lost = true
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost {
		return string(t.head) + "\n[...]\n" + string(t.last)
	}
	return string(t.head) + string(t.last)
}

// lastWords are the beginnings of the lines with which a Go program says why it dies.
var lastWords = []string{"fatal error: ", "panic: ", "SIGQUIT: ", "SIGSEGV: ", "SIGABRT: ", "unexpected fault address ", "runtime: "}

// split separates the output of a worker that died into the reason, a few lines, and all the
// rest, the stacks.
func split(output string) (reason, stacks string) {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for i, line := range lines {
		if !startsWithAny(line, lastWords) {
			continue
		}
		end := i + 1
		for end < len(lines) && end-i < 6 && lines[end] != "" && !strings.HasPrefix(lines[end], "goroutine ") {
			end++
		}
		return strings.Join(lines[i:end], "\n"), tidyStacks(strings.Join(lines[end:], "\n"))
	}
	if n := len(lines); n > 5 {
		lines = lines[n-5:]
	}
	return strings.Join(lines, "\n"), ""
}

// machineDetail is what Go adds to the stacks of a process that dies of a fatal error: addresses
// that say nothing about the program.
var machineDetail = regexp.MustCompile(` fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+| gp=0x[0-9a-f]+ m=\S+( mp=0x[0-9a-f]+)?`)

// tidyStacks puts the goroutines that were running first, and leaves out Go's own threads, the frames that are not the program's, and
// goroutines of which nothing is left then.
func tidyStacks(stacks string) string {
	var running, waiting []string
	for _, block := range strings.Split(machineDetail.ReplaceAllString(stacks, ""), "\n\n") {
		block = strings.Trim(block, "\n")
		header, _, _ := strings.Cut(block, "\n")
		if !strings.HasPrefix(header, "goroutine ") || strings.HasPrefix(header, "goroutine 0 ") {
			continue
		}
		tidy := strings.TrimSuffix(ProgramFrames(block), "\n")
		switch {
		case !strings.Contains(tidy, "\n"):
		case strings.Contains(header, "[running"):
			running = append(running, tidy)
		default:
			waiting = append(waiting, tidy)
		}
	}
	return strings.Join(append(running, waiting...), "\n\n")
}

// ProgramFrames is the stack of one goroutine, as Go writes it, without the frames of Go's runtime and of the simulation, and without the
// values of arguments, which say nothing to people.
func ProgramFrames(block string) string {
	header, frames, _ := strings.Cut(block, "\n")
	out := header + "\n"
	lines := strings.Split(frames, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		name := strings.TrimPrefix(lines[i], "created by ")
		if startsWithAny(name, []string{"runtime.", "simgen.", "simgen/", "panic("}) {
			continue
		}
		if open := strings.LastIndexByte(lines[i], '('); open >= 0 && !strings.HasSuffix(lines[i], "()") && strings.HasSuffix(lines[i], ")") {
			lines[i] = lines[i][:open] + "(...)"
		}
		place, _, _ := strings.Cut(lines[i+1], " +0x")
		out += lines[i] + "\n" + place + "\n"
	}
	return out
}

func startsWithAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

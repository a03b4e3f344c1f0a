package runtime

import (
	"regexp"
	"strings"
	"testing"
)

func waitForever() { Recv[int](nil) }

// A program sees its own goroutines in Go's format, and no others.
func TestStack(t *testing.T) {
	var own, all string
	var stacks int
	simulate(t, 1, func(*machine) {
		p := NewProcess("p", "")
		p.Start(func() {
			Go(waitForever)
			Sleep(1e6)
			Go(waitForever)
			buf := make([]byte, 1<<16)
			own = string(buf[:Stack(buf, false)])
			all = string(buf[:Stack(buf, true)])
			stacks = len(GoroutineStacks())
			if n := Stack(buf[:10], true); n != 10 {
				t.Errorf("%d bytes for 10", n)
			}
		})
		p.Wait()
	})
	frame := `\S+\(\.\.\.\)\n\t\S+\.go:\d+( \+0x[0-9a-f]+)?\n`
	block := `goroutine \d+ \[[^\]]+\]:\n(` + frame + `)+(created by \S+ in goroutine \d+\n\t\S+\.go:\d+( \+0x[0-9a-f]+)?\n)?`
	if !regexp.MustCompile(`^` + block + `$`).MatchString(own) {
		t.Errorf("of the caller:\n%s", own)
	}
	if !regexp.MustCompile(`^` + block + `(\n` + block + `){2}$`).MatchString(all) {
		t.Errorf("of all:\n%s", all)
	}
	if !strings.HasPrefix(all, own[:strings.Index(own, "\n")]) || strings.Count(all, ".waitForever(...)\n") != 2 ||
		!strings.Contains(all, "[chan receive (nil chan)]:\n") || !strings.Contains(all, "[runnable]:\n") {
		t.Errorf("of all:\n%s", all)
	}
	if stacks != 3 {
		t.Errorf("%d stacks", stacks)
	}
}

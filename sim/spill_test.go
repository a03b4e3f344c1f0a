package sim

import (
	"os"
	"strings"
	"testing"
)

// Much output goes to a file, which has all of it and stays if the seed fails; a little does not.
func TestSpill(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	write := func(lines int) *timeline {
		tl := newTimeline(false, "TestA/sub", 7)
		for range lines {
			tl.addOutput(0, "kv-0", strings.Repeat("x", 10_000))
		}
		return tl
	}
	if out := write(100).spill.end(true); out != nil {
		t.Errorf("a megabyte: %+v", out)
	}
	tl := write(1000)
	out := tl.spill.end(true)
	if out == nil || out.Lost != "" || !strings.Contains(out.File, "simgen-TestA-sub-seed-7-") {
		t.Fatalf("ten megabytes: %+v", out)
	}
	data, err := os.ReadFile(out.File)
	if err != nil || uint64(len(data)) != out.Bytes || strings.Count(string(data), "\n") != 1000 {
		t.Errorf("the file has %d bytes of %d, %v", len(data), out.Bytes, err)
	}
	shown := strings.Join(tl.lines(), "\n")
	if len(shown) > endOfOutput+keepOutput*100 || len(shown) < endOfOutput-longestText || !strings.Contains(shown, "[... and 8.8KiB more]") {
		t.Errorf("%d bytes are shown: ...%s", len(shown), shown[len(shown)-100:])
	}
	os.Remove(out.File)
	if out := write(1000).spill.end(false); out != nil {
		t.Errorf("of a seed that passed: %+v", out)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	t.Setenv("TMPDIR", "/nowhere")
	if out := write(1000).spill.end(true); out == nil || out.File != "" || !strings.Contains(out.Lost, "nowhere") {
		t.Errorf("without a directory: %+v", out)
	}
	full := newTimeline(true, "TestA", 1)
	for range 1000 {
		full.addOutput(0, "kv-0", strings.Repeat("x", 10_000))
	}
	defer full.spill.end(false)
	if n := len(full.lines()); n < 400 || n > 450 {
		t.Errorf("the complete timeline of ten megabytes has %d entries", n)
	}
}

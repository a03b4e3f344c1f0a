package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var hunkHeader = regexp.MustCompile(`(?m)^@@ -(\d+)\S* \+(\d+)\S* @@\n[ ]?(.*)`)

// TestUnifiedLineNumbers looks up the first line of each hunk in both texts.
func TestUnifiedLineNumbers(t *testing.T) {
	var before, after []string
	for i := range 200 {
		line := fmt.Sprintf("line %d", i)
		before = append(before, line)
		switch {
		case i%50 == 10: // two changes near each other, which become one hunk
			after = append(after, line, "added")
		case i%50 == 14:
			after = append(after, "added", "changed")
		case i%50 == 40:
			// deleted
		default:
			after = append(after, line)
		}
	}
	text, err := unified("a/x", "b/x", strings.Join(before, "\n")+"\n", strings.Join(after, "\n")+"\n")
	if err != nil {
		t.Fatal(err)
	}
	hunks := hunkHeader.FindAllStringSubmatch(text, -1)
	if len(hunks) != 8 {
		t.Fatalf("%d hunks, want 8:\n%s", len(hunks), text)
	}
	for _, h := range hunks {
		from, _ := strconv.Atoi(h[1])
		to, _ := strconv.Atoi(h[2])
		if before[from-1] != h[3] || after[to-1] != h[3] {
			t.Errorf("hunk at %d and %d begins with %q; there the texts have %q and %q", from, to, h[3], before[from-1], after[to-1])
		}
	}
}

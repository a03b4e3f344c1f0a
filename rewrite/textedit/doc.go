// Package textedit replaces parts of a source file and leaves every other byte
// of it as it is.
package textedit

import (
	"bytes"
	"cmp"
	"slices"
)

// An Edit replaces the bytes [From, To) of a file by Text; From == To inserts.
type Edit struct {
	From, To int
	Text     string
}

// Apply returns src with the edits made, in the order of their positions and,
// where two begin at one position, in the order given. Edits do not overlap.
func Apply(src []byte, edits []Edit) []byte {
	inOrder := slices.Clone(edits)
	slices.SortStableFunc(inOrder, func(a, b Edit) int { return cmp.Compare(a.From, b.From) })
	var b bytes.Buffer
	last := 0
	for _, e := range inOrder {
		b.Write(src[last:e.From])
		b.WriteString(e.Text)
		last = e.To
	}
	b.Write(src[last:])
	return b.Bytes()
}

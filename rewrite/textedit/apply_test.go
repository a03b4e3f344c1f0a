package textedit

import "testing"

func TestApply(t *testing.T) {
	src := []byte("var a, b = 1, 2\n")
	edits := []Edit{
		{14, 15, "20"},
		{4, 5, "first"},
		{16, 16, "// end\n"},
		{0, 0, "/* one */ "},
		{0, 0, "/* two */ "},
	}
	const want = "/* one */ /* two */ var first, b = 1, 20\n// end\n"
	if got := string(Apply(src, edits)); got != want {
		t.Errorf("Apply = %q, want %q", got, want)
	}
	if edits[0].From != 14 {
		t.Error("Apply changed the order of its argument")
	}
	if string(src) != "var a, b = 1, 2\n" {
		t.Errorf("Apply changed its source: %q", src)
	}
}

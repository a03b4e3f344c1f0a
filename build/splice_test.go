package build

import "testing"

// An embedded file for other releases is not part of a build.
func TestSplicedReleases(t *testing.T) {
	g := &graph{env: &goEnv{Release: 24, GOOS: "linux", GOARCH: "amd64"}}
	for line, want := range map[string]bool{
		"//go:build simgen_spliced && go1.25":  false,
		"//go:build simgen_spliced && !go1.25": true,
		"//go:build go1.24":                    true,
		"//go:build !simgen_spliced":           false,
	} {
		if got := g.matches(splicedFile{name: "a.go", src: []byte(line + "\n\npackage a\n")}); got != want {
			t.Errorf("Go 1.24, %s: %v, want %v", line, got, want)
		}
	}
}

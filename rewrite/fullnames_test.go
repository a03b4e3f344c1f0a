package rewrite_test

import (
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
)

// With the directory of the files their //line directives have full names, which
// runtime.Caller returns.
func TestFullNamesInDirectives(t *testing.T) {
	src := "package p\n\nvar a = new(int)\n\nfunc f() {\n\t*a = 1\n}\n"
	for dir, want := range map[string]string{"": "//line a.go:2\n", "/src/p": "//line /src/p/a.go:2\n"} {
		u := newUniverse(t)
		p, err := load(u.fset, u, "example.com/p", "/src/p", "go1.24", []source{{"a.go", []byte(src)}})
		if err != nil {
			t.Fatal(err)
		}
		res, diags := rewrite.Rewrite(p, rewrite.Options{Dir: dir})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		if got := string(res.Files["a.go"]); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

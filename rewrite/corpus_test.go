package rewrite_test

import (
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
)

// TestCorpus rewrites the files of Go's own test suite, and of its type
// checker's, that are packages on their own. What comes out must type-check, or
// there is a diagnostic.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks some thousand files")
	}
	u := newUniverse(t)
	found := 0
	for _, dir := range []string{"test", "src/internal/types/testdata"} {
		root := filepath.Join(runtime.GOROOT(), dir)
		filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, ".dir"+string(filepath.Separator)) {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, _ := filepath.Rel(root, path)
			if checkRewritten(t, u, name, data) {
				found++
			}
			return nil
		})
	}
	if found == 0 {
		t.Skip("this Go comes without its test suite")
	}
	t.Logf("%d files", found)
}

// checkRewritten reports whether a file is a valid package; if so, it must
// still be one after rewriting.
func checkRewritten(t *testing.T, u *universe, name string, data []byte) (valid bool) {
	defer func() {
		if e := recover(); e != nil {
			t.Errorf("%s: panic: %v", name, e)
		}
	}()
	src := []source{{"program.go", data}}
	p, err := load(token.NewFileSet(), u, "example.com/run/program", "/src", "", src)
	if err != nil {
		return false
	}
	res, diags := rewrite.Rewrite(p, rewrite.Options{ImportableMain: true, Release: release()})
	for _, d := range diags {
		if strings.Contains(d.Advice, "defect of simgen") {
			t.Errorf("%s: %s", name, d)
		}
	}
	if len(diags) > 0 {
		t.Logf("%s: %v", name, diags)
		return true
	}
	if out := res.Files["program.go"]; out != nil {
		src[0].data = out
	}
	for name, data := range res.Added {
		src = append(src, source{name, data})
	}
	if _, err := load(token.NewFileSet(), u, "example.com/run/program", "/out", "", src); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return true
}

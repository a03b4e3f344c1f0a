package floor

import (
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// release is N of the Go 1.N that runs the tests.
func release(t testing.TB) int {
	s := strings.TrimPrefix(runtime.Version(), "go1.")
	if i := strings.IndexAny(s, ".-rb "); i >= 0 {
		s = s[:i]
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Skipf("%s has no release number", runtime.Version())
	}
	return n
}

// goSources are the sources of a standard package that an instrumented build compiles.
func goSources(t testing.TB, path string) Files {
	ctx := build.Default
	ctx.CgoEnabled, ctx.GOOS = false, "linux"
	p, err := ctx.Import(path, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	files := Files{}
	for _, name := range append(p.GoFiles, p.SFiles...) {
		if files[name], err = os.ReadFile(filepath.Join(p.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// Every row finds its function in the release that runs the tests, what comes
// out parses, and no line moves.
func TestEveryRowFindsItsFunction(t *testing.T) {
	for _, path := range Needed(release(t)) {
		before := goSources(t, path)
		lines := map[string]int{}
		for name, src := range before {
			lines[name] = strings.Count(string(src), "\n")
		}
		out, err := Patch(path, release(t), before)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, src := range out {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), name, src, 0); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if n, ok := lines[name]; ok && n != strings.Count(string(src), "\n") {
				t.Errorf("%s/%s: lines moved", path, name)
			}
		}
	}
}

// Every original that gets a new name is defined somewhere under that name: by
// the runtime, in assembly, or by a linkname of its own.
func TestEveryOriginalIsDefined(t *testing.T) {
	defined := map[string]bool{}
	for _, path := range RuntimePackages {
		out, err := GoRuntime(release(t), goSources(t, path))
		if err != nil && path == "runtime" {
			t.Fatal(err)
		}
		for _, src := range out {
			for _, m := range push.FindAllSubmatch(src, -1) {
				defined[string(m[2])+"."+string(m[3])] = true
			}
			for _, line := range strings.Split(string(src), "\n") {
				if f := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" (<\t,", r) }); len(f) > 1 && f[0] == "TEXT" {
					defined[strings.Replace(f[1], "·", ".", 1)] = true
				}
			}
		}
	}
	for _, path := range Needed(release(t)) {
		out, err := Patch(path, release(t), goSources(t, path))
		if err != nil {
			t.Fatal(err)
		}
		linked := ""
		for _, line := range strings.Split(string(out[FileName]), "\n") {
			if strings.HasPrefix(line, "//go:linkname") {
				linked = strings.Fields(line)[1]
			}
			name, ok := strings.CutPrefix(line, "func "+native)
			if !ok {
				continue
			}
			name = native + name[:strings.IndexByte(name, '(')]
			asm := false
			for file, src := range out {
				asm = asm || strings.HasSuffix(file, ".s") && strings.Contains(string(src), "TEXT ·"+name+"(")
			}
			if linked != name && !asm && !defined[path+"."+name] {
				t.Errorf("%s.%s is defined nowhere", path, name)
			}
		}
	}
}

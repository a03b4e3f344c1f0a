package policy

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/simgen-dev/simgen"
)

// A rule says what the files of a directory tree, other than its tests, may
// import. The rule with the longest matching path counts.
type rule struct {
	tree   string   // "" is the repository's root
	std    []string // standard packages; nil means all of them
	others []string // this module's packages without its path, and other modules' by path prefix
	why    string
}

var rules = []rule{
	{
		tree:   "",
		others: nil,
		why:    "the root package only embeds the source that instrumented programs contain; what it imported, everything would",
	},
	{
		tree: "runtime",
		std:  []string{"unsafe", "runtime", "internal/race", "math/bits", "cmp", "slices", "weak"},
		why:  "sync, time and syscall import the spliced runtime: a package that reaches them would be an import cycle, or be simulated itself",
	},
	{
		tree:   "shim",
		others: []string{"runtime", "shim"},
		why:    "the machine lies under the standard library of the simulated program, and is linked into every test binary",
	},
	{
		tree:   "sim",
		others: []string{"runtime", "shim", "sim"},
		why:    "what people write against is linked into their test binaries: they download nothing else for it",
	},
	{
		tree:   "sim/report",
		others: nil,
		why:    "worker, parent and command speak in its types; it depends on none of them",
	},
	{
		tree:   "sim/runner",
		others: []string{"sim/report"},
		why:    "the parent of the workers simulates nothing: it is part of the command, which has no simulation in it",
	},
	{
		tree:   "rewrite",
		others: []string{"rewrite", "golang.org/x/tools", "github.com/dave/jennifer"},
		why:    "a pure core: packages in, bytes and diagnostics out. It knows the runtime by import path only",
	},
	{
		tree:   "build",
		others: []string{"", "rewrite", "golang.org/x/tools", "golang.org/x/mod"},
		why:    "the build tool runs nothing of the simulation; the root package gives it the source to splice, x/mod writes the go.mod that leads to shadows",
	},
	{
		tree: "cmd/simgen",
		others: []string{
			"build", "rewrite", "runtime", "sim/report", "sim/runner", "cmd/simgen/internal",
			"golang.org/x/tools/go/packages", "golang.org/x/term",
			"github.com/aymanbagabas/go-udiff", "github.com/schollz/progressbar/v3",
		},
		why: "the command turns what the other packages return into text; it does not simulate (of runtime it needs the names of schedulers) or rewrite",
	},
	{
		tree:   "cmd/simgen/internal/scaffold",
		others: []string{"github.com/dave/jennifer"},
		why:    "it writes text that uses sim, and reads servers without building them",
	},
	{
		tree: "internal",
		why:  "tests of the repository itself import what they need and are imported by nobody",
	},
}

// TestImports holds every file to its rule. Files for all build tags count, so
// that the plain and the spliced form of a package are both covered.
func TestImports(t *testing.T) {
	used := map[string]bool{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		r := ruleFor(filepath.ToSlash(filepath.Dir(file)))
		used[r.tree] = true
		for _, path := range importsOf(t, file) {
			if !r.allows(path) {
				t.Errorf("%s imports %s, which %q may not: %s", file, path, r.tree, r.why)
			}
		}
	}
	for _, r := range rules {
		if !used[r.tree] {
			t.Errorf("the rule for %q applies to no file: remove it, or correct its path", r.tree)
		}
	}
}

// TestClosure is the promise to users: test binaries hold the standard library
// and this module, and so does what a user's go.mod has to list.
func TestClosure(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}",
		"./runtime/...", "./shim/...", "./sim/...")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for _, path := range strings.Fields(string(out)) {
		if _, ours := inModule(path); !ours {
			t.Errorf("runtime, shim or sim depends on %s: it would land in every user's go.sum and test binaries", path)
		}
	}
}

func ruleFor(dir string) rule {
	best := rules[0]
	for _, r := range rules {
		if len(r.tree) > len(best.tree) && under(dir, r.tree) {
			best = r
		}
	}
	return best
}

func (r rule) allows(path string) bool {
	if local, ours := inModule(path); ours {
		if r.tree == "internal" || local != "" && under(local, r.tree) && r.tree != "" {
			return true
		}
		return slices.ContainsFunc(r.others, func(o string) bool {
			return o == local || o != "" && under(local, o)
		})
	}
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return r.std == nil || slices.Contains(r.std, path)
	}
	return slices.ContainsFunc(r.others, func(o string) bool { return under(path, o) })
}

// inModule returns the path of one of our own packages below the module.
func inModule(path string) (local string, ours bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// under says whether path is tree or lies below it.
func under(path, tree string) bool {
	return path == tree || strings.HasPrefix(path, tree+"/")
}

// goFiles are the Go files of this module, relative to its root.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(repository, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || nested(path)) {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	return files
}

// nested says whether a directory is the root of a module of its own.
func nested(dir string) bool {
	_, err := fs.Stat(repository, dir+"/go.mod")
	return err == nil
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, imp := range f.Imports {
		path, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", file, err))
		}
		paths = append(paths, path)
	}
	return paths
}

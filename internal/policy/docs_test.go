package policy

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/build"
)

var repository = os.DirFS(root)

// TestPackageDocs requires a doc.go in every package, and that it is the only
// file with a package comment.
func TestPackageDocs(t *testing.T) {
	documented := map[string]string{} // directory => file with the comment
	dirs := map[string]bool{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		dir := path.Dir(file)
		dirs[dir] = true
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc == nil {
			continue
		}
		if other := documented[dir]; other != "" {
			t.Errorf("%s has a package comment, and so has %s: keep the one in doc.go", file, other)
		}
		documented[dir] = file
		checkOpening(t, file, f)
	}
	for dir := range dirs {
		switch file := documented[dir]; {
		case file == "":
			t.Errorf("%s has no package comment: write %s/doc.go, saying what it is, what it is not, and who may call it", dir, dir)
		case path.Base(file) != "doc.go" && dir != ".":
			t.Errorf("the package comment of %s is in %s: move it to doc.go", dir, path.Base(file))
		}
	}
}

func checkOpening(t *testing.T, file string, f *ast.File) {
	want := "Package " + f.Name.Name + " "
	if f.Name.Name == "main" {
		name := path.Base(path.Dir(file))
		want = strings.ToUpper(name[:1]) + name[1:] + " "
	}
	if !strings.HasPrefix(f.Doc.Text(), want) {
		t.Errorf("%s: the package comment does not begin with %q", file, want)
	}
}

// The project speaks of itself only: nothing that a reader elsewhere has no
// access to.
var foreign = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`(^|[\s"'(=` + "`" + `])/(home|root|Users|work|tmp/brief)/[\w.-]`), "a path on somebody's machine"},
	{regexp.MustCompile(`(?i)\bissue\s+#?\d+\b`), "an issue's number: say what the matter is"},
	{regexp.MustCompile(`\bXXX\b`), "XXX: a TODO names the consequence of leaving it"},
}

// TestForeignWords looks through documents, scripts and source.
func TestForeignWords(t *testing.T) {
	err := fs.WalkDir(repository, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		switch path.Ext(name) {
		case ".go", ".md", ".txtar", ".mod":
		default:
			if !under(name, ".ci") {
				return nil
			}
		}
		if strings.HasPrefix(name, "internal/policy/") {
			return nil // the patterns themselves
		}
		data, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(data), "\n") {
			for _, f := range foreign {
				if f.pattern.MatchString(line) {
					t.Errorf("%s:%d: %s", name, i+1, f.why)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks requires that what the documents link to in this repository exists.
func TestLinks(t *testing.T) {
	err := fs.WalkDir(repository, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.Contains(to, ":") {
				continue
			}
			if _, err := fs.Stat(repository, path.Join(path.Dir(name), to)); err != nil {
				t.Errorf("%s links to %s, which does not exist", name, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDependencies requires a line in docs/dependencies.md for every module
// that go.mod asks for directly.
func TestDependencies(t *testing.T) {
	doc := readFile(t, "docs/dependencies.md")
	for _, r := range goMod(t).Require {
		if !r.Indirect && !strings.Contains(doc, "`"+r.Path+"`") {
			t.Errorf("docs/dependencies.md does not say why %s is used", r.Path)
		}
	}
}

// TestGoReleases compares the places that name supported Go releases.
func TestGoReleases(t *testing.T) {
	oldest := build.Supported[0]
	if got, want := goMod(t).Go, fmt.Sprintf("1.%d.0", oldest); got != want {
		t.Errorf("go.mod says go %s; the oldest supported release is %s", got, want)
	}
	ci := readFile(t, ".ci/run")
	readme := readFile(t, "README.md")
	for _, release := range build.Supported {
		name := fmt.Sprintf("1.%d", release)
		if !strings.Contains(readme, name) {
			t.Errorf("README.md does not name the supported release Go %s", name)
		}
		if !strings.Contains(ci, "go"+name+".") {
			t.Errorf(".ci/run does not run the tests on the supported release Go %s", name)
		}
	}
}

type modFile struct {
	Go      string
	Require []struct {
		Path     string
		Indirect bool
	}
}

func goMod(t *testing.T) modFile {
	t.Helper()
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod edit: %v", err)
	}
	var m modFile
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(repository, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

package rewrite_test

import (
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
	"github.com/simgen-dev/simgen/rewrite/floor"
)

// A universe resolves imports for tests: the standard library from source,
// sync/atomic with the floor's wrappers, and the real simulation runtime under
// the path that rewritten files import.
type universe struct {
	fset *token.FileSet
	std  types.Importer
	mu   sync.Mutex
	pkgs map[string]*types.Package // what tests added, and the two special ones
}

func newUniverse(t testing.TB) *universe {
	fset := token.NewFileSet()
	build.Default.CgoEnabled = false
	u := &universe{fset: fset, std: importer.ForCompiler(fset, "source", nil), pkgs: map[string]*types.Package{}}
	u.pkgs["simgen"] = u.checkRuntime(t)
	u.pkgs["sync/atomic"] = u.checkAtomic(t)
	return u
}

func (u *universe) Import(path string) (*types.Package, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if p := u.pkgs[path]; p != nil {
		return p, nil
	}
	return u.std.Import(path)
}

func (u *universe) checkRuntime(t testing.TB) *types.Package {
	dir := filepath.Join("..", "runtime")
	bp, err := build.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range bp.GoFiles {
		f, err := parser.ParseFile(u.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return u.signatures(t, "simgen", files)
}

// checkAtomic checks sync/atomic as the floor patches it.
func (u *universe) checkAtomic(t testing.TB) *types.Package {
	return u.signatures(t, "sync/atomic", atomicFiles(t, u.fset))
}

func atomicFiles(t testing.TB, fset *token.FileSet) []*ast.File {
	bp, err := build.Import("sync/atomic", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	files := floor.Files{}
	for _, name := range append(bp.GoFiles, bp.SFiles...) {
		if files[name], err = os.ReadFile(filepath.Join(bp.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	patched, err := floor.Patch("sync/atomic", floor.Target{Release: release(), Arch: runtime.GOARCH}, files)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range patched {
		files[name] = data
	}
	var parsed []*ast.File
	for name, data := range files {
		if strings.HasSuffix(name, ".go") {
			f, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, f)
		}
	}
	return parsed
}

func (u *universe) signatures(t testing.TB, path string, files []*ast.File) *types.Package {
	conf := types.Config{Importer: u, IgnoreFuncBodies: true, Error: func(err error) { t.Error(err) }}
	p, _ := conf.Check(path, u.fset, files, nil)
	return p
}

// release is the minor version of the Go that runs the tests.
func release() int {
	v := strings.TrimPrefix(runtime.Version(), "go1.")
	v, _, _ = strings.Cut(v, ".")
	v, _, _ = strings.Cut(v, "rc")
	n, _ := strconv.Atoi(v)
	return n
}

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{},
	}
}

// A source is one file to load.
type source struct {
	name string
	data []byte
}

// load type-checks sources into a package that can be rewritten.
func load(fset *token.FileSet, imp types.Importer, path, dir, goVersion string, sources []source) (*rewrite.Package, error) {
	p := &rewrite.Package{Path: path, Fset: fset, Info: newInfo(), GoVersion: goVersion}
	var files []*ast.File
	for _, s := range sources {
		name := filepath.Join(dir, s.name)
		f, err := parser.ParseFile(fset, name, s.data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		p.Files = append(p.Files, &rewrite.File{Name: s.name, Path: name, Src: s.data, Syntax: f, Test: strings.HasSuffix(s.name, "_test.go")})
		p.Name = f.Name.Name
		p.XTest = strings.HasSuffix(p.Name, "_test")
	}
	conf := types.Config{Importer: imp, FakeImportC: true, GoVersion: goVersion, Sizes: types.SizesFor("gc", "amd64")}
	var err error
	p.Types, err = conf.Check(path, fset, files, p.Info)
	return p, err
}

package rewrite_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/simgen-dev/simgen/rewrite"
	"github.com/simgen-dev/simgen/rewrite/floor"
)

var everything = flag.String("everything", "net/http,encoding/json,os/signal,flag,log", "packages that TestEverything rewrites with all they import")

var everythingDir = flag.String("everythingdir", "", "directory of the module that -everything is about")

var listVars = flag.Bool("vars", false, "let TestEverything list the variables that became per-process")

// TestEverything rewrites whole real programs, the standard library included,
// and requires that the result type-checks without a diagnostic.
func TestEverything(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks a good part of the standard library twice")
	}
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedModule | packages.NeedTypesSizes,
		Dir: *everythingDir,
		Env: append([]string{"CGO_ENABLED=0"}, cfgEnv()...),
	}
	roots, err := packages.Load(cfg, strings.Split(*everything, ",")...)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, fset: roots[0].Fset, facts: map[string]*rewrite.Facts{}, done: map[string]*types.Package{"unsafe": types.Unsafe}}
	w.exempt = map[string]bool{}
	w.done["simgen"] = nil
	own := *cfg
	own.Dir = ""
	rt, err := packages.Load(&own, "github.com/simgen-dev/simgen/runtime")
	if err != nil {
		t.Fatal(err)
	}
	packages.Visit(rt, nil, func(p *packages.Package) { w.exempt[p.PkgPath] = true })
	packages.Visit(roots, nil, func(p *packages.Package) {
		if w.exempt[p.PkgPath] && p.PkgPath != "unsafe" {
			w.plain(p)
		}
	})
	w.simgen()
	packages.Visit(roots, nil, w.visit)
	t.Logf("%d packages, %d variables of which %d are per process", w.packages, w.vars, w.perProcess)
}

type world struct {
	t      *testing.T
	fset   *token.FileSet
	facts  map[string]*rewrite.Facts
	done   map[string]*types.Package
	exempt map[string]bool

	packages, vars, perProcess int
	handles                    map[string]int
}

func (w *world) Import(path string) (*types.Package, error) {
	if p := w.done[path]; p != nil {
		return p, nil
	}
	if p := w.done["vendor/"+path]; p != nil {
		return p, nil
	}
	return nil, errNotLoaded(path)
}

type errNotLoaded string

func (e errNotLoaded) Error() string { return "package " + string(e) + " is not loaded" }

// simgen checks the runtime under the path it has in an instrumented build.
func (w *world) simgen() {
	u := &universe{fset: w.fset, std: w, pkgs: map[string]*types.Package{}}
	w.done["simgen"] = u.checkRuntime(w.t)
}

// plain checks a package that is not rewritten.
func (w *world) plain(p *packages.Package) {
	files := p.Syntax
	if p.PkgPath == "sync/atomic" {
		files = atomicFiles(w.t, w.fset)
	}
	w.check(p, files, true)
}

func (w *world) check(p *packages.Package, files []*ast.File, signatures bool) {
	failed := 0
	conf := types.Config{
		Importer: w, Sizes: p.TypesSizes, IgnoreFuncBodies: signatures, GoVersion: goVersion(p),
		Error: func(err error) {
			if failed++; failed < 5 {
				w.t.Error(err)
			}
		},
	}
	w.done[p.PkgPath], _ = conf.Check(p.PkgPath, w.fset, files, nil)
}

func goVersion(p *packages.Package) string {
	if p.Module != nil && p.Module.GoVersion != "" {
		return "go" + p.Module.GoVersion
	}
	return ""
}

func (w *world) visit(p *packages.Package) {
	if w.done[p.PkgPath] != nil {
		return
	}
	if w.exempt[p.PkgPath] || floor.IsExempt(p.PkgPath) {
		w.plain(p)
		return
	}
	in := &rewrite.Package{Path: p.PkgPath, Name: p.Name, Fset: w.fset, Types: p.Types, Info: p.TypesInfo, GoVersion: goVersion(p), Std: p.Module == nil}
	for i, f := range p.Syntax {
		in.Files = append(in.Files, &rewrite.File{Name: filepath.Base(p.CompiledGoFiles[i]), Path: p.CompiledGoFiles[i], Syntax: f})
	}
	res, diags := rewrite.Rewrite(in, rewrite.Options{DepFacts: func(path string) *rewrite.Facts { return w.facts[path] }})
	for _, d := range diags {
		w.t.Errorf("%s", d)
	}
	w.facts[p.PkgPath] = &res.Facts
	w.packages++
	w.vars += len(res.Vars)
	w.perProcess += len(res.Facts.Vars)
	for _, v := range res.Vars {
		if v.PerProcess && *listVars {
			w.t.Logf("per process %s.%s: %s", p.PkgPath, v.Name, v.Class)
		}
	}

	var files []*ast.File
	parse := func(name string, src any) {
		f, err := parser.ParseFile(w.fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			w.t.Error(err)
			return
		}
		files = append(files, f)
	}
	for _, f := range in.Files {
		if src := res.Files[f.Name]; src != nil {
			parse(f.Path+".rewritten", src)
		} else {
			parse(f.Path, nil)
		}
	}
	for _, name := range sortedKeys(res.Added) {
		parse(p.PkgPath+"/"+name, res.Added[name])
	}
	w.check(p, files, false)
}

func cfgEnv() []string { return os.Environ() }

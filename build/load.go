package build

import (
	"context"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// load asks go/packages for the packages that match the patterns and all they
// depend on, with their tests when tests is set, together with what every
// instrumented program contains.
//
// Programs are main packages that the patterns' tests start; they are linked
// in, but they are not what was asked for.
func (c Config) load(ctx context.Context, env *goEnv, tests bool, patterns, programs []string) (*graph, error) {
	always := append(floor.Needed(env.target()), floor.RuntimePackages...)
	spliced, err := splicedImports()
	if err != nil {
		return nil, err
	}
	always = append(always, spliced...)
	cfg := &packages.Config{
		Context: ctx,
		Dir:     c.Dir,
		Env:     c.environ(),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedModule | packages.NeedForTest | packages.NeedEmbedFiles,
		BuildFlags: []string{"-tags=" + c.loadTags()},
		Tests:      tests,
	}
	g := newGraph(env)
	g.race = c.Race
	type result struct {
		list []*packages.Package
		err  error
	}
	rest := make(chan result, 1)
	go func() {
		cfg := *cfg
		cfg.Tests = false
		list, err := packages.Load(&cfg, append(always, programs...)...)
		rest <- result{list, err}
	}()
	roots, err := packages.Load(cfg, patterns...)
	others := <-rest
	if err == nil {
		err = others.err
	}
	if err != nil {
		return nil, errorf("%s", oneLine(err.Error()))
	}
	g.addAll(roots, true)
	g.addAll(others.list, false)
	// First what cannot be, then what is wrong: a package of C files alone is
	// one without any file to the go command.
	if err := c.refuseCgo(g); err != nil {
		return nil, err
	}
	if err := firstError(roots); err != nil {
		return nil, err
	}
	for _, p := range others.list {
		if path := nodePath(p); contains(programs, path) {
			if err := firstError([]*packages.Package{p}); err != nil && (len(p.GoFiles) == 0 || len(p.Errors) > 0) {
				return nil, &programError{path, err}
			}
			if p.Name != "main" && p.Name != "" {
				return nil, &programError{path, errorf("it is package %s", p.Name)}
			}
		}
	}
	if err := firstError(others.list); err != nil {
		return nil, err
	}
	if err := g.addSpliced(); err != nil {
		return nil, err
	}
	for _, path := range floor.Needed(env.target()) {
		g.nodes[path].imports["simgen"] = "simgen"
	}
	if len(g.roots) == 0 {
		return nil, errorf("%s matches no packages", strings.Join(patterns, " "))
	}
	return g, g.sort()
}

// firstError is the first error of the packages or of what they import, in
// the words of the go command.
func firstError(roots []*packages.Package) error {
	var found []packages.Error
	packages.Visit(roots, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if e.Kind == packages.ListError || e.Kind == packages.ParseError || e.Kind == packages.UnknownError {
				found = append(found, e)
			}
		}
	})
	if len(found) == 0 {
		return nil
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Pos < found[j].Pos })
	e := found[0]
	msg := oneLine(e.Msg)
	if e.Pos != "" && e.Pos != "-" {
		return errorf("%s: %s", relative(e.Pos), msg)
	}
	return errorf("%s", relativeMessage(msg))
}

// oneLine folds a message of the go command.
func oneLine(s string) string {
	var parts []string
	for _, l := range strings.Split(strings.TrimSpace(s), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			parts = append(parts, l)
		}
	}
	return strings.Join(parts, " ")
}

// relative shortens a position to the current directory where it is below it.
func relative(pos string) string {
	wd, err := os.Getwd()
	if err != nil {
		return pos
	}
	if r, err := filepath.Rel(wd, pos); err == nil && !strings.HasPrefix(r, "..") {
		return r
	}
	return pos
}

// refuseCgo finds packages outside the standard library that have C parts.
// Building them without is a choice that only their user can make, by setting
// CGO_ENABLED=0, or their author, by files with the constraint !cgo.
func (c Config) refuseCgo(g *graph) error {
	if os.Getenv("CGO_ENABLED") == "0" {
		return nil
	}
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = g.env.GOOS, g.env.GOARCH, true
	ctx.BuildTags = strings.Split(c.loadTags(), ",")
	built := func(file string) bool {
		ok, _ := ctx.MatchFile(filepath.Dir(file), filepath.Base(file))
		return ok
	}
	for _, path := range g.paths() {
		n := g.nodes[path]
		if n.Std || !slices.ContainsFunc(n.ignored, built) {
			continue
		}
		if slices.ContainsFunc(n.files, func(file string) bool { return !built(file) }) {
			continue // has a version of its own for builds without cgo
		}
		for _, file := range n.ignored {
			if !built(file) {
				continue
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.ImportsOnly)
			if err != nil {
				continue // not compiled either way
			}
			if s := importC(f); s != nil {
				return errorf("%s: package %s uses cgo, and C code cannot be simulated: set CGO_ENABLED=0 if it can do without", relative(fset.Position(s.Pos()).String()), n.Path)
			}
		}
	}
	return nil
}

package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/simgen-dev/simgen/rewrite"
)

// A TestBinary is an instrumented test executable.
type TestBinary struct {
	ImportPath string
	Dir        string   // where the tests run
	Path       string   // the executable
	Tests      []string // functions that reach sim.Test, sorted
}

// Tests builds the instrumented test binary of every package that matches the
// patterns and has simulation tests. Packages without are left out.
func Tests(ctx context.Context, c Config, patterns []string) (list []TestBinary, err error) {
	defer explain(&err)
	b, err := c.prepare(ctx, true, patterns)
	if err != nil {
		return nil, err
	}
	for _, root := range b.graph.roots {
		programs, tests, decl := b.simulation(root)
		if len(tests) == 0 {
			continue
		}
		t := TestBinary{ImportPath: root, Dir: b.graph.nodes[root].Dir, Tests: tests}
		if t.Path, err = b.testBinary(ctx, root, programs, tests, decl); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// A builder is a graph with all its packages rewritten.
type builder struct {
	config  Config
	graph   *graph
	entries map[string]*entry
	keys    map[string]string
	cache   *cache

	rewriter *rewriter // that made the entries
}

// prepare loads and rewrites what matches the patterns, with the programs that
// its simulation tests start.
func (c Config) prepare(ctx context.Context, tests bool, patterns []string) (*builder, error) {
	b, diags, err := c.prepareDiagnosed(ctx, tests, patterns)
	if err != nil {
		return nil, err
	}
	if len(diags) > 0 {
		d := diags[0]
		more := ""
		if len(diags) > 1 {
			more = fmt.Sprintf(" (and %d more; simgen check lists them)", len(diags)-1)
		}
		return nil, errorf("%s: %s; %s%s", relative(d.Pos.String()), d.Message, d.Advice, more)
	}
	return b, nil
}

func (c Config) prepareDiagnosed(ctx context.Context, tests bool, patterns []string) (*builder, []rewrite.Diagnostic, error) {
	env, err := c.goEnvironment(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c, err = c.withGoFlags(env); err != nil {
		return nil, nil, err
	}
	defs, err := c.definitions()
	if err != nil {
		return nil, nil, err
	}
	ca, err := openCache()
	if err != nil {
		return nil, nil, err
	}
	hint := ca.hint(env.GOMOD, c, patterns)
	programs := hint.read()
	named := map[string]string{} // where, file:line:column
	for {
		c.progress("loading packages")
		g, err := c.load(ctx, env, tests, patterns, programs)
		if noProgram := (*programError)(nil); errors.As(err, &noProgram) {
			if named[noProgram.path] == "" && len(programs) > 0 {
				programs = nil // the hint is of another time
				continue
			}
			return nil, nil, c.explainProgram(ctx, env, noProgram, named[noProgram.path])
		}
		if err != nil {
			return nil, nil, err
		}
		if c.underTest {
			if err := g.refuseRuntime(); err != nil {
				return nil, nil, err
			}
		}
		g.define(defs, c.underTest)
		keys, err := g.keys(c.tags())
		if err != nil {
			return nil, nil, err
		}
		r := c.newRewriter(g, ca, keys)
		r.all(ctx, g.order)
		if err := firstOf(r.errs); err != nil || len(r.diags) > 0 {
			return &builder{c, g, r.entries, keys, ca, r}, r.diags, err
		}
		found := map[string]bool{}
		for _, root := range g.roots {
			for _, p := range g.programs(root, r.entries) {
				found[p] = true
			}
		}
		for _, path := range g.order {
			if e := r.entries[path]; e != nil {
				maps.Copy(named, e.Programs)
			}
		}
		now := sortedKeys(found)
		if subset(now, g) {
			hint.write(now)
			return &builder{c, g, r.entries, keys, ca, r}, nil, nil
		}
		programs = now
	}
}

// subset reports whether every path is in the graph.
func subset(paths []string, g *graph) bool {
	for _, p := range paths {
		if g.nodes[p] == nil {
			return false
		}
	}
	return true
}

func sortedKeys(m map[string]bool) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	sort.Strings(list)
	return list
}

// A hint remembers which programs the tests of some patterns started, so that
// the next build loads everything at once. A wrong hint costs a second load.
type hint struct{ file string }

func (ca *cache) hint(mod string, c Config, patterns []string) hint {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{mod, c.Dir, c.tags()}, patterns...), "\x00")))
	return hint{filepath.Join(ca.dir, "hint-"+hex.EncodeToString(sum[:8]))}
}

func (h hint) read() []string {
	data, err := os.ReadFile(h.file)
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

// write stores the hint. Without it the next build is slower, not wrong, so
// an error is of no interest.
func (h hint) write(programs []string) {
	_ = os.WriteFile(h.file, []byte(strings.Join(programs, "\n")), 0o666)
}

// simulation is what the tests of root need: the programs they start, the
// tests, and the package clause under which the programs are imported.
func (b *builder) simulation(root string) (programs, tests []string, decl string) {
	for _, path := range []string{root, root + "_test"} {
		e := b.entries[path]
		if e == nil {
			continue
		}
		tests = append(tests, e.Tests...)
		if len(e.Tests) > 0 || decl == "" {
			decl = e.TestDecl
		}
	}
	programs = b.graph.programs(root, b.entries)
	if n := b.graph.nodes[root]; decl == rewrite.ImportableName(n.Name) {
		programs = slices.DeleteFunc(programs, func(p string) bool { return p == root }) // its own test, which is part of it
	}
	sort.Strings(tests)
	return programs, tests, decl
}

// programs are the main packages that the tests of root name, or packages that
// they import.
func (g *graph) programs(root string, entries map[string]*entry) []string {
	reached, set := map[string]bool{}, map[string]bool{}
	g.reach(root, reached)
	g.reach(root+"_test", reached)
	for path := range reached {
		if e := entries[path]; e != nil {
			for p := range e.Programs {
				set[p] = true
			}
		}
	}
	return sortedKeys(set)
}

// testBinary returns the instrumented test executable of root.
func (b *builder) testBinary(ctx context.Context, root string, programs, tests []string, decl string) (string, error) {
	more := map[string][]byte{}
	if src := b.declarations(root, tests); src != "" {
		more[assertionsFile] = testFile(decl, []string{"simgen/sim"}, "func init() {\n"+src+"}\n")
	}
	return b.testExecutable(ctx, b.graph.nodes[root], "test", programs, decl, more)
}

// assertionsFile is the name of the file that tells the harness what the tests of a package assert.
const assertionsFile = "zz_simgen_assertions_test.go"

// programsFile is the name of the file that links programs into a package's tests.
const programsFile = "zz_simgen_programs_test.go"

// testExecutable returns an instrumented test executable of a package, built or
// from the cache: with programs, imported by a file with the clause decl, and
// with more files that are added to the tests. The purpose tells the executables
// of one package apart.
func (b *builder) testExecutable(ctx context.Context, n *node, purpose string, programs []string, decl string, more map[string][]byte) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, b.config.LDFlags)
	fmt.Fprintln(h, purpose, b.keys[n.Path], b.keys[n.Path+"_test"], decl)
	for _, p := range programs {
		fmt.Fprintln(h, p, b.keys[p])
	}
	// The rest of the standard library is in every binary by way of the harness.
	fmt.Fprintln(h, b.keys["simgen"], b.keys["simgen/sim"], b.keys["testing"])
	dir := filepath.Join(b.cache.dir, "bin", hex.EncodeToString(h.Sum(nil)[:16]))
	out := filepath.Join(dir, filepath.Base(n.Path)+".test")
	if _, err := os.Stat(out); err == nil {
		use(dir)
		return out, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	b, err := b.dormant(ctx, programs, n.Path)
	if err != nil {
		return "", err
	}
	o := b.graph.overlayOf(b.entries)
	add := func(name string, data []byte) error {
		o[filepath.Join(n.Dir, name)] = filepath.Join(dir, name)
		return os.WriteFile(filepath.Join(dir, name), data, 0o666)
	}
	if len(programs) > 0 {
		if err := add(programsFile, testFile(decl, blank(programs), "")); err != nil {
			return "", err
		}
	}
	for name, data := range more {
		if err := add(name, data); err != nil {
			return "", err
		}
	}
	b.config.progress("compiling %s", n.Path)
	return out, b.compile(ctx, o, out, b.config.Dir, n.Path, "test", "-c", "-vet=off")
}

// testFile is a file of the package called name; an import is a path, behind _ if it is not used.
func testFile(name string, imports []string, body string) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "// Code generated by simgen. DO NOT EDIT.\n\npackage %s\n\nimport (\n", name)
	for _, i := range imports {
		if path, unused := strings.CutPrefix(i, "_ "); unused {
			fmt.Fprintf(&s, "\t_ %q\n", path)
		} else {
			fmt.Fprintf(&s, "\t%q\n", i)
		}
	}
	s.WriteString(")\n")
	if body != "" {
		s.WriteString("\n" + body)
	}
	return []byte(s.String())
}

// blank is imports for their registration alone.
func blank(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = "_ " + p
	}
	return list
}

// compile runs the go command in dir with an overlay; the executable appears
// at out when it is complete.
func (b *builder) compile(ctx context.Context, o overlay, out, dir, pkg string, args ...string) error {
	tmp, err := os.MkdirTemp(b.cache.dir, "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	root, err := b.goroot()
	if err != nil {
		return err
	}
	s, err := b.shadow(tmp)
	if err != nil {
		return err
	}
	c := b.config
	if c.Race {
		if err := b.withoutCgo(o, tmp); err != nil {
			return err
		}
		args = append(args, raceFlags...)
		c.cgo = true
	}
	file := filepath.Join(tmp, "overlay.json")
	if err := o.inShadows(s).inGoroot(b.graph, root).write(file); err != nil {
		return err
	}
	if c.LDFlags != "" {
		args = append(args, "-ldflags="+c.LDFlags)
	}
	exe := filepath.Join(tmp, "exe")
	args = append(args, "-overlay", file, "-tags="+b.config.tags(), "-o", exe)
	c.Dir = dir
	c.Env = append(append(slices.Clone(c.Env), "GOROOT="+root, "GOTOOLCHAIN=local"), s.env...)
	if _, err := c.run(ctx, filepath.Join(root, "bin", "go"), append(append(args, s.flags...), pkg)...); err != nil {
		if c.LDFlags != "" {
			return errorf("compiling the instrumented program with -ldflags %s: %v", c.LDFlags, err)
		}
		if machineTrouble.MatchString(err.Error()) {
			return errorf("compiling the instrumented program: %v", err)
		}
		return fmt.Errorf("compiling the instrumented program (a fault of simgen, please report it): %w", err)
	}
	return move(exe, out)
}

// machineTrouble is what the go command says when it is the machine that cannot
// build.
var machineTrouble = regexp.MustCompile(`no space left on device|read-only file system|permission denied|disk quota exceeded|cannot allocate memory|signal: killed`)

// move renames an executable, or copies it where the target is on another file
// system, so that out is either complete or untouched.
func move(file, out string) error {
	if os.Rename(file, out) == nil {
		return nil
	}
	return copyExecutable(file, out)
}

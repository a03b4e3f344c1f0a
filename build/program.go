package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Program builds the self-contained simulator of one package at output: of a
// main package, nodes of that server under faults; of any other, its
// simulation tests. An existing file is replaced when the new one is complete.
func Program(ctx context.Context, c Config, pattern, output string) (err error) {
	defer explain(&err)
	b, err := c.prepare(ctx, true, []string{pattern})
	if err != nil {
		return err
	}
	if len(b.graph.roots) > 1 {
		return errorf("%s matches %d packages (%s, ...): name one", pattern, len(b.graph.roots), strings.Join(b.graph.roots[:2], ", "))
	}
	root := b.graph.roots[0]
	n := b.graph.nodes[root]
	if n.Name == "main" {
		return b.serverSimulator(ctx, n, output)
	}
	programs, tests, decl := b.simulation(root)
	if len(tests) == 0 {
		return errorf("%s is neither a main package nor has simulation tests: write one with sim.Test, or name the server's package", root)
	}
	return b.testSimulator(ctx, n, programs, tests, decl, output)
}

// serverSimulator compiles the simulator of a main package, in a folder that
// exists only in the overlay.
func (b *builder) serverSimulator(ctx context.Context, n *node, output string) error {
	dir, err := b.moduleDir(ctx, n)
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, "zz_simgen_main")
	src := fmt.Sprintf("func main() {\n%s\tsim.Standalone(%q)\n}\n", b.declarations(n.Path, []string{""}), n.Path)
	if b, err = b.dormant(ctx, []string{n.Path}); err != nil {
		return err
	}
	main := testFile("main", []string{"simgen/sim", "_ " + n.Path}, src)
	return b.once(output, main, []string{n.Path}, func(file, out string) error {
		o := b.graph.overlayOf(b.entries)
		o[filepath.Join(dir, "main.go")] = file
		b.config.progress("compiling %s", n.Path)
		return b.compile(ctx, o, out, filepath.Dir(dir), "./zz_simgen_main", "build")
	})
}

// once has an executable made from a main file and from packages, unless the cache has it, and copies it to output.
func (b *builder) once(output string, main []byte, packages []string, make func(file, out string) error) error {
	h := sha256.New()
	fmt.Fprintf(h, "simulator %s\n%s\n", b.config.LDFlags, main)
	for _, p := range append(packages, "simgen", "simgen/sim", "testing") {
		fmt.Fprintln(h, p, b.keys[p])
	}
	dir := filepath.Join(b.cache.dir, "bin", hex.EncodeToString(h.Sum(nil)[:16]))
	out := filepath.Join(dir, "simulator")
	if _, err := os.Stat(out); err != nil {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := b.withFile(main, func(file string) error { return make(file, out) }); err != nil {
			return err
		}
	}
	use(dir)
	return copyExecutable(out, output)
}

// copyExecutable puts a copy of an executable at output once it is complete.
func copyExecutable(file, output string) (err error) {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	tmp := fmt.Sprintf("%s.new-%d", output, os.Getpid())
	to, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o777)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp)
		}
	}()
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, output)
}

// moduleDir is where the folder of the simulator's main package goes: beside
// the server when that is in the main module, so that it may import internal
// packages, and else at the top of the main module.
func (b *builder) moduleDir(ctx context.Context, n *node) (string, error) {
	top := filepath.Dir(b.graph.env.GOMOD)
	if b.graph.env.GOMOD == "" || b.graph.env.GOMOD == os.DevNull {
		return "", errorf("%s: not in a module; run simgen where a go.mod requires it", n.Path)
	}
	if n.Dir == top || strings.HasPrefix(n.Dir, top+string(filepath.Separator)) {
		return n.Dir, nil
	}
	return top, nil
}

// testSimulator compiles a test executable that runs its simulation tests by
// itself.
func (b *builder) testSimulator(ctx context.Context, n *node, programs, tests []string, decl, output string) error {
	var ordinary []string
	for _, path := range []string{n.Path, n.Path + "_test"} {
		if e := b.entries[path]; e != nil {
			ordinary = append(ordinary, e.Ordinary...)
		}
	}
	src := fmt.Sprintf("func init() {\n%s\tsim.StandaloneTests(%q, %#v, %#v)\n}\n", b.declarations(n.Path, tests), n.Path, tests, ordinary)
	b, err := b.dormant(ctx, programs, n.Path)
	if err != nil {
		return err
	}
	main := testFile(decl, append([]string{"simgen/sim"}, blank(programs)...), src)
	return b.once(output, main, append([]string{n.Path, n.Path + "_test"}, programs...), func(file, out string) error {
		o := b.graph.overlayOf(b.entries)
		o[filepath.Join(n.Dir, programsFile)] = file
		b.config.progress("compiling %s", n.Path)
		return b.compile(ctx, o, out, n.Dir, ".", "test", "-c", "-vet=off")
	})
}

// withFile calls f with the name of a temporary Go file.
func (b *builder) withFile(src []byte, f func(file string) error) error {
	dir, err := os.MkdirTemp(b.cache.dir, "main-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, src, 0o666); err != nil {
		return err
	}
	return f(file)
}

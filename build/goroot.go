package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Two go commands do not accept an overlay over their own GOROOT: that of
// Go 1.24 looks for standard packages on the disk only, and any that lies in
// the module cache, where the go command puts toolchains that it downloads,
// refuses to see something there replaced. They work on a copy of it in
// simgen's cache, made of links, in which the spliced packages exist.

// needsCopy reports whether the go command of g has to work on a copy.
func (g *graph) needsCopy() bool {
	return g.env.Release == 24 || under(g.env.GOROOT, g.env.GOMODCACHE)
}

// goroot returns the GOROOT to compile with.
func (b *builder) goroot() (string, error) {
	from := b.graph.env.GOROOT
	if !b.graph.needsCopy() {
		return from, nil
	}
	to := filepath.Join(b.cache.dir, "goroot", strings.ReplaceAll(b.graph.env.GOVERSION, " ", "-"))
	if _, err := os.Stat(to); err != nil {
		b.config.progress("copying %s", from)
		tmp, err := os.MkdirTemp(b.cache.dir, "goroot-")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(tmp)
		if err := copyGoroot(from, tmp); err != nil {
			return "", err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return "", err
		}
		if err := os.Rename(tmp, to); err != nil {
			if _, statErr := os.Stat(to); statErr != nil {
				return "", err
			}
		}
	}
	return to, b.placeholders(to)
}

// copyGoroot links what a build needs of a GOROOT.
func copyGoroot(from, to string) error {
	for _, part := range []string{"VERSION", "go.env", "bin", "lib", "pkg", "src"} {
		err := filepath.WalkDir(filepath.Join(from, part), func(p string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) && p == filepath.Join(from, part) {
				return nil
			}
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			rel, err := filepath.Rel(from, p)
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			return link(p, filepath.Join(to, rel))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// placeholders makes every file of the spliced packages exist; the overlay
// says what is in them.
func (b *builder) placeholders(root string) error {
	for path, n := range b.graph.nodes {
		if len(n.sources) == 0 {
			continue
		}
		dir := filepath.Join(root, "src", filepath.FromSlash(path))
		if _, err := os.Stat(filepath.Join(dir, placeholder)); err == nil {
			continue
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, placeholder), []byte("package placeholder\n"), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// placeholder is a file that the overlay removes: it is there to be seen by
// who does not look at the overlay.
const placeholder = "zz_simgen_placeholder.go"

// inGoroot moves an overlay from the GOROOT that was loaded to the one that is
// compiled.
func (o overlay) inGoroot(g *graph, root string) overlay {
	if root == g.env.GOROOT {
		return o
	}
	moved := make(overlay, len(o))
	for from, to := range o {
		if rel, err := filepath.Rel(g.env.GOROOT, from); err == nil && under(from, g.env.GOROOT) {
			from = filepath.Join(root, rel)
		}
		moved[from] = to
	}
	for path, n := range g.nodes {
		if len(n.sources) > 0 {
			moved[filepath.Join(root, "src", filepath.FromSlash(path), placeholder)] = ""
		}
	}
	return moved
}

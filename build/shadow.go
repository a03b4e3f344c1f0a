package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/mod/modfile"
)

// The go command refuses an overlay over the module cache, which is meant never
// to change. So a module from there is built from a shadow of it, a directory
// of simgen's cache that holds the rewritten files and links to the others; a
// copy of go.mod (or go.work) with a replace directive for each leads there.
// The import paths, and everything that depends on them, stay what they are.

// inModCache reports whether a node's files are in the module cache.
func (g *graph) inModCache(n *node) bool {
	return n.module != nil && under(n.Dir, g.env.GOMODCACHE)
}

func under(file, dir string) bool {
	return dir != "" && strings.HasPrefix(file, dir+string(filepath.Separator))
}

// shadows is how the go command uses the shadows of a program's modules.
type shadows struct {
	flags, env []string
	dirs       map[string]string // a module's directory => that of its shadow
}

// shadow makes the shadows of all modules of the program. Files that the go
// command needs are written to tmp.
func (b *builder) shadow(tmp string) (*shadows, error) {
	modules := map[string][]*node{} // by directory
	for _, path := range b.graph.order {
		if n := b.graph.nodes[path]; b.graph.inModCache(n) {
			modules[moduleDir(n)] = append(modules[moduleDir(n)], n)
		}
	}
	s := &shadows{dirs: map[string]string{}}
	var replace []replacement
	for dir, nodes := range modules {
		to, err := b.shadowModule(dir, nodes)
		if err != nil {
			return nil, err
		}
		s.dirs[dir] = to
		s.flags = append(s.flags, originalPositions(dir, to, nodes)...)
		replace = append(replace, replacement{nodes[0].module.Path, nodes[0].module.Version, to})
	}
	sort.Slice(replace, func(i, j int) bool { return replace[i].path < replace[j].path })
	switch {
	case len(replace) == 0:
		return s, nil
	case b.graph.env.GOWORK != "" && b.graph.env.GOWORK != "off":
		file, err := b.replaceInWork(tmp, replace)
		s.env = []string{"GOWORK=" + file}
		return s, err
	}
	file, err := b.replaceInMod(tmp, replace)
	s.flags = append(s.flags, "-modfile="+file, "-mod=mod")
	return s, err
}

// originalPositions has the compiler say that the files of a shadow lie where
// their originals do: in the stacks that people read, and for programs that
// look for other files beside their source.
func originalPositions(dir, shadow string, nodes []*node) (flags []string) {
	for _, n := range nodes {
		path := n.Path
		if strings.HasSuffix(n.Name, "_test") {
			path = strings.TrimSuffix(path, "_test") // external tests have the flags of their package
		}
		flags = append(flags, fmt.Sprintf("-gcflags=%s=\"-trimpath=%s=>%s\"", path, shadow, dir))
	}
	slices.Sort(flags)
	return slices.Compact(flags)
}

// inShadows moves the files that an overlay adds to modules of the module cache
// to where these are compiled.
func (o overlay) inShadows(s *shadows) overlay {
	moved := make(overlay, len(o))
	for from, to := range o {
		for dir, shadow := range s.dirs {
			if rel, err := filepath.Rel(dir, from); err == nil && under(from, dir) {
				from = filepath.Join(shadow, rel)
				break
			}
		}
		moved[from] = to
	}
	return moved
}

// A replacement says that a module is found in a directory.
type replacement struct{ path, version, dir string }

func moduleDir(n *node) string {
	if r := n.module.Replace; r != nil && r.Dir != "" {
		return r.Dir
	}
	return n.module.Dir
}

// shadowModule returns the shadow of the module in dir, of which the program
// contains nodes.
func (b *builder) shadowModule(dir string, nodes []*node) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, "shadow", dir)
	for _, n := range nodes {
		fmt.Fprintln(h, n.Path, b.keys[n.Path])
	}
	to := filepath.Join(b.cache.dir, "mod", hex.EncodeToString(h.Sum(nil)[:12]), filepath.Base(dir))
	if _, err := os.Stat(to); err == nil {
		use(filepath.Dir(to))
		return to, nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(to), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	if err := b.fillShadow(tmp, dir, nodes); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, to); err != nil {
		if _, statErr := os.Stat(to); statErr != nil {
			return "", err
		}
	}
	return to, nil
}

// fillShadow puts a module's files into an empty directory.
func (b *builder) fillShadow(to, dir string, nodes []*node) error {
	// What is rewritten comes first and stays: a package and its external tests
	// are two nodes with one directory, and to each the other's files are originals.
	for _, n := range nodes {
		if err := b.linkRewritten(to, dir, n); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		if err := linkOriginals(to, dir, n); err != nil {
			return err
		}
	}
	mod := filepath.Join(to, "go.mod")
	if _, err := os.Stat(mod); err == nil {
		return nil
	}
	m := nodes[0].module
	if m.Replace != nil {
		m = m.Replace
	}
	return link(m.GoMod, mod)
}

// linkRewritten links the rewritten files of a package of the module in dir.
func (b *builder) linkRewritten(to, dir string, n *node) error {
	rel, err := filepath.Rel(dir, n.Dir)
	if err != nil {
		return err
	}
	e := b.entries[n.Path]
	for _, name := range e.Replace {
		if err := link(filepath.Join(e.Dir, name), filepath.Join(to, rel, name)); err != nil {
			return err
		}
	}
	return nil
}

// linkOriginals links the files of a package that are not there yet.
func linkOriginals(to, dir string, n *node) error {
	rel, err := filepath.Rel(dir, n.Dir)
	if err != nil {
		return err
	}
	files, err := os.ReadDir(n.Dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Type().IsRegular() {
			if err := link(filepath.Join(n.Dir, f.Name()), filepath.Join(to, rel, f.Name())); err != nil {
				return err
			}
		}
	}
	for _, f := range n.embed {
		if r, err := filepath.Rel(dir, f); err == nil && filepath.Dir(f) != n.Dir {
			if err := link(f, filepath.Join(to, r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// link makes to the same file as from, or a copy where links are not possible.
func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if err := os.Link(from, to); err == nil || os.IsExist(err) {
		return nil
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	return dst.Close()
}

// replaceInMod writes a copy of go.mod with replacements, and of go.sum.
func (b *builder) replaceInMod(tmp string, list []replacement) (string, error) {
	mod := b.graph.env.GOMOD
	data, err := os.ReadFile(mod)
	if err != nil {
		return "", err
	}
	f, err := modfile.Parse(mod, data, nil)
	if err != nil {
		return "", errorf("%v", err)
	}
	if err := replaceAll(f, f.Replace, list); err != nil {
		return "", err
	}
	f.Cleanup()
	if data, err = f.Format(); err != nil {
		return "", err
	}
	file := filepath.Join(tmp, "go.mod")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		return "", err
	}
	return file, copyIfThere(strings.TrimSuffix(mod, ".mod")+".sum", filepath.Join(tmp, "go.sum"))
}

// replaceInWork writes a copy of go.work with replacements, and of go.work.sum.
func (b *builder) replaceInWork(tmp string, list []replacement) (string, error) {
	work := b.graph.env.GOWORK
	data, err := os.ReadFile(work)
	if err != nil {
		return "", err
	}
	f, err := modfile.ParseWork(work, data, nil)
	if err != nil {
		return "", errorf("%v", err)
	}
	absolute := func(p string) string {
		if filepath.IsAbs(p) {
			return p
		}
		return filepath.Join(filepath.Dir(work), p)
	}
	for _, u := range append([]*modfile.Use{}, f.Use...) {
		path := u.Path
		if err := f.DropUse(path); err != nil {
			return "", err
		}
		if err := f.AddUse(absolute(path), u.ModulePath); err != nil {
			return "", err
		}
	}
	for _, r := range append([]*modfile.Replace{}, f.Replace...) {
		if modfile.IsDirectoryPath(r.New.Path) {
			if err := f.AddReplace(r.Old.Path, r.Old.Version, absolute(r.New.Path), ""); err != nil {
				return "", err
			}
		}
	}
	if err := replaceAll(f, f.Replace, list); err != nil {
		return "", err
	}
	f.Cleanup()
	file := filepath.Join(tmp, "go.work")
	if err := os.WriteFile(file, modfile.Format(f.Syntax), 0o666); err != nil {
		return "", err
	}
	return file, copyIfThere(work+".sum", file+".sum")
}

// replaceAll makes a go.mod or go.work say of each module where its shadow is,
// and nothing else; had is what it says now.
func replaceAll(f interface {
	DropReplace(path, version string) error
	AddReplace(oldPath, oldVersion, newPath, newVersion string) error
}, had []*modfile.Replace, list []replacement) error {
	had = slices.Clone(had) // dropping changes it
	for _, r := range list {
		for _, h := range had {
			if h.Old.Path == r.path {
				if err := f.DropReplace(h.Old.Path, h.Old.Version); err != nil {
					return err
				}
			}
		}
		if err := f.AddReplace(r.path, r.version, r.dir, ""); err != nil {
			return err
		}
	}
	return nil
}

func copyIfThere(from, to string) error {
	data, err := os.ReadFile(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o666)
}

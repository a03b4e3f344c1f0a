package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"syscall"

	"github.com/simgen-dev/simgen"
	"github.com/simgen-dev/simgen/rewrite"
)

// An entry is what the cache holds of one node: its rewritten files and what
// others need to know of it. Files are stored beside the entry under their
// base names.
type entry struct {
	Dir      string            `json:"-"`
	Replace  []string          // base names of files that replace or join the originals
	Vars     []string          // per-process package variables
	Rouses   []string          // packages that may not be dormant although this one is
	Programs map[string]string // main packages named by constants of type sim.Program, and where: file:line:column
	Tests    []string          // test functions that reach sim.Test
	Ordinary []string          // test functions that do not
	Reaching []string          // all functions that do
	TestDecl string            // package clause of the file that declares Programs
	Mentions mentions          `json:",omitempty"` // nil: imports the harness neither directly nor otherwise

	Kernel   map[string][]rewrite.KernelCall `json:",omitempty"` // system calls that its functions come to
	Uses     []rewrite.KernelUse             `json:",omitempty"` // those that it names
	Warnings []rewrite.Diagnostic            `json:",omitempty"`
}

// A cache keeps rewritten packages by the hash of all that went into them.
type cache struct {
	dir  string
	lock *os.File // held until the process ends
}

// cacheDir is $SIMGEN_CACHE, or simgen in the user's cache directory.
func cacheDir() (string, error) {
	if dir := os.Getenv("SIMGEN_CACHE"); dir != "" {
		return filepath.Abs(dir) // the go command runs in other directories
	}
	base, err := os.UserCacheDir()
	return filepath.Join(base, "simgen"), err
}

// explain gives an error of the cache, which may be read but not written, or be
// full, its way out.
func explain(err *error) {
	if !errors.Is(*err, fs.ErrPermission) && !errors.Is(*err, syscall.EROFS) && !errors.Is(*err, syscall.ENOSPC) {
		return
	}
	if dir, dirErr := cacheDir(); dirErr == nil && strings.Contains((*err).Error(), dir) {
		*err = errorf("cache directory: %v; set SIMGEN_CACHE to a directory that can be written and has room", *err)
	}
}

// openCache opens the cache.
func openCache() (*cache, error) {
	dir, err := cacheDir()
	if err != nil {
		return nil, errorf("no cache directory: %v; set SIMGEN_CACHE to a directory", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "rewrite"), 0o777); err != nil {
		return nil, errorf("cache directory: %v; set SIMGEN_CACHE to a directory that can be written", err)
	}
	c := &cache{dir: dir}
	if err := c.share(); err != nil {
		return nil, errorf("cache directory: %v; set SIMGEN_CACHE to a directory that can be written", err)
	}
	return c, c.trimIfDue()
}

func (c *cache) path(key string) string { return filepath.Join(c.dir, "rewrite", key[:2], key) }

// get returns the entry of key, or nil.
func (c *cache) get(key string) *entry {
	dir := c.path(key)
	data, err := os.ReadFile(filepath.Join(dir, "entry.json"))
	if err != nil {
		return nil
	}
	e := &entry{Dir: dir}
	if json.Unmarshal(data, e) != nil {
		return nil
	}
	use(dir)
	return e
}

// put stores an entry; another process may store the same one at the same
// time.
func (c *cache) put(key string, e *entry, files map[string][]byte) (*entry, error) {
	dir := c.path(key)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	for name, data := range files {
		e.Replace = append(e.Replace, name)
		if err := os.WriteFile(filepath.Join(tmp, name), data, 0o666); err != nil {
			return nil, err
		}
	}
	sort.Strings(e.Replace)
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(tmp, "entry.json"), data, 0o666); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, dir); err != nil && c.get(key) == nil {
		// What is there is no entry: the machine went down while it was written.
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
		if err := os.Rename(tmp, dir); err != nil && c.get(key) == nil {
			return nil, err
		}
	}
	e.Dir = dir
	return e, nil
}

// toolHash identifies the rewriter: its source, and the Go release that the
// tool was built with, whose parser, type checker and printer it uses.
var toolHash = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	err := fs.WalkDir(simgen.Tool, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		data, err := simgen.Tool.ReadFile(p)
		fmt.Fprintf(h, "%s %d\n", p, len(data))
		h.Write(data)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
})

// keys computes the key of every node: the tool, the Go release, the files,
// and the keys of what it imports.
func (g *graph) keys(tags string) (map[string]string, error) {
	tool, err := toolHash()
	if err != nil {
		return nil, err
	}
	keys := make(map[string]string, len(g.order))
	for _, path := range g.order {
		n := g.nodes[path]
		h := sha256.New()
		fmt.Fprintf(h, "%s\n%s %s %s\n%s\n%s %s %s %s %v\n", tool, g.env.GOVERSION, g.env.GOOS, g.env.GOARCH, tags, n.Path, n.Name, n.Dir, n.Lang, n.tests)
		for _, f := range slices.Concat(n.files, n.asm, n.aside) {
			if err := hashFile(h, n, f); err != nil {
				return nil, err
			}
		}
		for _, name := range slices.Sorted(maps.Keys(n.strings)) {
			fmt.Fprintf(h, "-X %s=%q\n", name, n.strings[name])
		}
		imports := make([]string, 0, len(n.imports))
		for as, to := range n.imports {
			if to == "simgen" {
				continue // called, but nothing of it decides how others are rewritten
			}
			imports = append(imports, as+" "+keys[to])
		}
		sort.Strings(imports)
		for _, i := range imports {
			fmt.Fprintln(h, i)
		}
		keys[path] = hex.EncodeToString(h.Sum(nil))
	}
	return keys, nil
}

// hashFile mixes in one file: its contents, or for the standard library, which
// belongs to the release and is never edited, its size and time.
func hashFile(h io.Writer, n *node, file string) error {
	if data, ok := n.sources[file]; ok {
		fmt.Fprintf(h, "%s %d\n", filepath.Base(file), len(data))
		_, err := h.Write(data)
		return err
	}
	if n.Std {
		fi, err := os.Stat(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %d %d\n", file, fi.Size(), fi.ModTime().UnixNano())
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "%s %d\n", file, len(data))
	_, err = h.Write(data)
	return err
}

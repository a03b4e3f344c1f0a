package build

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sort"

	"github.com/simgen-dev/simgen/rewrite"
)

// A RewrittenFile is one file of a package before and after.
type RewrittenFile struct {
	ImportPath string
	Original   string // absolute path; of a file that is added, where it would be
	Rel        string // import path and base name, for a tree
	Before     []byte // nil for a file that is added
	After      []byte
}

// Rewrite returns the files of the matching packages that an instrumented
// build changes or adds, in the order of packages and names.
func Rewrite(ctx context.Context, c Config, patterns []string) (list []RewrittenFile, err error) {
	defer explain(&err)
	b, err := c.prepare(ctx, true, patterns)
	if err != nil {
		return nil, err
	}
	for _, root := range b.graph.roots {
		for _, path := range []string{root, root + "_test"} {
			e := b.entries[path]
			if e == nil {
				continue
			}
			n := b.graph.nodes[path]
			for _, name := range e.Replace {
				f := RewrittenFile{ImportPath: path, Original: filepath.Join(n.Dir, name), Rel: filepath.Join(filepath.FromSlash(root), name)}
				if f.After, err = os.ReadFile(filepath.Join(e.Dir, name)); err != nil {
					return nil, err
				}
				// A copy of the files elsewhere is about those beside it.
				f.After = bytes.ReplaceAll(f.After, []byte("//line "+n.Dir+string(filepath.Separator)), []byte("//line "))
				if f.Before, err = os.ReadFile(f.Original); err != nil && !os.IsNotExist(err) {
					return nil, err
				}
				list = append(list, f)
			}
		}
	}
	return list, nil
}

// Check returns what in the matching packages, or in anything they depend on,
// cannot be simulated, and warnings of what the simulated machine lacks, by position.
func Check(ctx context.Context, c Config, patterns []string) (diags []rewrite.Diagnostic, err error) {
	defer explain(&err)
	b, diags, err := c.prepareDiagnosed(ctx, true, patterns)
	if err != nil {
		return nil, err
	}
	m, err := readMachine()
	if err != nil {
		return nil, err
	}
	for _, path := range b.graph.order {
		for _, e := range []*entry{b.entries[path], b.rewriter.refused[path]} {
			if e != nil {
				diags = append(append(diags, e.Warnings...), m.lacking(e.Uses)...)
			}
		}
	}
	sort.SliceStable(diags, func(i, j int) bool { return less(diags[i].Pos, diags[j].Pos) })
	return diags, nil
}

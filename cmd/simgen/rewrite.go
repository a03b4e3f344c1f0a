package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/simgen-dev/simgen/build"
)

var rewriteCommand = command{
	name:  "rewrite",
	args:  "[-d] [-o dir] [-tags list] [packages]",
	short: "show what the rewriter does to packages",
	long: `
Rewrite shows what becomes of the source of packages before they are compiled
for the simulation. The packages themselves are not changed.

Without flags it lists the files that change. With -d it writes a unified diff
to standard output; with -o the rewritten files, as a tree of import paths, to
a directory. That directory is new, empty, or one an earlier run wrote, which
this run replaces.`,
	setup: func(flags *flag.FlagSet) body {
		diff := flags.Bool("d", false, "write a unified diff to standard output")
		output := flags.String("o", "", "write the rewritten files below `dir`")
		tags := flags.String("tags", "", tagsUsage)
		return func(ctx context.Context, args []string, std stdio) error {
			return runRewrite(ctx, args, *diff, *output, *tags, std)
		}
	},
}

func runRewrite(ctx context.Context, args []string, diff bool, output, tags string, std stdio) error {
	if diff && output != "" {
		return usagef("-d and -o exclude each other: a diff goes to standard output")
	}
	if output != "" {
		// Before the work, so that a refusal is quick.
		if err := checkTreeDir(output); err != nil {
			return err
		}
	}
	cwd, groups, err := targetsHere(args)
	if err != nil {
		return err
	}
	var files []build.RewrittenFile
	for _, where := range groups {
		config := build.Config{Dir: where.dir, Tags: tags}
		more, err := build.Rewrite(ctx, config, where.patterns)
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	switch {
	case diff:
		return writeDiff(std.out, cwd, files)
	case output != "":
		return writeRewritten(std, output, files)
	}
	for _, f := range files {
		fmt.Fprintf(std.out, "%s: %s\n", f.ImportPath, displayName(cwd, f))
	}
	return nil
}

// displayName is the file's path as a diff shows it: relative to the working
// directory if it is below it, otherwise by import path.
func displayName(cwd string, f build.RewrittenFile) string {
	if f.Original != "" {
		if rel, err := filepath.Rel(cwd, f.Original); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return f.Rel
}

// writeDiff writes the changes in the form that git apply and patch -p1 read.
func writeDiff(w io.Writer, cwd string, files []build.RewrittenFile) error {
	for _, f := range files {
		name := displayName(cwd, f)
		from, to := "a/"+name, "b/"+name
		if f.Before == nil {
			from = "/dev/null"
		}
		text, err := unified(from, to, string(f.Before), string(f.After))
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		header := fmt.Sprintf("diff --git a/%s b/%s\n", name, name)
		if f.Before == nil {
			header += "new file mode 100644\n"
		}
		if _, err := io.WriteString(w, header+text); err != nil {
			return err
		}
	}
	return nil
}

// unified is the unified diff of two texts. The library counts the lines of the
// new text wrongly where it has joined changes into one hunk, and patch needs
// them right: they follow from the old text's lines and from what the hunks
// before have added.
func unified(from, to, before, after string) (string, error) {
	u, err := udiff.ToUnifiedDiff(from, to, before, udiff.Lines(before, after), udiff.DefaultContextLines)
	if err != nil {
		return "", err
	}
	added := 0
	for _, h := range u.Hunks {
		h.ToLine = h.FromLine + added
		for _, l := range h.Lines {
			switch l.Kind {
			case udiff.Insert:
				added++
			case udiff.Delete:
				added--
			}
		}
	}
	return u.String(), nil
}

func writeRewritten(std stdio, dir string, files []build.RewrittenFile) error {
	tree := make(map[string][]byte, len(files))
	for _, f := range files {
		tree[f.Rel] = f.After
	}
	if err := writeTree(dir, tree); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "wrote %s to %s\n", count(len(tree), "file"), strings.TrimSuffix(dir, "/"))
	return nil
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A target is a set of package patterns that are read from one directory. The
// go command only knows the packages of the module it is started in, so a
// pattern that names a directory of another module (an example, say) is read
// from that module's root.
type target struct {
	dir      string
	patterns []string
}

// targetsHere is targets in the working directory, which it returns too.
func targetsHere(patterns []string) (cwd string, groups []target, err error) {
	if cwd, err = os.Getwd(); err != nil {
		return "", nil, err
	}
	groups, err = targets(cwd, patterns)
	return cwd, groups, err
}

// targets groups the patterns given on the command line by the module their
// directory belongs to, in the order in which the modules are first named. No
// pattern at all means the package in the working directory.
func targets(cwd string, patterns []string) ([]target, error) {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	home := moduleRoot(cwd)
	var groups []target
	add := func(dir, pattern string) {
		for i := range groups {
			if groups[i].dir == dir {
				groups[i].patterns = append(groups[i].patterns, pattern)
				return
			}
		}
		groups = append(groups, target{dir, []string{pattern}})
	}
	for _, pattern := range patterns {
		if !isPath(pattern) {
			if strings.HasSuffix(pattern, ".go") {
				return nil, usagef("%s is a file: name its directory", pattern)
			}
			add(cwd, pattern)
			continue
		}
		dir, tree := strings.CutSuffix(filepath.ToSlash(pattern), "/...")
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(cwd, dir)
		}
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return nil, usagef("%s is a file: name its directory", pattern)
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil, usagef("no directory %s: name a package directory, an import path, or ./...", pattern)
		}
		root := moduleRoot(dir)
		if root == home {
			add(cwd, pattern)
			continue
		}
		if root == "" {
			return nil, usagef("%s is in no module: run go mod init there first", pattern)
		}
		add(root, patternIn(root, dir, tree))
	}
	return groups, nil
}

// isPath says whether a pattern names a directory rather than an import path,
// by the go command's rule.
func isPath(pattern string) bool {
	p := filepath.ToSlash(pattern)
	return p == "." || p == ".." || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") || filepath.IsAbs(pattern)
}

// patternIn writes dir, with everything below it if tree is set, as a pattern
// to be read from root.
func patternIn(root, dir string, tree bool) string {
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		// Both are absolute and root is a parent of dir.
		rel = dir
	}
	pattern := "."
	if rel != "." {
		pattern = "./" + filepath.ToSlash(rel)
	}
	if tree {
		pattern += "/..."
	}
	return pattern
}

// moduleRoot is the nearest directory at or above dir with a go.mod, or "".
func moduleRoot(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

package build

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// A programError is about a main package that a constant of type sim.Program names.
type programError struct {
	path string
	err  error
}

func (e *programError) Error() string { return e.err.Error() }

// maxNearest is how many main packages are offered instead.
const maxNearest = 3

// explainProgram says where a program that cannot be had is named, and, if it would be in the user's own module, which main packages there
// are.
func (c Config) explainProgram(ctx context.Context, env *goEnv, e *programError, where string) error {
	if where == "" {
		return e.err
	}
	where = relative(where)
	dir := filepath.Dir(env.GOMOD)
	c.Dir = dir
	module, err := c.run(ctx, "go", "list", "-m", "-f", "{{.Path}}")
	if own := strings.TrimSpace(string(module)); err != nil || e.path != own && !strings.HasPrefix(e.path, own+"/") {
		return errorf("%s: the program %q: %v", where, e.path, e.err)
	}
	out, err := c.run(ctx, "go", "list", "-e", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	mains := strings.Fields(string(out))
	if err != nil || len(mains) == 0 {
		return errorf("%s: there is no main package %q, nor any other in its module", where, e.path)
	}
	slices.SortStableFunc(mains, func(a, b string) int { return cmp.Compare(distance(e.path, a), distance(e.path, b)) })
	nearest := mains[:min(len(mains), maxNearest)]
	for i, m := range nearest {
		nearest[i] = fmt.Sprintf("%q", m)
	}
	return errorf("%s: there is no main package %q: the nearest in its module are %s", where, e.path, strings.Join(nearest, ", "))
}

// distance is how many characters have to be inserted, removed or replaced to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

package rewrite_test

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
)

// A directory that holds nothing but external tests is a package without files
// and without a name. Nothing can be added to it.
func TestPackageWithoutFiles(t *testing.T) {
	p := &rewrite.Package{Path: "example.com/tests", Fset: token.NewFileSet(), Types: types.NewPackage("example.com/tests", ""), Info: &types.Info{}}
	res, diags := rewrite.Rewrite(p, rewrite.Options{ImportableMain: true})
	if len(diags) > 0 || len(res.Files) > 0 || len(res.Added) > 0 {
		t.Errorf("got %d files and %d new ones, %v", len(res.Files), len(res.Added), diags)
	}
}

package rewrite_test

import (
	"go/types"
	"strings"
	"testing"

	"github.com/simgen-dev/simgen/rewrite"
)

// TestPolicyNamesVariables checks that each row about variables finds some in
// the Go release that runs the test, none of which is a function that remembers
// whether it was called, and that each row has a reason.
func TestPolicyNamesVariables(t *testing.T) {
	u := newUniverse(t)
	for _, rule := range rewrite.DefaultPolicy.Rules {
		if rule.Reason == "" {
			t.Errorf("%s: no reason", rule.Package)
		}
		if n := release(); n > 0 && (n < rule.Since || rule.Until > 0 && n > rule.Until) {
			continue
		}
		if len(rule.Shared) == 0 || rule.Shared[0] == "*" {
			continue
		}
		path := rule.Package
		if strings.HasPrefix(path, "golang.org/") {
			path = "vendor/" + path
		}
		p, err := u.Import(path)
		if err != nil {
			t.Logf("%s: %v", path, err) // another release has no such package
			continue
		}
		for _, pattern := range rule.Shared {
			found := variables(p, pattern)
			if len(found) == 0 {
				t.Errorf("%s: no variable %s", path, pattern)
			}
			for _, v := range found {
				if _, function := v.Type().Underlying().(*types.Signature); function {
					t.Errorf("%s.%s is a function: the first process that calls it may do more than the others", path, v.Name())
				}
			}
		}
	}
}

func variables(p *types.Package, pattern string) (found []*types.Var) {
	prefix, wild := strings.CutSuffix(pattern, "*")
	for _, name := range p.Scope().Names() {
		v, ok := p.Scope().Lookup(name).(*types.Var)
		if ok && (name == pattern || wild && strings.HasPrefix(name, prefix)) {
			found = append(found, v)
		}
	}
	return found
}

// TestRuntimeHasFunctions checks that what the rewriter puts in the place of
// package runtime's functions and variable exists with the same type.
func TestRuntimeHasFunctions(t *testing.T) {
	u := newUniverse(t)
	native, err := u.Import("runtime")
	if err != nil {
		t.Fatal(err)
	}
	simgen, _ := u.Import("simgen")
	for _, name := range rewrite.RuntimeFuncs() {
		want, got := native.Scope().Lookup(name), simgen.Scope().Lookup(name)
		switch {
		case want == nil:
			continue // not in this release
		case got == nil:
			t.Errorf("the simulation runtime has no function %s", name)
			continue
		}
		wanted := want.Type()
		if _, ok := want.(*types.Var); ok { // in its place stands a function that returns its address
			result := types.NewTuple(types.NewParam(0, nil, "", types.NewPointer(wanted)))
			wanted = types.NewSignatureType(nil, nil, nil, nil, result, false)
		}
		q := func(*types.Package) string { return "" }
		if w, g := types.TypeString(wanted, q), types.TypeString(got.Type(), q); !sameSignature(w, g) {
			t.Errorf("%s: %s, want %s", name, g, w)
		}
	}
}

// sameSignature compares types up to the names of parameters and the two
// spellings of the empty interface.
func sameSignature(a, b string) bool {
	tidy := strings.NewReplacer("interface{}", "any", "x any", "obj any", "finalizer any", "finalizer any", "(buf []byte)", "[]byte")
	return tidy.Replace(a) == tidy.Replace(b)
}

package floor

import (
	"sort"
	"strings"
	"testing"
)

// Every definition that Go's runtime pushes to a package above the floor has a
// row, or stands in the table of those that may stay native. What a new release
// adds shows up here, by name.
func TestEveryPushIsDecided(t *testing.T) { forEachTarget(t, everyPushIsDecided) }

func everyPushIsDecided(t *testing.T, target Target) {
	decided := map[string]bool{}
	for _, r := range Rows {
		decided[r.Pkg+"."+r.Func] = true
	}
	for _, n := range Native {
		if n.Reason == "" {
			t.Errorf("%s: no reason", n.Func)
		}
		decided[n.Func] = true
	}
	var missing []string
	for _, path := range RuntimePackages {
		for name, src := range goSources(t, path, target.Arch) {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			for _, m := range push.FindAllSubmatch(src, -1) {
				pkg, fn := string(m[3]), string(m[4])
				if !belowFloor(pkg) && !decided[pkg+"."+fn] && !decided[pkg+".*"] {
					missing = append(missing, pkg+"."+fn)
				}
			}
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		t.Errorf("Go 1.%d pushes what nobody has decided about; give each a row, or an entry in Native with its reason:\n\t%s", release(t), strings.Join(missing, "\n\t"))
	}
}

// belowFloor reports whether a package is part of what stays native as a whole.
func belowFloor(pkg string) bool {
	if IsExempt(pkg) && pkg != "internal/sync" && pkg != "iter" || pkg == "runtime" || pkg == "main" {
		return true
	}
	for _, p := range []string{"internal/abi", "internal/bytealg", "internal/cpu", "internal/runtime/", "runtime.", "libc", "sync/atomic"} {
		if strings.HasPrefix(pkg, p) {
			return true
		}
	}
	return false
}

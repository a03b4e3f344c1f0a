package rewrite

import "sort"

// RuntimeFuncs lists what of package runtime is replaced.
func RuntimeFuncs() []string {
	var names []string
	for name, replaced := range runtimeFuncs {
		if replaced {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

package rewrite

import "sort"

// RuntimeFuncs lists the functions of package runtime that are replaced.
func RuntimeFuncs() []string {
	var names []string
	for name := range runtimeFuncs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

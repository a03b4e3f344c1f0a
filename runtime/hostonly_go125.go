//go:build go1.25

package runtime

import "runtime"

// SetDefaultGOMAXPROCS is runtime.SetDefaultGOMAXPROCS.
//
//go:norace
func SetDefaultGOMAXPROCS() {
	if g := current(); g != nil {
		g.process.maxProcs = numCPU
		return
	}
	runtime.SetDefaultGOMAXPROCS()
}

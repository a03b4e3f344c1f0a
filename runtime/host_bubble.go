//go:build simgen_spliced && go1.25

package runtime

import (
	"runtime"
	"unsafe"
)

// The marks of bubbles come from Go's own bubbles, and what belongs to one is
// noted where they note it: with the object, so that it is forgotten with it.

//go:norace
func hostBubbleMark() uint64 { return runtime.SimgenBubbleMark() }

//go:norace
func hostAssociate(p unsafe.Pointer, mark uint64, add bool) int {
	return runtime.SimgenAssociate(p, mark, add)
}

//go:norace
func hostDisassociate(p unsafe.Pointer) { runtime.SimgenDisassociate(p) }

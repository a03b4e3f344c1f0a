//go:build simgen_spliced && !go1.25

package runtime

import "unsafe"

// Go 1.24 has no bubbles but as an experiment, which is not simulated.

//go:norace
func hostBubbleMark() uint64 { panic("no bubbles before Go 1.25") }

//go:norace
func hostAssociate(unsafe.Pointer, uint64, bool) int { return 0 }

//go:norace
func hostDisassociate(unsafe.Pointer) {}

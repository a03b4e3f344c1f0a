package runtime

// Vars returns the iterator itself and the zero values that its loop variables
// start with. Rewritten loops of files below Go 1.22, where all iterations
// share their variables, declare them with it:
//
//	for it, v := RangeChan(ch).Vars(); it.Next(); {
//
//go:norace
func (it *ChanIter[T]) Vars() (*ChanIter[T], T) {
	var v T
	return it, v
}

// Vars is what it is for channels.
//
//go:norace
func (it *MapIter[K, V]) Vars() (*MapIter[K, V], K, V) {
	var k K
	var v V
	return it, k, v
}

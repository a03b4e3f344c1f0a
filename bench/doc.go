// Package bench compares the speed of the simulator with that of native Go: the same code, once as it is and once inside a
// simulation, by the host's clock, in the same run.
//
//	go test -bench . -benchtime 1x
//
// Each line of the output has both figures and their ratio: simulated by native, so less than one is faster than native. They are
// measured by the benchmarks themselves, whence -benchtime 1x: it only leaves out the repetitions of nothing. The remaining benchmarks say how fast whole simulations of the
// examples are.
package bench

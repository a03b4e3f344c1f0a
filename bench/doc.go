// Package bench compares the speed of the simulator with that of native Go: the same code, once as it is and once inside a
// simulation, by the host's clock, in the same run.
//
//	go test -bench .
//
// Each line of the output has both figures and their ratio. The remaining benchmarks say how fast whole simulations of the
// examples are.
package bench

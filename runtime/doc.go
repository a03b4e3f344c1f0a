// Package runtime is a deterministic Go runtime: goroutines, channels, select,
// sync primitives, timers, map order, randomness and package variables of a
// simulated process, all driven by one seed.
package runtime

// Package orders has a test that says in which order two goroutines did what they did, for each kind of operation at which one can
// overtake the other. It always fails, since only the words of a failed test are reported. Who runs it on many seeds sees which
// orders there are.
package orders

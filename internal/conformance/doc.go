// Conformance runs test suites of other people, the standard library's first, natively and simulated, and
// writes docs/conformance.md: how many tests that pass natively pass on every seed in the simulation, and why
// the others do not.
//
//	go run ./internal/conformance                 everything, an hour or two
//	go run ./internal/conformance -run '^net/'    these packages; the results of the others are kept
//	go run ./internal/conformance -run '^$'       only writes the page again
//
// What a package came to is kept in testdata/conformance/results.json, so that the page can be made anew
// package by package. The reasons are in testdata/conformance/reasons.txt, by hand. The exit code is 1 when a
// suite is below what it is meant to reach, a test that does not count has no reason, or a reason has no such test.
package main

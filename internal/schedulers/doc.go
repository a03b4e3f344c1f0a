// Schedulers measures how many seeds each scheduler needs to find the bugs in testdata/bugs, and writes
// docs/schedulers.md.
//
//	go run ./internal/schedulers
//
// takes some minutes and always comes to the same result. Its tests hold the default scheduler to finding every
// bug, and to passing everything that is none.
package main

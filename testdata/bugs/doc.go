// Package bugs is a collection of concurrency bugs, as ordinary tests. It measures how well schedules find them.
//
// Each bug is a test of a few lines, written for this collection. Its comment names the class of the bug and, where the shape
// of the bug is publicly known, where from. A last line, the directive want, has the kind of failure that "simgen stress" has to
// report for it:
//
//	//want:deadlock
//
// or several, separated by commas, if that depends on the schedule.
//
// Each test TestX has a twin TestXFixed, the same without the bug, which passes on every schedule. Bugs that want a race
// pass without the race detector.
//
// The studies that are cited:
//
//   - Tu: Tu, Liu, Song, Zhang: Understanding Real-World Concurrency Bugs in Go, ASPLOS 2019.
//   - GoBench: Yuan, Li, Lu, Liu, Li, Xue: GoBench: A Benchmark Suite of Real-World Go Concurrency Bugs, CGO 2021. A name like
//     moby#17176 is the name of a bug in it: a pull request of that project.
package bugs

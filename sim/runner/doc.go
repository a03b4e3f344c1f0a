// Package runner runs seeds of instrumented binaries over parallel worker processes.
//
// A worker is the instrumented binary itself, started with SIMGEN_WORKER=1; it speaks the
// protocol of protocol.go over two inherited descriptors. The runner is the parent: it hands
// out seeds one by one, watches over the time each takes, replaces workers that die, and
// puts the results together in a report.
//
// The command and the executables made by "simgen build" call it. It imports std and
// sim/report only, and never runs inside a simulation.
package runner

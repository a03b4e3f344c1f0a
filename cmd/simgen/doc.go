// Simgen runs unmodified Go servers inside a deterministic simulation.
//
// This package is the command and nothing else: it reads flags, calls the
// packages that do the work (build, sim/runner, and for generate the scaffold
// package beside it), and turns what they return into text, JSON and an exit
// code. It holds no knowledge of how a program is rewritten or simulated.
//
// The shape is the same in every file: a subcommand is a row of the table in
// command.go, a function that gets its parsed arguments and returns an error.
// Only main prints an error and only main exits. The exit codes are
//
//	0  everything asked for was done, and every seed passed
//	1  a seed failed (test), or something cannot be simulated (check)
//	2  wrong usage, or the program could not be built
package main

// Package simgen carries the source of the packages that are spliced into a
// simulated program: the simulation runtime, the simulated machine and the
// harness. The build embeds them, so that a program is always simulated by the
// code that belongs to the tool that instrumented it.
//
// The command is cmd/simgen; what simulation tests are written against is
// package sim.
package simgen

import "embed"

// Module is the import path under which the embedded packages are known
// outside an instrumented build.
const Module = "github.com/simgen-dev/simgen"

// Source holds the folders runtime, shim and sim.
//
//go:embed runtime shim sim
var Source embed.FS

// Tool holds what decides how a package is rewritten: the rewriter, the build
// and the versions of what they are made of. Its hash tells whether a package
// that was rewritten before would come out the same.
//
//go:embed go.mod rewrite build
var Tool embed.FS

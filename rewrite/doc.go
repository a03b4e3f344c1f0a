// Package rewrite turns ordinary Go packages into packages whose concurrency,
// randomness and package-level state belong to a simulation.
//
// It is the pure core of the build: type-checked packages in, bytes and
// diagnostics out. It reads no files, keeps no state between packages, and
// knows the simulation runtime only as an import path. Package build loads,
// caches and compiles; package rewrite/floor patches the few functions of the
// standard library that meet Go's runtime, before this package sees them.
//
// # The contract
//
// Types never change, only operations do. A channel stays the same channel, a
// map the same map, a variable keeps its type and its declaration. The import
// path, the exported API and the method sets stay; generated declarations begin
// with simgen_ or Simgen_. A rewritten package can be mixed with packages that
// are not rewritten.
//
// Outside of a simulation the rewritten program does what the original does:
// each operation asks whether its goroutine is simulated, and if not does the
// native thing. This is tested by running both.
//
// Preserved, with the hazard in mind:
//
//   - Evaluation order. Operands stay operands of one call at the same place;
//     where a statement needs temporaries (go f(x)) they are assigned in one
//     tuple. Operands are evaluated exactly once.
//   - Panics: the same value from the same operation, because the runtime ends
//     in the native operation. A nil function of a go statement panics in the
//     new goroutine instead of being a fatal error.
//   - Scopes. The body of a range clause is a scope inside that of its
//     variables; temporaries live in a block of their own, so that goto can
//     jump over them.
//   - Labels, break, continue, goto, and which statements are terminating.
//   - Conversions: what is assigned or sent is converted as by assignment,
//     never by type inference. Untyped constants, nil and generic functions
//     stay untyped and uninstantiated until they meet their target.
//   - Constant expressions, which stay constant.
//   - Loop variables, per iteration or shared, as the file's language version
//     says.
//   - The native order of initialisation, also of variables that do not depend
//     on each other.
//   - Positions: //line directives wherever lines drift.
//   - Comments and directives; build constraints; embeds; assembly.
//
// What a simulated process sees is its own instance of every package-level
// variable that can change, initialised again when the process starts by the
// same initialisers and init functions in the same order. Which variables are
// proven to be shareable is in classify.go. What only servers import is not
// initialised outside of their processes (dormant.go).
//
// Refused, with a position and advice: cgo and plugins; operands of types that
// cannot be named where they have to be (a shift in a go statement, the second
// value of a receive into a defined boolean type, a map key that is not
// comparable); assignment to another package's error variable; functions of Go's
// runtime under linked names, unless they have a simulated equivalent or only look
// at memory and types (pulls.go); assembly that calls the kernel or such functions
// (assembly.go).
//
// # How it works
//
// The table in passes.go lists the constructs, one file each. Every pass sees
// every node of the unchanged trees with their types and registers edits;
// then one walk applies them from the leaves up (collect.go). The text is
// printed, parsed again and compared with the tree (print.go).
package rewrite

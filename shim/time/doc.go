// Package time is the wall clocks of the simulated machines. The monotonic clock, which orders the simulation,
// belongs to package runtime; a wall clock is a function of it.
//
// # Modelled
//
// Every clock shows 2020-01-01T00:00:00Z when the simulation starts. It can be set forwards and backwards, and
// run faster or slower than the simulation from a given moment on. Time zones are a matter of the program; the
// machines' is UTC.
//
// # Not modelled
//
// Leap seconds, and the gradual correction of a wrong clock. The monotonic clock is the same on all machines
// and has no drift: timers of a machine with a drifting clock run at the simulation's pace.
//
// # Who may call it
//
// Package shim.
package time

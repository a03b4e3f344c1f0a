// Package command builds and runs the simgen command for the programs of this repository that measure with it.
// It is no part of the command, and nobody outside of internal imports it.
package command

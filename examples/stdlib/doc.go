// Package stdlib is what ordinary programs expect of the standard library's os, net and net/http, written once and run twice: on the
// real system by plain tests, and on a simulated machine. What holds on one and not on the other is a defect of the simulated one.
package stdlib

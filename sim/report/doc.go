// Package report is what a run of simulation tests found out, and its two forms: lines of
// JSON, and a table for people.
//
// It knows nothing of how seeds are run. The worker (package sim), the parent (sim/runner)
// and the command all speak in its types. It imports std only.
package report

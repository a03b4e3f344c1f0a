// Package kv tests the key-value servers of cmd/server by simulation: a workload that sets and gets keys at random, and a
// reference model of what the servers may answer.
//
// The servers know nothing of this package. kv_test.go has the simulation that must pass; package unsynced has
// the same one against servers that acknowledge too early, where a lost write is found, and package halfline one against servers that
// answer half of a request.
package kv

// Package scaffold writes the first simulation test of a server: what
// simgen generate does.
//
// It makes two files. The registry holds one sim.Program constant for the
// server and is always regenerated. The test is a starting point: it runs as
// it is, and it is meant to be edited, so it carries a hash of its own text
// and is never replaced once the text differs from what was written.
//
// The server is only read, never run or type-checked: package scaffold looks
// for the flags, environment variables and literals that say where the server
// listens. A guess that is wrong costs an edit of the generated test.
//
// Only cmd/simgen calls this package. It writes no file itself.
package scaffold

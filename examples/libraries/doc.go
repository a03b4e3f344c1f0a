// Package libraries runs well-known libraries of other people in the simulator, each in a small server that uses it the ordinary way
// (below cmd), with a client that knows which answers are right:
//
//	library                        server          what the test shows
//	gin                            cmd/gin         JSON binding and validation, routes, middleware, recovery from a panic
//	prometheus client_golang       cmd/prometheus  a scrape has exactly what was counted, besides Go's and the process's own metrics
//	gorilla/websocket              cmd/websocket   messages to a room arrive once and in order, at everybody
//	grpc                           cmd/grpc        unary calls and streams in both directions, across restarts of the server
//	nats-server, nats.go           cmd/nats        what is published arrives once and in order; a JetStream acknowledgement survives a crash
//	hashicorp/memberlist           cmd/memberlist  three members find each other, notice a crash, take the member back (UDP and TCP)
//	hashicorp/raft, raft-boltdb    cmd/raft        three nodes agree while one after the other crashes and comes back
//	badger, pebble, bbolt          cmd/storage     what was committed with a sync is there after a crash of the machine
//
// The storage server has a flag -sync=false, with which it answers before the data is on the disk; the three storage tests then fail in
// most seeds.
//
// The servers import nothing of simgen, and the programs and the tests are short: they are where to look for how one of these
// libraries is simulated.
package libraries

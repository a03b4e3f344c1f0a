// Package etcd runs three members of etcd, the untouched program, under crashes, partitions and a slow network. Clients put,
// get, and compare and swap with etcd's own client library, and write down when each operation began and ended. What they saw
// must be linearizable: explainable by one order of all operations in which each takes effect between its beginning and its
// end. Porcupine looks for that order.
//
//	simgen test .
//
// In nofsync the members are started with --unsafe-no-fsync, and the simulation finds what that flag gives up.
package etcd

// Package nofsync is a simulation that fails, as it should: the members of etcd are started with --unsafe-no-fsync, which its
// documentation calls unsafe and says will cause data loss. A crash of the machine shows how: a member that comes back has
// forgotten entries it had promised to keep, and the raft library stops it; or its database has pages missing.
//
//	simgen test ./nofsync
package nofsync

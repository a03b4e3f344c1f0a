// Package unsynced is a simulation that fails, as it should: the servers of examples/kv with -sync=false acknowledge a set
// before it is on the disk. A crash of the machine then loses it, and a client reads an older value, or none.
//
//	simgen test ./unsynced
package unsynced

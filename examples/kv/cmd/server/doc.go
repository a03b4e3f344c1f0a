// Server is a key-value server over TCP, written with the standard library alone.
//
// The protocol is made of lines. A request is a word, a key and, for SET, a value that runs to the end of the line:
//
//	PING             PONG
//	SET key value    OK
//	GET key          VALUE value    or    NONE
//	anything else    ERR reason
//
// With -wal, a set is appended to the file and fsynced before it is acknowledged, and the file is replayed at start.
// -sync=false acknowledges without the fsync: faster, and wrong, because a crash of the machine then loses sets that
// clients were told are safe. -lenient also answers what a connection ends with if it does not end in a newline: handy by hand,
// and wrong, because a request that is cut off is then taken for a shorter one. SIGTERM and SIGINT stop the server gracefully: requests in progress are finished.
package main

// Package halfline is a simulation that fails, as it should: the servers of examples/kv with -lenient answer a request that was cut off.
//
// The server once did that to everybody, and nobody meant it to. A graceful stop sets a read deadline, so that a connection which waits
// for its next request ends at once. Where half of a request had arrived, the bufio.Scanner of the connection handed over that half as the
// last line, as it does at the end of every input; "GET c0-k2" had become "GET c0-k", and was answered with NONE. Half of a SET would have
// been stored, and acknowledged. It takes a packet that ends within a line, a stop before the next one comes, and a client that
// still hears the answer. Two seeds of 20,000 of the simulation next door found it; here, where servers are stopped gracefully
// all the time, one seed in fifteen does.
//
//	simgen test ./halfline
package halfline

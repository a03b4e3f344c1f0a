// Package shortread is a simulation that fails, because of a mistake in somebody else's server. To read an argument of a request,
// github.com/coocood/freecache/server calls bufio.Reader.Read once and takes the buffer for full. When the network delivers
// the request in two pieces, what is missing becomes zero bytes, in the key or in the value, and the connection is out of step.
//
//	simgen test ./shortread
package shortread

// Package redis tests two servers of other people that speak the Redis protocol, by simulation and through the real client
// library: github.com/coocood/freecache/server and github.com/tidwall/redcon/example. Both are started through their own main,
// untouched; the tool lines of go.mod pin them, since nothing can import a main package.
//
// Neither writes to a disk: what they hold is gone after a crash, and the model knows.
package redis

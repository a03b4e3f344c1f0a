// Server is a key-value server with a JSON interface over HTTP, written with the standard library alone.
//
//	GET  /keys/{key}                       200 {"value": ..., "version": n}    404 if there is none
//	PUT  /keys/{key}  {"value": ...}       200 {"value": ..., "version": n}
//	     If-Match: n                       412 unless the key has version n (0: does not exist)
//	GET  /healthz                          204
//
// The value is any JSON. The version of a key grows by one with each PUT. With -data the whole store is written to a file
// before a PUT is answered; without, a restart forgets everything.
package main

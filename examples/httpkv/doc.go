// Package httpkv tests the HTTP key-value server of cmd/server by simulation. Several clients count on shared counters with
// conditional puts; whatever crashes and cuts happen, no increment that was acknowledged is lost and none is done twice.
package httpkv

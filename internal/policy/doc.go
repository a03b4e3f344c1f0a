// Package policy holds the rules of this repository that a test can check: who
// may import whom, what every package says about itself, what the documents
// may refer to, which Go releases are supported. It has tests only; nothing
// imports it.
package policy

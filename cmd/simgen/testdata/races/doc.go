// Package races has programs with data races, and programs that come as close to one as can be: TestRacy... and
// TestOrdered..., a pair for each way in which one thing can happen before another.
package races

package runtime

// A countKey is an actor and what it did; decisions are numbered per key, so
// that "the third link delay drawn by server 2's accept loop" keeps its name
// when something else changes.
type countKey struct{ actor, kind string }

// trace reports an entry of the running hash. The name is only made when
// somebody wants it.
//
//go:norace
func (s *scheduler) trace(kind string, value uint64) {
	actor := "kernel"
	if s.cur != nil {
		actor = s.cur.Actor()
	}
	carried, loud := hostG(), hostHush()
	hostSetG(nil)
	if s.counts == nil {
		s.counts = map[countKey]uint64{}
	}
	key := countKey{actor, kind}
	s.counts[key]++
	e := TraceEntry{
		Step: s.steps, Now: s.now, Actor: actor, Kind: kind,
		Count: s.counts[key], Value: value, Hash: s.hash,
	}
	s.cfg.Trace(e)
	hostSetG(carried)
	hostRestore(loud)
}

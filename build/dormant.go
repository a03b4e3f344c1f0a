package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
)

// Which packages sleep.
//
// An executable runs code outside of simulations, too: the test functions as far as sim.Test, and the configuration
// of the simulation. What that imports Go initialises when the executable starts, as ever. What only the servers
// import is initialised in their processes and nowhere else: it may read the configuration, connect to a database
// or end the process while it is initialised, as many do. So a package can be in the cache in two forms; which of
// them an executable has is decided for each.

// dormant returns the builder of an executable with programs in it, in which what hosts do not import sleeps.
func (b *builder) dormant(ctx context.Context, programs []string, hosts ...string) (*builder, error) {
	awake, linked := map[string]bool{}, map[string]bool{}
	for _, path := range hosts {
		b.graph.reach(path, awake)
		b.graph.reach(path+"_test", awake)
	}
	for _, path := range programs {
		b.graph.reach(path, linked)
	}
	var asleep []string
	for _, path := range b.graph.order {
		if linked[path] && !awake[path] && !b.graph.nodes[path].Std && b.graph.rewritten(path) {
			asleep = append(asleep, path)
		}
	}
	r, err := b.rewriter.dormant(ctx, asleep)
	if err != nil {
		return nil, err
	}
	result := *b
	result.entries, result.keys = maps.Clone(b.entries), maps.Clone(b.keys)
	for i := len(asleep) - 1; i >= 0; i-- { // importers first
		path := asleep[i]
		if awake[path] {
			for _, dep := range b.graph.nodes[path].imports {
				awake[dep] = true
			}
			continue
		}
		result.entries[path], result.keys[path] = r.entries[path], r.keys[path]
		for _, dep := range r.entries[path].Rouses {
			awake[dep] = true
		}
	}
	return &result, nil
}

// dormant brings packages, given in the order of their dependencies, together in the form that sleeps.
func (r *rewriter) dormant(ctx context.Context, paths []string) (*rewriter, error) {
	keys := make(map[string]string, len(paths))
	for _, path := range paths {
		sum := sha256.Sum256([]byte("dormant " + r.keys[path]))
		keys[path] = hex.EncodeToString(sum[:])
	}
	s := r.config.newRewriter(r.graph, r.cache, keys)
	s.sleeping, s.fset, s.types, s.known = true, r.fset, maps.Clone(r.types), r.facts
	for _, path := range paths {
		delete(s.types, path) // whoever is checked again has to see the same types as its importers
	}
	s.all(ctx, paths)
	return s, firstOf(s.errs)
}

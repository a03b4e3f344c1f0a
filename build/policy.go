package build

import "github.com/simgen-dev/simgen/rewrite"

// policy is rewrite's own, and what is special about simgen's harness.
var policy = &rewrite.Policy{Rules: append([]rewrite.Rule{
	{Package: "simgen/sim/...", Shared: []string{"*"}, Reason: "the harness is outside of every simulated process"},
}, rewrite.DefaultPolicy.Rules...)}

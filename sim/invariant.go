package sim

import "time"

// Invariant is a property that holds after every event of the simulation. Observe is called
// very often: it must be quick, and it can neither block nor change anything.
//
// An invariant that has a method Reset() is reset before each seed.
type Invariant interface {
	Name() string
	// Observe returns what is wrong, or nil. An error fails the seed at once.
	Observe(v *View) error
}

// InvariantFunc makes an invariant of a function.
func InvariantFunc(name string, observe func(v *View) error) Invariant {
	return &funcInvariant{name, observe}
}

type funcInvariant struct {
	name    string
	observe func(v *View) error
}

func (i *funcInvariant) Name() string          { return i.name }
func (i *funcInvariant) Observe(v *View) error { return i.observe(v) }

// View is what an invariant can see.
type View struct{ sim *simulation }

// State is what the workloads published.
func (v *View) State() *State { return v.sim.state }

// Topology says which servers and workloads there are.
func (v *View) Topology() *Topology { return v.sim.topology }

// Now is the simulated time since the start of the simulation.
func (v *View) Now() time.Duration { return v.sim.now() }

// Up says whether the server at this address is running.
func (v *View) Up(ip string) bool {
	s := v.sim.serverAt(ip)
	return s != nil && s.up()
}

package runtime

import "unsafe"

// A Var stands for a package-level variable: each simulated process has an
// instance of its own, and code that is not simulated has the native one, which
// is the variable as it was declared.
//
// Generated code declares it as static data and uses it by its address.
type Var[T any] struct {
	handle
	native *T
}

// A Handle is a *Var, whatever its type.
type Handle interface {
	head() *handle
	instance(vars *variables) unsafe.Pointer
}

type handle struct {
	slot uint   // index in variables.slots; 0: no process has used it yet
	self Handle // nil: its package has not been registered
	home int    // index of its package in registered
	turn int    // how many of its package's initialisers run before its own
	init func() // its initialiser, if that can wait until it is used
}

// NewVar makes the handle of a variable. The compiler does that at build time,
// as long as this is nothing but a composite literal.
//
//go:norace
func NewVar[T any](native *T) Var[T] { return Var[T]{native: native} }

// At returns the instance of the caller. It is small enough to be inlined.
//
//go:norace
func (v *Var[T]) At() *T {
	if hostG() != nil {
		return (*T)(v.own())
	}
	return v.native
}

// own returns the instance of the caller's process. There is one of it, for all types, so
// that it stays in the processor's cache.
//
//go:noinline
//go:norace
func (h *handle) own() unsafe.Pointer {
	g := current()
	if s := g.vars.slots; h.slot < uint(len(s)) {
		if p := s[h.slot]; p != nil {
			return p
		}
	}
	return h.begin(g.vars)
}

//go:norace
func (v *Var[T]) head() *handle { return &v.handle }

// instance makes a process's instance. It is zero until its initialiser runs. If
// the package is not among those the process initialises, the instance starts as a
// copy of the native one.
//
//go:norace
func (v *Var[T]) instance(vars *variables) unsafe.Pointer {
	p := (*T)(vars.memory(typeOf[T]()))
	if p == nil {
		p = new(T)
	}
	if !vars.initialises(&v.handle) {
		*p = *v.native
	}
	return unsafe.Pointer(p)
}

// variables are the instances of one process.
type variables struct {
	slots    []unsafe.Pointer // by slot; the first is nil for ever
	closure  *closure         // what the process initialises; nil: nothing
	done     int              // how many of the closure's initialisers have run
	early    []*handle        // used before their turn
	pointers pointerIDs
	godebug  func(defaults, environ string) // see GodebugUpdate

	// Where small instances lie: what is left of three blocks.
	words  []unsafe.Pointer
	slices []sliceWords
	plain  []uint64
}

// sliceWords is as large as a slice, and a string fits, too.
type sliceWords struct {
	data     unsafe.Pointer
	len, cap uint
}

// slotCount belongs to the program, not to a simulation. Which slot a variable
// has makes no difference to anything.
var slotCount uint = 1

// begin gives a process its instance of a variable that it uses for the first
// time. To the race detector, as in Go, that was before anything else happened.
//
//go:norace
func (h *handle) begin(vars *variables) unsafe.Pointer {
	defer hostRestore(hostHush())
	if h.slot == 0 {
		h.slot = slotCount
		slotCount++
	}
	if n := uint(len(vars.slots)); h.slot >= n {
		slots := make([]unsafe.Pointer, max(2*n, slotCount, 64))
		copy(slots, vars.slots)
		vars.slots = slots
	}
	p := h.self.instance(vars)
	vars.slots[h.slot] = p
	if h.init != nil && vars.initialises(h) {
		if vars.reached(h) {
			h.initialise()
		} else {
			vars.early = append(vars.early, h)
		}
	}
	return p
}

// initialise runs an initialiser that has waited. Nothing else runs meanwhile, so
// that nobody sees the variable without its value.
//
//go:norace
func (h *handle) initialise() {
	budget := Hold()
	h.init()
	Resume(budget)
}

// initialises reports whether the variable's initialiser is one that the process
// runs.
//
//go:norace
func (vars *variables) initialises(h *handle) bool {
	return vars.closure != nil && vars.closure.first[h.home] >= 0
}

// reached reports whether it is the variable's turn to have its value, or was.
//
//go:norace
func (vars *variables) reached(h *handle) bool {
	return vars.done >= vars.closure.first[h.home]+h.turn
}

// catchUp initialises what was used before its turn, now that the turn has come.
//
//go:norace
func (vars *variables) catchUp() {
	waiting := vars.early
	vars.early = nil
	for _, h := range waiting {
		if vars.reached(h) {
			h.initialise()
		} else {
			vars.early = append(vars.early, h)
		}
	}
}

const blockSize = 64

// memory returns room for a small value of type t, or nil. A process has hundreds
// of variables that are nothing but a pointer, a slice or a number: it costs less to
// allocate them in blocks.
//
//go:norace
func (vars *variables) memory(t *abiType) unsafe.Pointer {
	switch t.kind() {
	case kindChan, kindFunc, kindMap, kindPointer, kindUnsafePointer:
		return vars.takeWords(1)
	case kindInterface:
		return vars.takeWords(2)
	case kindString, kindSlice:
		if len(vars.slices) == 0 {
			vars.slices = make([]sliceWords, blockSize)
		}
		p := unsafe.Pointer(&vars.slices[0])
		vars.slices = vars.slices[1:]
		return p
	}
	if t.ptrBytes > 0 || t.size == 0 || t.size > 64 {
		return nil
	}
	n := int(t.size+7) / 8
	if len(vars.plain) < n {
		vars.plain = make([]uint64, blockSize)
	}
	p := unsafe.Pointer(&vars.plain[0])
	vars.plain = vars.plain[n:]
	return p
}

//go:norace
func (vars *variables) takeWords(n int) unsafe.Pointer {
	if len(vars.words) < n {
		vars.words = make([]unsafe.Pointer, blockSize)
	}
	p := unsafe.Pointer(&vars.words[0])
	vars.words = vars.words[n:]
	return p
}

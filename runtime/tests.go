package runtime

// OnTests, if set, is called natively when package testing begins to run a test
// executable, with the names of its tests, fuzz targets and examples. A function
// that ends the process takes the place of the run.
var OnTests func(names []string)

// ExecutableMain is the main function of the executable itself, for a simulated
// process that is another instance of it.
//
//go:norace
func ExecutableMain() { hostMain() }

// OnExit has f called, as code of the process, when the process calls os.Exit and
// before anything of it is gone. f may block.
//
//go:norace
func (p *Process) OnExit(f func(code int)) { p.onExit = f }

// leaving is what OnExit asked for. It comes once: what f does may end in another
// os.Exit.
//
//go:norace
func (p *Process) leaving(code int) {
	if f := p.onExit; f != nil {
		p.onExit = nil
		f(code)
	}
}

// Watch begins to look which goroutines of the process run.
//
//go:norace
func (p *Process) Watch() {
	for _, g := range p.goroutines {
		g.idle = g.state == parked
	}
}

// A Blocked goroutine is one that waits for something other than the clock.
type Blocked struct {
	Created string // the function that started it, "" for the main goroutine
	Stack   string
}

// Idle returns the goroutines that have not run since Watch and do not sleep, by
// age. They are stuck if nothing is left that could wake them.
//
//go:norace
func (p *Process) Idle() []Blocked {
	s := sched
	var list []Blocked
	for _, g := range p.byAge() {
		if g.idle && g.state == parked && g.reason != sleeping {
			list = append(list, Blocked{g.creator(), s.stackOf(g)})
		}
	}
	return list
}

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

// A Survivor is a group of goroutines of a process, all of which are described
// by one stack.
type Survivor struct {
	Count   int
	Late    int    // how many of them were made in the later half of the time from the mark to the end
	Creator string // the function whose go statement made them
	Stack   string // of the first
}

// Mark says that goroutines made from now on are those that Survivors looks for.
// Until then it is those made since the process's initialisation was over.
//
//go:norace
func (p *Process) Mark() { p.mark, p.marked = sched.goroutines, sched.now }

// Marked is when Mark was called.
//
//go:norace
func (p *Process) Marked() int64 { return p.marked }

// Survivors are the goroutines of the process made since the mark that are
// there still. The end is that of the time in which an early half and a late one
// are told apart.
//
//go:norace
func (p *Process) Survivors(end int64) []Survivor {
	s := sched
	var young []*G
	for _, g := range p.byAge() {
		if g.id > p.mark {
			young = append(young, g)
		}
	}
	var list []Survivor
	for _, l := range s.groups(young, p.marked+(end-p.marked)/2) {
		list = append(list, Survivor{Count: l.count, Late: l.late, Creator: l.first.creator(), Stack: s.stackOf(l)})
	}
	return list
}

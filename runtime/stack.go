package runtime

import (
	"runtime"
	"unsafe"
)

// ownPrefix is what the names of this package's functions begin with; where the
// package lies depends on the build.
var ownPrefix = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name()
	slash := lastIndex(name, '/')
	dot := index(name[slash+1:], ".")
	return name[:slash+1+dot+1]
}()

// maxStacks keeps the report of a program with thousands of different stacks
// readable.
const maxStacks = 200

// Stacks describes every goroutine: which it is, what it waits for, where, and
// where it was created. Those of which all that is the same are described once,
// with their number, as in Go's goroutine profiles.
//
//go:norace
func Stacks() string {
	if s := sched; s != nil {
		return s.stacks(false)
	}
	return ""
}

// stacks are those of all processes; with busy first, before all others, of those
// that can run, the one that ran most often first.
//
//go:norace
func (s *scheduler) stacks(busyFirst bool) string {
	if !busyFirst {
		text := ""
		for _, p := range s.processes {
			text += s.stacksOf(p)
		}
		return text
	}
	all := s.byTurns()
	sortBy(all, func(a, b *G) bool { return a.state != parked && b.state == parked })
	return s.describe(all, "the simulation")
}

//go:norace
func (s *scheduler) stacksOf(p *Process) string {
	return s.describe(p.byAge(), p.String())
}

// describe describes goroutines, those that are alike once.
//
//go:norace
func (s *scheduler) describe(all []*G, whose string) string {
	groups := s.groups(all, never)
	text := ""
	for i, l := range groups {
		if i == maxStacks {
			rest := 0
			for _, l := range groups[i:] {
				rest += l.count
			}
			text += "... and " + utoa(uint64(rest)) + " more goroutines of " + whose + "\n\n"
			break
		}
		text += s.stackOf(l) + "\n"
	}
	return text
}

// Stacks describes the goroutines of one process.
//
//go:norace
func (p *Process) Stacks() string { return sched.stacksOf(p) }

// likes are goroutines that stand at the same place, were made at the same one
// and wait for the same thing.
type likes struct {
	first *G
	count int
	late  int // of them
}

// groups puts goroutines together, in the order of the first of each group. Those
// born after some time are late.
//
//go:norace
func (s *scheduler) groups(all []*G, after int64) []likes {
	index := make(map[uint64]int, 16)
	var groups []likes
	for _, g := range all {
		key := s.likeness(g)
		i, known := index[key]
		if !known {
			i = len(groups)
			index[key] = i
			groups = append(groups, likes{first: g})
		}
		groups[i].count++
		if g.born > after {
			groups[i].late++
		}
	}
	return groups
}

// where is the first place in g's stack that is not in the standard library, or
// the first of all: "main.f (/dir/f.go:12)". It is "" if there is none.
//
//go:norace
func (s *scheduler) where(g *G) string {
	text, first := s.framesOf(g), ""
	for text != "" {
		name := text[:index(text, "\n")+1]
		rest := text[len(name):]
		place := rest[:index(rest, "\n")+1]
		text = rest[len(place):]
		if name == "" || place == "" {
			break
		}
		name, place = name[:lastIndex(name, '(')], place[1:len(place)-1]
		where := name + " (" + place + ")"
		if !Standard(name) || index(place, "_test.go:") >= 0 {
			return where
		}
		if first == "" {
			first = where
		}
	}
	return first
}

// Standard reports whether a function is in the standard library: the first
// element of its package's path has no dot. Package main is the program's own.
//
//go:norace
func Standard(function string) bool {
	slash := index(function, "/")
	if slash < 0 {
		dot := max(index(function, "."), 0)
		return function[:dot] != "main" && function[:dot] != "main_"
	}
	return index(function[:slash], ".") < 0
}

// likeness is the same for goroutines that go into one group.
//
//go:norace
func (s *scheduler) likeness(g *G) uint64 {
	key := hashString(s.stateOf(g)) ^ scramble(uint64(g.created))
	switch {
	case g.fn != nil: // not started yet
		return scramble(key ^ uint64(**(**uintptr)(unsafe.Pointer(&g.fn))))
	case g.worker == s.running:
		return scramble(key ^ g.id)
	}
	var pcs [64]uintptr
	for _, pc := range pcs[:hostCallers(g.worker.self, pcs[:])] {
		key = scramble(key ^ uint64(pc))
	}
	return key
}

//go:norace
func (s *scheduler) stackOf(l likes) string {
	g := l.first
	return g.header(s.stateOf(g), l.count) + s.framesOf(g) + g.createdBy()
}

// stateOf says what g does or waits for.
//
//go:norace
func (s *scheduler) stateOf(g *G) string {
	switch {
	case g.state == parked:
		return g.reason
	case g.fn == nil && g.worker == s.running:
		return "running"
	}
	return "runnable"
}

//go:norace
func (s *scheduler) framesOf(g *G) string {
	switch {
	case g.fn != nil:
		return "(not started yet)\n"
	case g.worker == s.running:
		var pcs [128]uintptr
		return g.withoutWrapper(frames(belowEvents(pcs[:runtime.Callers(1, pcs[:])])))
	}
	var pcs [64]uintptr
	return g.withoutWrapper(frames(pcs[:hostCallers(g.worker.self, pcs[:])]))
}

// belowEvents is a stack without what runs on it for somebody else: whoever
// blocks runs the events that are due, and invariants, before it switches.
//
//go:norace
func belowEvents(pcs []uintptr) []uintptr {
	for i := len(pcs) - 1; i >= 0; i-- {
		if f := runtime.FuncForPC(pcs[i] - 1); f != nil && f.Name() == ownPrefix+"(*scheduler).next" {
			return pcs[i+1:]
		}
	}
	return pcs
}

// withoutWrapper is a stack without its last frame, of two lines, if that is not
// the program's.
//
//go:norace
func (g *G) withoutWrapper(text string) string {
	if !g.inWrapper() || text == "" {
		return text
	}
	where := lastIndex(text[:len(text)-1], '\n') + 1
	if where == 0 {
		return text
	}
	return text[:lastIndex(text[:where-1], '\n')+1]
}

//go:norace
func (p *Process) String() string {
	if p.incarnation == 1 {
		return p.name
	}
	return p.name + "#" + utoa(uint64(p.incarnation))
}

// Actor returns the goroutine's path: its process and how it came to be.
//
//go:norace
func (g *G) Actor() string {
	if g.events {
		return g.process.String() + "/event"
	}
	return g.process.String() + "/" + g.path.String()
}

//go:norace
func (g *G) header(state string, count int) string {
	text := "goroutine " + utoa(g.id) + " [" + state + "], " + g.Actor()
	if count > 1 {
		text += ", and " + utoa(uint64(count-1)) + " more like it"
	}
	return text + ":\n"
}

//go:norace
func (g *G) createdBy() string {
	if g.created == 0 {
		return ""
	}
	f := frameAt(g.created)
	return "created by " + f.Function + " in goroutine " + utoa(g.parentID) + "\n\t" + f.File + ":" + utoa(uint64(f.Line)) + "\n"
}

// creator is the function whose go statement started g, "" if none did.
//
//go:norace
func (g *G) creator() string {
	if g.created == 0 {
		return ""
	}
	return frameAt(g.created).Function
}

// frameAt is the frame of a return address; of several that were inlined, the innermost.
//
//go:norace
func frameAt(pc uintptr) runtime.Frame {
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	f.Function = hostFuncName(f.Function)
	return f
}

// callerStack is the stack of the caller.
//
//go:norace
func callerStack() string {
	var pcs [64]uintptr
	return frames(pcs[:runtime.Callers(2, pcs[:])])
}

// frames writes a stack as Go does, without this package and without Go's
// runtime where they are above or below the program.
//
//go:norace
func frames(pcs []uintptr) string {
	if len(pcs) == 0 {
		return ""
	}
	text := ""
	list := runtime.CallersFrames(pcs)
	for {
		f, more := list.Next()
		if text != "" && own(f) && hasPrefix(f.Function, ownPrefix+"(*") {
			break // how the goroutine was started
		}
		above := own(f) || text == "" && hasPrefix(f.Function, "runtime.")
		if f.Function != "" && !above && f.Function != "runtime.goexit" && f.Function != "runtime.main" && f.Function != "runtime.SimgenMain" {
			text += signature(f) + "\n\t" + f.File + ":" + utoa(uint64(f.Line)) + "\n"
		}
		if !more {
			break
		}
	}
	return text
}

//go:norace
func own(f runtime.Frame) bool {
	return hasPrefix(f.Function, ownPrefix) && !hasSuffix(f.File, "_test.go")
}

package floor

// Additions are the functions that rows call and that are longer than an
// expression. Each becomes part of a new file of its package.
var Additions = map[string]string{
	"iter": `
// simgenNewcoro is newcoro for a function that runs as the simulated goroutine
// that resumes it.
func simgenNewcoro(f func(*coro)) *coro {
	p := simgen.CurrentProcess()
	p.Coroutines(1)
	return simgenNative_newcoro(func(c *coro) { simgen.Adopt(); defer p.Coroutines(-1); f(c) })
}
`,
	"weak": `
// simgenRegister is runtime_registerWeakPointer, and holds p until the process
// collects garbage.
func simgenRegister(p unsafe.Pointer) unsafe.Pointer {
	u := simgenNative_runtime_registerWeakPointer(p)
	simgen.HoldWeak(u, p)
	return u
}
`,
	"time": `
// simgenNow is now on the simulated clock.
func simgenNow() (sec int64, nsec int32, mono int64) {
	sec, nsec = simgen.Walltime()
	return sec, nsec, simgen.Nanotime()
}

// simgenRuntimeNow is now on the clock that timers are set by.
func simgenRuntimeNow() (sec int64, nsec int32, mono int64) {
	if simgen.InBubble() {
		sec, nsec = simgen.BubbleTime()
		return sec, nsec, 0
	}
	return simgenNow()
}
`,
	"runtime/debug": `
// simgenReadGCStats is readGCStats without pauses.
func simgenReadGCStats(pauses *[]time.Duration) {
	*pauses = append((*pauses)[:0], 0, time.Duration(simgen.Collections()), 0)
}
`,
	"runtime/metrics": `
// simgenRead is Read of a process whose memory is always the same.
func simgenRead(m []Sample) {
	for i := range m {
		v := &m[i].Value
		*v = Value{}
		for _, d := range All() {
			if d.Name != m[i].Name {
				continue
			}
			v.kind = d.Kind
			switch d.Kind {
			case KindUint64:
				v.scalar = simgen.Metric(d.Name)
			case KindFloat64Histogram:
				v.pointer = unsafe.Pointer(&Float64Histogram{Counts: []uint64{0}, Buckets: []float64{0, math.Inf(1)}})
			}
		}
	}
}
`,
	"runtime/trace": `
func simgenRefused() error {
	return errors.New("an execution trace is of threads and processors, which a simulation does not have; simgen test -v shows what happened instead")
}
`,
	"runtime/pprof": `
func simgenRefused() error {
	return errors.New("a CPU profile is of the host process, which is no part of the simulation; perf record takes one of the simulator")
}

// simgenThreadCreate is about the threads of the simulated process.
func simgenThreadCreate(p []profilerecord.StackRecord) (n int, ok bool) {
	if n, _ = simgen.ThreadCreateProfile(nil); n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

// simgenGoroutineProfile is about the goroutines of the simulated process.
func simgenGoroutineProfile(p []profilerecord.StackRecord) (n int, ok bool) {
	stacks := simgen.GoroutineStacks()
	if len(stacks) > len(p) {
		return len(stacks), false
	}
	for i, pcs := range stacks {
		p[i].Stack = pcs
	}
	return len(stacks), true
}
`,
	"sync": `
// simgenPoolSize bounds what a pool keeps, so that a simulated process does
// not hold on to memory that the garbage collector would have taken.
const simgenPoolSize = 32

// A simgenPool is what a simulated process has put back into a Pool, for one
// processor: an item that is taken first, a stack, and what was left of both at
// the last collection.
type simgenPool struct {
	private *simgenItem
	stack   []*simgenItem
	victims []*simgenItem
	spare   *simgenItem // a list of empty ones
	known   bool        // told of collections
}

// A simgenItem has an address that does not change, for the race detector.
type simgenItem struct {
	x    any
	next *simgenItem
}

// simgenGet takes an item in the order of a Pool with one processor. To the race
// detector a Put happens before the Get that returns its item.
//
//go:norace
func (p *Pool) simgenGet() any {
	simgen.Point()
	if s := p.simgen; s != nil {
		item := s.private
		s.private = nil
		if item == nil {
			item = simgenPop(&s.stack)
		}
		if item == nil {
			item = simgenPop(&s.victims)
		}
		if item != nil {
			x := item.x
			if race.Enabled {
				race.Acquire(unsafe.Pointer(item)) // which must not be used again: it would order more
			} else {
				item.x, item.next, s.spare = nil, s.spare, item
			}
			return x
		}
	}
	if p.New != nil {
		return p.New()
	}
	return nil
}

//go:norace
func simgenPop(list *[]*simgenItem) *simgenItem {
	n := len(*list)
	if n == 0 {
		return nil
	}
	x := (*list)[n-1]
	(*list)[n-1] = nil
	*list = (*list)[:n-1]
	return x
}

// simgenPut keeps x for the next simgenGet, which may be another goroutine's
// before the caller goes on.
//
//go:norace
func (p *Pool) simgenPut(x any) {
	simgen.Point()
	if p.simgen == nil {
		p.simgen = &simgenPool{}
	}
	if s := p.simgen; x != nil && len(s.stack) < simgenPoolSize {
		item := s.spare
		if item == nil {
			item = &simgenItem{}
		}
		item.x, item.next, s.spare = x, nil, item.next
		if race.Enabled {
			race.Release(unsafe.Pointer(item))
		}
		if s.private == nil {
			s.private = item
		} else {
			s.stack = append(s.stack, item)
		}
		if !s.known {
			s.known = true
			simgen.OnGC(s)
		}
	}
	simgen.Point()
}

// Collected makes victims of what is there, and drops those of the last time.
//
//go:norace
func (s *simgenPool) Collected() bool {
	s.victims = s.stack
	if s.private != nil {
		s.victims = append(s.victims, s.private)
	}
	s.private, s.stack = nil, nil
	s.known = len(s.victims) > 0
	return s.known
}

// simgenRange is Range in the seeded order of a map.
func (m *Map) simgenRange(f func(key, value any) bool) {
	all := make(map[any]any)
	g := simgen.Enter()
	m.Range(func(k, v any) bool { all[k] = v; return true })
	simgen.Leave(g)
	for it := simgen.RangeMap(all); it.Next(); {
		k := it.Key()
		v, ok := m.Load(k)
		if k != k { // no lookup finds it
			v, ok = it.Value(), true
		}
		if ok && !f(k, v) {
			return
		}
	}
}
`,
	"reflect": `
// simgenString is String as the compiler wrote it.
func (t *rtype) simgenString() string {
	s := t.nameOff(t.t.Str).Name()
	if t.t.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

// simgenCase is a case of a simulated select. The value lies on the heap.
func simgenCase(send bool, ch, val unsafe.Pointer) *simgen.RawCase {
	if ch == nil {
		return simgen.NewRawCase(send, nil, nil, nil)
	}
	t := (*abi.Type)(simgen.ElemType(ch))
	elem := unsafe_New(t)
	if send {
		typedmemmove(t, elem, val)
	}
	return simgen.NewRawCase(send, ch, elem, func(dst, src unsafe.Pointer) { typedmemmove(t, dst, src) })
}

func simgenSend(ch, val unsafe.Pointer, nb bool) bool {
	c := simgenCase(true, ch, val)
	if nb {
		return simgen.SelectDefault(c) == 0
	}
	simgen.Select(c)
	return true
}

func simgenRecv(ch unsafe.Pointer, nb bool, val unsafe.Pointer) (selected, received bool) {
	c := simgenCase(false, ch, nil)
	if !nb {
		simgen.Select(c)
	} else if simgen.SelectDefault(c) < 0 {
		return false, false
	}
	typedmemmove((*abi.Type)(simgen.ElemType(ch)), val, c.Elem())
	return true, c.Received()
}

func simgenClose(ch unsafe.Pointer) {
	simgen.Point()
	simgenNative_chanclose(ch)
	simgen.Closed(ch)
	simgen.Point()
}

func simgenSelect(list []runtimeSelect) (chosen int, recvOK bool) {
	var cases []simgen.Case
	var places []int
	other := -1
	for i := range list {
		if rc := &list[i]; rc.dir == SelectDefault {
			other = i
		} else {
			cases = append(cases, simgenCase(rc.dir == SelectSend, rc.ch, rc.val))
			places = append(places, i)
		}
	}
	if other < 0 {
		chosen = simgen.Select(cases...)
	} else if chosen = simgen.SelectDefault(cases...); chosen < 0 {
		return other, false
	}
	c, rc := cases[chosen].(*simgen.RawCase), &list[places[chosen]]
	if rc.dir == SelectRecv {
		typedmemmove((*abi.Type)(simgen.ElemType(rc.ch)), rc.val, c.Elem())
	}
	return places[chosen], c.Received()
}

// simgenMapKey gives the addresses in a map key their identity.
func simgenMapKey(key Value) {
	if simgen.Simulated() && key.IsValid() && key.kind() != String && key.typ().Pointers() {
		simgen.MapKey(valueInterface(key, false))
	}
}

// A simgenEntry is an entry of a map.
type simgenEntry struct {
	key, value Value
	nan        bool // no lookup finds the key
}

// simgenEntries lists a map in the seeded order of a range.
func (v Value) simgenEntries() []simgenEntry {
	n := v.Len() // seen by the race detector
	g := simgen.Enter()
	list := make([]simgenEntry, 0, n)
	keys := make([]any, 0, n)
	var nans []any
	for it := v.MapRange(); it.Next(); {
		e := simgenEntry{key: it.Key(), value: it.Value()}
		k := valueInterface(e.key, false)
		if e.nan = k != k; e.nan {
			if nans == nil {
				nans = make([]any, n)
			}
			nans[len(list)] = valueInterface(e.value, false)
		}
		list, keys = append(list, e), append(keys, k)
	}
	simgen.Leave(g)
	ordered := make([]simgenEntry, len(list))
	for i, place := range simgen.MapOrder(keys, nans) {
		ordered[i] = list[place]
	}
	return ordered
}

func (v Value) simgenMapKeys() []Value {
	v.mustBe(Map)
	entries := v.simgenEntries()
	keys := make([]Value, len(entries))
	for i, e := range entries {
		keys[i] = e.key
	}
	return keys
}

// A simgenMapIter is how far a MapIter has come.
type simgenMapIter struct {
	entries []simgenEntry
	next    int
}

func (it *MapIter) simgenNext() bool {
	if !it.m.IsValid() {
		panic("MapIter.Next called on an iterator that does not have an associated map Value")
	}
	s := it.simgen
	if s == nil {
		s = &simgenMapIter{entries: it.m.simgenEntries()}
		it.simgen = s
	} else if s.next > len(s.entries) {
		panic("MapIter.Next called on exhausted iterator")
	}
	for s.next < len(s.entries) {
		e := &s.entries[s.next]
		s.next++
		if v := it.m.MapIndex(e.key); v.IsValid() {
			e.value = v
			return true
		}
		if e.nan && it.m.Len() > 0 {
			return true
		}
	}
	s.next = len(s.entries) + 1
	return false
}

// entry is the entry that Next went to.
func (s *simgenMapIter) entry(method string) *simgenEntry {
	if s.next > len(s.entries) {
		panic(method + " called on exhausted iterator")
	}
	return &s.entries[s.next-1]
}
`,
	"testing": `
// simgenMainStart names the tests of a native test executable to the harness.
func simgenMainStart(tests []InternalTest, fuzz []InternalFuzzTarget, examples []InternalExample) {
	var names []string
	for _, t := range tests {
		names = append(names, t.Name)
	}
	for _, f := range fuzz {
		names = append(names, f.Name)
	}
	for _, e := range examples {
		names = append(names, e.Name)
	}
	simgen.OnTests(names)
}
`,
	"syscall": `
// simgenSyscall asks the simulated kernel.
func simgenSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	r1, r2, e := simgen.Syscall6(trap, a1, a2, a3, a4, a5, a6)
	return r1, r2, Errno(e)
}

// simgenGet asks the simulated kernel for a number that it always has.
func simgenGet(trap uintptr) int {
	r, _, _ := simgen.Syscall6(trap, 0, 0, 0, 0, 0, 0)
	return int(r)
}

// simgenUmask asks the simulated kernel.
func simgenUmask(mask int) int {
	r, _, _ := simgen.Syscall6(SYS_UMASK, uintptr(mask), 0, 0, 0, 0, 0)
	return int(r)
}

// simgenErrno is the simulated kernel's answer to a call without arguments.
func simgenErrno(trap uintptr) Errno {
	_, _, e := simgen.Syscall6(trap, 0, 0, 0, 0, 0, 0)
	return Errno(e)
}

// simgenGettimeofday reads the clock of the simulated process's node.
func simgenGettimeofday(tv *Timeval) Errno {
	sec, nsec := simgen.Walltime()
	tv.Sec, tv.Usec = sec, int64(nsec)/1000
	return 0
}
`,
	"net": `
// simgenOpen is open with a buffer that small files, which is what it is for,
// fit into. Every process reads some, and 64 KB each is a good part of what
// starting one costs.
func simgenOpen(name string) (*file, error) {
	fd, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	size := 64 << 10
	if st, err := fd.Stat(); err == nil && st.Size() < 2<<10 {
		size = 2 << 10
	}
	return &file{fd, make([]byte, 0, size), false}, nil
}
`,
	"internal/syscall/unix": `
// simgenFcntl asks the simulated kernel.
func simgenFcntl(fd, cmd, arg int32) (int32, int32) {
	r, _, e := simgen.Syscall6(uintptr(syscall.SYS_FCNTL), uintptr(fd), uintptr(cmd), uintptr(arg), 0, 0, 0)
	if e != 0 {
		return -1, int32(e)
	}
	return int32(r), 0
}
`,
}

// additionImports are the imports of an addition besides simgen and unsafe.
var additionImports = map[string][]string{
	"reflect":               {"internal/abi"},
	"internal/syscall/unix": {"syscall"},
	"runtime/debug":         {"time"},
	"runtime/metrics":       {"math"},
	"runtime/pprof":         {"errors", "internal/profilerecord"},
	"runtime/trace":         {"errors"},
	"net":                   {"os"},
	"sync":                  {"internal/race"},
}

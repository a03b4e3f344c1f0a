package floor

// Additions are the functions that rows call and that are longer than an
// expression. Each becomes part of a new file of its package.
var Additions = map[string]string{
	"iter": `
// simgenNewcoro is newcoro for a function that runs as the simulated goroutine
// that resumes it.
func simgenNewcoro(f func(*coro)) *coro {
	return simgenNative_newcoro(func(c *coro) { simgen.Adopt(); f(c) })
}
`,
	"time": `
// simgenNow is now on the simulated clock.
func simgenNow() (sec int64, nsec int32, mono int64) {
	sec, nsec = simgen.Walltime()
	return sec, nsec, simgen.Nanotime()
}
`,
	"sync": `
// simgenPoolSize bounds what a pool keeps, so that a simulated process does
// not hold on to memory that the garbage collector would have taken.
const simgenPoolSize = 32

// simgenGet takes the item that was put back last.
func (p *Pool) simgenGet() any {
	if n := len(p.simgen); n > 0 {
		x := p.simgen[n-1]
		p.simgen[n-1] = nil
		p.simgen = p.simgen[:n-1]
		return x
	}
	if p.New != nil {
		return p.New()
	}
	return nil
}

// simgenPut keeps x for the next simgenGet.
func (p *Pool) simgenPut(x any) {
	if x != nil && len(p.simgen) < simgenPoolSize {
		p.simgen = append(p.simgen, x)
	}
}

// simgenRange is Range in the seeded order of a map.
func (m *Map) simgenRange(f func(key, value any) bool) {
	all := make(map[any]any)
	g := simgen.Enter()
	m.Range(func(k, v any) bool { all[k] = v; return true })
	simgen.Leave(g)
	for it := simgen.RangeMap(all); it.Next(); {
		if v, ok := m.Load(it.Key()); ok && !f(it.Key(), v) {
			return
		}
	}
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
	"internal/syscall/unix": {"syscall"},
}

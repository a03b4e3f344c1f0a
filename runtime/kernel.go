package runtime

import "unsafe"

// A Kernel is the simulated machine below the system call boundary. Its methods
// are called in kernel mode.
type Kernel interface {
	// Syscall carries out a system call of p. It may Park.
	Syscall(p *Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr)
	// PollOpen attaches readiness to a descriptor; EPERM says, as epoll does,
	// that it has none (a regular file).
	PollOpen(p *Process, fd int, pd *PollDesc) (errno int)
	PollClose(p *Process, pd *PollDesc)
	// Walltime is what p's machine believes the time is, in Unix nanoseconds.
	Walltime(p *Process, mono int64) (unixNano int64)
	Args(p *Process) []string
	Env(p *Process) []string
	// Exited is called when p is over, however it ended.
	Exited(p *Process, st ExitStatus)
	// Print writes what the builtins print and println say to p's descriptor 2. It may Park.
	Print(p *Process, text []byte)
	// Stderr receives what the Go runtime prints: panics and fatal errors.
	Stderr(p *Process, text string)
}

// kernel runs f in kernel mode. A panic in it is a fault of the machine: the
// program must not get the chance to recover from it.
//
//go:norace
func kernel(f func()) {
	carried, loud := hostG(), hostHush()
	hostSetG(nil)
	defer func() {
		if v := recover(); v != nil {
			Fail("panic", "in the simulated machine: "+panicText(v)+"\n\n"+callerStack())
		}
		hostSetG(carried)
		hostRestore(loud)
	}()
	f()
}

// Kernelly runs f in kernel mode.
//
//go:norace
func Kernelly(f func()) {
	if current() == nil {
		f()
		return
	}
	kernel(f)
}

// Enter and Leave are kernel mode by hand: Enter begins it and returns what
// Leave needs to end it, which is nil if the caller is not simulated.
//
//go:norace
func Enter() *G {
	g := current()
	if g != nil {
		hostSetG(nil)
		g.loud = hostHush()
	}
	return g
}

// Leave ends what Enter began.
//
//go:norace
func Leave(g *G) {
	if g != nil {
		hostRestore(g.loud)
		hostSetG(unsafe.Pointer(g))
	}
}

// Adopt makes the goroutine of the host that runs carry on as the simulated
// goroutine that runs. Package iter calls it after its own coroutine switches:
// the function behind an iter.Pull is part of the goroutine that asks it for a
// value.
//
//go:norace
func Adopt() {
	if s := sched; s != nil {
		hostSetG(unsafe.Pointer(s.cur))
		s.running.self = hostSelf()
	}
}

// Syscall6 is a system call.
//
//go:norace
func Syscall6(nr, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	g := current()
	g.point()
	sched.moved()
	kernel(func() {
		r1, r2, errno = sched.cfg.Kernel.Syscall(g.process, nr, [6]uintptr{a1, a2, a3, a4, a5, a6})
	})
	g.point()
	return r1, r2, errno
}

// Exit is os.Exit: no deferred function runs.
//
//go:norace
func Exit(code int) {
	p := sched.cur.process
	p.leaving(code)
	p.end(ExitStatus{Code: code})
}

// Args is os.Args.
//
//go:norace
func Args() (args []string) {
	p := sched.cur.process
	kernel(func() { args = sched.cfg.Kernel.Args(p) })
	return args
}

// Env is the environment.
//
//go:norace
func Env() (env []string) {
	p := sched.cur.process
	kernel(func() { env = sched.cfg.Kernel.Env(p) })
	return env
}

// Fatal is an error that no program can recover from, such as the unlock of an
// unlocked mutex.
//
//go:norace
func Fatal(msg string) {
	s := sched
	p := s.cur.process
	if p.id == 0 {
		Fail("fatal", msg)
		return
	}
	trace := s.cur.header("running", 1) + callerStack() + s.cur.createdBy()
	s.stderr(p, "fatal error: "+msg+"\n\n"+trace)
	p.end(ExitStatus{Code: 2})
}

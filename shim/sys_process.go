package shim

import (
	"encoding/binary"
	"syscall"
	"unsafe"

	rt "github.com/simgen-dev/simgen/runtime"
	clock "github.com/simgen-dev/simgen/shim/time"
)

// processors is the number of processors of a machine, as package runtime has it.
const processors = 4

func (p *process) wall() int64   { return p.node.clock.Wall(rt.Now()) }
func (p *process) uptime() int64 { return rt.Now() - clock.Start }

// constant is a system call that always returns the same.
func constant(r uintptr) func(*process, args) (uintptr, syscall.Errno) {
	return func(*process, args) (uintptr, syscall.Errno) { return r, 0 }
}

func sysGetpid(p *process, a args) (uintptr, syscall.Errno) { return uintptr(p.pid), 0 }

func sysUname(p *process, a args) (uintptr, syscall.Errno) {
	out := at[syscall.Utsname](a[0])
	if out == nil {
		return 0, syscall.EFAULT
	}
	const field = 65
	b := unsafe.Slice((*byte)(unsafe.Pointer(out)), unsafe.Sizeof(*out))
	clear(b)
	for i, s := range []string{"Linux", hostName(p.node.name), release, "#1 SMP simgen", machine, "(none)"} {
		copy(b[i*field:(i+1)*field-1], s)
	}
	return 0, 0
}

func sysSysinfo(p *process, a args) (uintptr, syscall.Errno) {
	out := at[syscall.Sysinfo_t](a[0])
	if out == nil {
		return 0, syscall.EFAULT
	}
	*out = syscall.Sysinfo_t{
		Uptime: p.uptime() / 1e9, Totalram: totalRAM, Freeram: totalRAM / 2,
		Procs: uint16(len(p.node.processes)), Unit: 1,
	}
	return 0, 0
}

func sysClockGettime(p *process, a args) (uintptr, syscall.Errno) {
	const realtime, monotonic, processCPU, threadCPU, monotonicRaw, realtimeCoarse, monotonicCoarse, boottime = 0, 1, 2, 3, 4, 5, 6, 7
	out := at[syscall.Timespec](a[1])
	if out == nil {
		return 0, syscall.EFAULT
	}
	switch a[0] {
	case realtime, realtimeCoarse:
		*out = syscall.NsecToTimespec(p.wall())
	case monotonic, monotonicRaw, monotonicCoarse, boottime:
		*out = syscall.NsecToTimespec(rt.Now())
	case processCPU, threadCPU:
		*out = syscall.NsecToTimespec(p.uptime())
	default:
		return 0, syscall.EINVAL
	}
	return 0, 0
}

func sysClockGetres(p *process, a args) (uintptr, syscall.Errno) {
	if out := at[syscall.Timespec](a[1]); out != nil {
		*out = syscall.Timespec{Nsec: 1}
	}
	return 0, 0
}

func sysGettimeofday(p *process, a args) (uintptr, syscall.Errno) {
	if out := at[syscall.Timeval](a[0]); out != nil {
		*out = syscall.NsecToTimeval(p.wall())
	}
	return 0, 0
}

func sysNanosleep(p *process, a args) (uintptr, syscall.Errno) {
	t := at[syscall.Timespec](a[0])
	switch {
	case t == nil:
		return 0, syscall.EFAULT
	case t.Sec < 0 || t.Nsec < 0 || t.Nsec >= 1e9:
		return 0, syscall.EINVAL
	}
	p.sleep(t.Nano(), "sleep")
	return 0, 0
}

func sysGetrandom(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[0], a[1])
	if errno == 0 {
		fillRandom(b)
	}
	return uintptr(len(b)), errno
}

func sysPrlimit64(p *process, a args) (uintptr, syscall.Errno) {
	if pid := int(int32(a[0])); pid != 0 && pid != p.pid {
		return 0, syscall.ESRCH
	}
	return p.rlimit(int(a[1]), at[syscall.Rlimit](a[3]), at[syscall.Rlimit](a[2]))
}

func sysGetrlimit(p *process, a args) (uintptr, syscall.Errno) {
	return p.rlimit(int(a[0]), at[syscall.Rlimit](a[1]), nil)
}

func sysSetrlimit(p *process, a args) (uintptr, syscall.Errno) {
	return p.rlimit(int(a[0]), nil, at[syscall.Rlimit](a[1]))
}

// rlimit reports and changes a resource limit. Only that of descriptors limits anything.
func (p *process) rlimit(which int, old, set *syscall.Rlimit) (uintptr, syscall.Errno) {
	const kinds, infinity = 16, ^uint64(0)
	if which < 0 || which >= kinds {
		return 0, syscall.EINVAL
	}
	now, known := p.limits[which]
	if !known {
		now = syscall.Rlimit{Cur: infinity, Max: infinity}
		if which == syscall.RLIMIT_NOFILE {
			now = syscall.Rlimit{Cur: maxDescriptors, Max: maxDescriptors}
		}
	}
	if old != nil {
		*old = now
	}
	if set == nil {
		return 0, 0
	}
	if set.Cur > set.Max || which == syscall.RLIMIT_NOFILE && set.Max > maxDescriptors {
		return 0, syscall.EINVAL
	}
	if p.limits == nil {
		p.limits = map[int]syscall.Rlimit{}
	}
	p.limits[which] = *set
	if which == syscall.RLIMIT_NOFILE {
		p.limit = int(set.Cur)
	}
	return 0, 0
}

func sysKill(p *process, a args) (uintptr, syscall.Errno) {
	return p.signal(int(int32(a[0])), a[1])
}

func sysTgkill(p *process, a args) (uintptr, syscall.Errno) {
	return p.signal(int(int32(a[0])), a[2])
}

func (p *process) signal(pid int, sig uintptr) (uintptr, syscall.Errno) {
	if sig > 64 {
		return 0, syscall.EINVAL
	}
	if pid == 0 || pid == -p.pid { // the process group, in which each process is alone
		pid = p.pid
	}
	for _, o := range p.node.processes {
		if o.pid == pid {
			o.proc.Signal(uint32(sig))
			return 0, 0
		}
	}
	return 0, syscall.ESRCH
}

// sigaction is the system call's struct.
type sigaction struct {
	handler        uintptr
	flags          uint64
	restorer, mask uintptr
}

// sysRtSigaction gives a signal back its default action, which servers do to end by the signal they were asked to stop with,
// or has it ignored. Handlers are package os/signal's business.
func sysRtSigaction(p *process, a args) (uintptr, syscall.Errno) {
	const byDefault, ignore = 0, 1
	sig := uint32(a[0])
	if sig < 1 || sig > 64 || a[3] != 8 {
		return 0, syscall.EINVAL
	}
	if act := at[sigaction](a[1]); act != nil {
		switch {
		case sig == uint32(syscall.SIGKILL) || sig == uint32(syscall.SIGSTOP):
			return 0, syscall.EINVAL
		case act.handler == byDefault:
			rt.SignalEnable(sig) // ends that it is ignored
			rt.SignalDisable(sig)
		case act.handler == ignore:
			rt.SignalIgnore(sig)
		default:
			p.node.world.report("rt_sigaction with a handler")
			return 0, syscall.ENOSYS
		}
	}
	if old := at[sigaction](a[2]); old != nil {
		*old = sigaction{}
	}
	return 0, 0
}

func sysExit(p *process, a args) (uintptr, syscall.Errno) {
	rt.Exit(int(a[0] & 0xff))
	return 0, 0
}

func sysGetrusage(p *process, a args) (uintptr, syscall.Errno) {
	out := at[syscall.Rusage](a[1])
	if out == nil {
		return 0, syscall.EFAULT
	}
	*out = syscall.Rusage{Utime: syscall.NsecToTimeval(p.uptime()), Maxrss: 64 << 10}
	return 0, 0
}

func sysTimes(p *process, a args) (uintptr, syscall.Errno) {
	const perTick = 1e7
	if out := at[syscall.Tms](a[0]); out != nil {
		*out = syscall.Tms{Utime: p.uptime() / perTick}
	}
	return uintptr(p.uptime() / perTick), 0
}

func sysGetgroups(p *process, a args) (uintptr, syscall.Errno) { return 0, 0 }

func sysSchedGetaffinity(p *process, a args) (uintptr, syscall.Errno) {
	b, errno := memory(a[2], a[1])
	if errno != 0 {
		return 0, errno
	}
	if len(b) < 8 {
		return 0, syscall.EINVAL
	}
	binary.LittleEndian.PutUint64(b, 1<<processors-1)
	return 8, 0
}

func sysWait4(p *process, a args) (uintptr, syscall.Errno) { return 0, syscall.ECHILD }

// sysPrctl accepts what changes nothing that can be seen here.
func sysPrctl(p *process, a args) (uintptr, syscall.Errno) {
	const setPdeathsig, setDumpable, setName, setVMA = 1, 4, 15, 0x53564d41
	switch a[0] {
	case setPdeathsig, setDumpable, setName, setVMA:
		return 0, 0
	}
	p.node.world.report("prctl " + decimal(a[0]))
	return 0, syscall.EINVAL
}

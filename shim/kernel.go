package shim

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
)

// args are a system call's arguments.
type args [6]uintptr

// call is a row of the system call table.
type call struct {
	name string
	// do carries the call out; nil: it is not modelled.
	do func(p *process, a args) (uintptr, syscall.Errno)
	// fails is what a call returns that is not modelled because callers have another way. It is not reported.
	fails syscall.Errno
}

// calls is the table by number.
var calls = join(fileCalls, nameCalls, socketCalls, processCalls, memoryCalls, missingCalls, archCalls)

// join makes one table of several. A number that is in two of them would be carried out by whichever comes last, so the program stops instead.
func join(tables ...map[uintptr]call) (all [512]call) {
	for _, rows := range tables {
		for nr, c := range rows {
			if nr >= uintptr(len(all)) {
				panic(fmt.Sprintf("system call %d (%s): the table ends at %d", nr, c.name, len(all)))
			}
			if first := all[nr]; first.name != "" {
				names := []string{first.name, c.name}
				slices.Sort(names)
				panic(fmt.Sprintf("system call %d has two rows: %s and %s", nr, names[0], names[1]))
			}
			all[nr] = c
		}
	}
	return all
}

// Syscall implements runtime.Kernel.
func (w *World) Syscall(proc *rt.Process, nr uintptr, a [6]uintptr) (r1, r2, errno uintptr) {
	p := w.of(proc)
	var c *call
	if nr < uintptr(len(calls)) {
		c = &calls[nr]
	}
	if c == nil || c.do == nil {
		return failed, 0, uintptr(w.missing(c, nr))
	}
	r, e := c.do(p, a)
	if e != 0 {
		return failed, 0, uintptr(e)
	}
	return r, secondResult(a), 0
}

const failed = ^uintptr(0)

func (w *World) missing(c *call, nr uintptr) syscall.Errno {
	switch {
	case c != nil && c.fails != 0:
		return c.fails
	case c != nil && c.name != "":
		w.report(c.name)
	default:
		w.report(fmt.Sprintf("system call %d", nr))
	}
	return syscall.ENOSYS
}

// report remembers that a program asked for something that is not modelled.
func (w *World) report(what string) {
	caller := outsideCaller()
	u := w.seen[what+" "+caller]
	if u == nil {
		u = &Unmodelled{Syscall: what, Caller: caller}
		w.seen[what+" "+caller] = u
		w.unmodelled = append(w.unmodelled, u)
	}
	u.Count++
}

// outsideCaller is the function that, by way of the standard library, made the present system call.
func outsideCaller() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	best := "unknown"
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "" || machinery(f.Function):
		case !rt.Standard(f.Function):
			return f.Function
		default:
			best = f.Function
		}
		if !more {
			return best
		}
	}
}

// machinery reports whether a function belongs to the simulator.
func machinery(function string) bool {
	for _, prefix := range []string{
		"runtime.", "simgen.", "simgen/", "github.com/simgen-dev/simgen/runtime.",
		"github.com/simgen-dev/simgen/shim.", "github.com/simgen-dev/simgen/shim/",
	} {
		if strings.HasPrefix(function, prefix) {
			return !strings.Contains(function, ".Test")
		}
	}
	return false
}

package shim

import (
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
)

// caller makes system calls, simulated or real ones.
type caller func(nr, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)

func realCaller(nr, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	r1, r2, e := syscall.Syscall6(nr, a1, a2, a3, a4, a5, a6)
	return r1, r2, uintptr(e)
}

// kept makes what system calls get pointers to escape to the heap, where it does not move.
var kept any

// do makes a system call. Strings become paths, byte slices buffers, pointers themselves.
func (c caller) do(nr uintptr, params ...any) (int, syscall.Errno) {
	kept = params
	var a [6]uintptr
	for i, x := range params {
		switch x := x.(type) {
		case int:
			a[i] = uintptr(x)
		case uintptr:
			a[i] = x
		case string:
			b := append([]byte(x), 0)
			kept = &b
			a[i] = uintptr(unsafe.Pointer(&b[0]))
			defer runtime.KeepAlive(&b)
		case []byte:
			if len(x) > 0 {
				a[i] = uintptr(unsafe.Pointer(&x[0]))
			}
		case *syscall.Stat_t:
			a[i] = uintptr(unsafe.Pointer(x))
		case *syscall.Msghdr:
			a[i] = uintptr(unsafe.Pointer(x))
		case *syscall.Flock_t:
			a[i] = uintptr(unsafe.Pointer(x))
		case *[2]int32:
			a[i] = uintptr(unsafe.Pointer(x))
		case *int32:
			a[i] = uintptr(unsafe.Pointer(x))
		case *uint32:
			a[i] = uintptr(unsafe.Pointer(x))
		default:
			panic("a kind of argument the test does not know")
		}
	}
	r, _, e := c(nr, a[0], a[1], a[2], a[3], a[4], a[5])
	runtime.KeepAlive(params)
	return int(r), syscall.Errno(e)
}

// cluster is a simulated world with some machines, for tests that run programs on them.
type cluster struct {
	*testing.T
	*World
	nodes []*Node
}

// simulate runs main in the harness of a world with n nodes, called n0, n1, ..., and requires that the simulation
// does not fail.
func simulate(t *testing.T, seed uint64, n int, main func(*cluster)) (*World, rt.Result) {
	t.Helper()
	c := &cluster{T: t, World: NewWorld(Config{})}
	res := rt.Run(rt.Config{Seed: seed, Kernel: c.World, Main: func() {
		for i := range n {
			name := string([]byte{'n', byte('0' + i)})
			c.nodes = append(c.nodes, c.AddNode(name, "10.0.0."+string([]byte{byte('1' + i)})))
		}
		main(c)
	}})
	if res.Failure != nil {
		t.Fatalf("%s: %s\n%s", res.Failure.Kind, res.Failure.Message, res.Failure.Stacks)
	}
	return c.World, res
}

// run runs a program on a node and waits until it is over.
func (c *cluster) run(node int, main func(p *program)) rt.ExitStatus {
	return c.start(node, main).Wait()
}

func (c *cluster) start(node int, main func(p *program)) *rt.Process {
	n := c.nodes[node]
	return n.Start(Program{Name: "test", Main: func() { main(&program{TB: c.T, caller: rt.Syscall6}) }})
}

// program is what a simulated program, or the test itself on the real system, makes system calls with.
type program struct {
	testing.TB
	caller
}

// must makes a system call that has to succeed.
func (p *program) must(nr uintptr, params ...any) int {
	p.Helper()
	r, errno := p.do(nr, params...)
	if errno != 0 {
		p.fail("system call %s%v: %v", calls[nr].name, params, errno)
	}
	return r
}

// fails makes a system call that has to fail in a certain way.
func (p *program) fails(want syscall.Errno, nr uintptr, params ...any) {
	p.Helper()
	if r, errno := p.do(nr, params...); errno != want {
		p.fail("system call %s%v: %d, %v; want %v", calls[nr].name, params, r, errno, want)
	}
}

func (p *program) fail(format string, args ...any) {
	p.Helper()
	p.Errorf(format, args...)
	if rt.Simulated() {
		rt.Exit(1)
	}
	p.FailNow()
}

const atFdcwd = -100

func (p *program) open(path string, flags int) int {
	p.Helper()
	return p.must(syscall.SYS_OPENAT, atFdcwd, path, flags|syscall.O_CLOEXEC, 0644)
}

func (p *program) close(fd int) { p.Helper(); p.must(syscall.SYS_CLOSE, fd) }

func (p *program) write(fd int, s string) {
	p.Helper()
	for len(s) > 0 {
		n := p.must(syscall.SYS_WRITE, fd, []byte(s), len(s))
		s = s[n:]
	}
}

// read reads once.
func (p *program) read(fd, n int) string {
	p.Helper()
	b := make([]byte, n)
	return string(b[:p.must(syscall.SYS_READ, fd, b, n)])
}

// readAll reads to the end.
func (p *program) readAll(fd int) string {
	p.Helper()
	var all strings.Builder
	for {
		s := p.read(fd, 1000)
		if s == "" {
			return all.String()
		}
		all.WriteString(s)
	}
}

func (p *program) content(path string) string {
	p.Helper()
	fd := p.open(path, syscall.O_RDONLY)
	defer p.close(fd)
	return p.readAll(fd)
}

func (p *program) stat(path string) syscall.Stat_t {
	p.Helper()
	st := new(syscall.Stat_t)
	p.must(sysNEWFSTATAT, atFdcwd, path, st, atSymlinkNoF)
	return *st
}

// names lists a directory, sorted.
func (p *program) names(path string) []string {
	p.Helper()
	fd := p.open(path, syscall.O_RDONLY|syscall.O_DIRECTORY)
	defer p.close(fd)
	var all []string
	b := make([]byte, 512)
	for {
		n := p.must(syscall.SYS_GETDENTS64, fd, b, len(b))
		if n == 0 {
			slices.Sort(all)
			return all
		}
		_, _, all = syscall.ParseDirent(b[:n], -1, all)
	}
}

// socket makes a TCP socket that blocks.
func (p *program) socket() int {
	p.Helper()
	return p.must(syscall.SYS_SOCKET, syscall.AF_INET, syscall.SOCK_STREAM, 0)
}

func (p *program) listen(port uint16) int {
	p.Helper()
	l := p.socket()
	one := int32(1)
	p.must(syscall.SYS_SETSOCKOPT, l, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, &one, 4)
	addr := encodeAddress(net.Addr{IP: net.IPv4(0, 0, 0, 0), Port: port}, syscall.AF_INET)
	p.must(syscall.SYS_BIND, l, addr, len(addr))
	p.must(syscall.SYS_LISTEN, l, 128)
	return l
}

func (p *program) accept(l int) int { p.Helper(); return p.must(syscall.SYS_ACCEPT4, l, 0, 0, 0) }

func (p *program) dial(ip net.IP, port uint16) (int, syscall.Errno) {
	p.Helper()
	s := p.socket()
	addr := encodeAddress(net.Addr{IP: ip, Port: port}, syscall.AF_INET)
	_, errno := p.do(syscall.SYS_CONNECT, s, addr, len(addr))
	return s, errno
}

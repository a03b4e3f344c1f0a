package shim

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "rewrite machine.txt")

// machineFile is a full name: other tests change the directory.
var machineFile, _ = filepath.Abs("machine.txt")

// machine.txt says what of Linux the machine has: simgen check compares it with what a program asks for by name. This test asks the machine.
func TestMachine(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("amd64 has all the names of system calls; the rest is the same on arm64")
	}
	var w bytes.Buffer
	w.WriteString("# What the simulated machine has of Linux, by the numbers of Linux. Written by go test ./shim -run TestMachine -update.\n")
	var names []string
	for _, c := range calls {
		switch {
		case c.do != nil:
			names = append(names, "call "+c.name)
		case c.fails != 0:
			errno := map[syscall.Errno]string{syscall.ENOSYS: "ENOSYS", syscall.EINVAL: "EINVAL", syscall.EOPNOTSUPP: "EOPNOTSUPP"}[c.fails]
			if errno == "" {
				t.Errorf("%s fails with %v, which this test has no name for", c.name, c.fails)
			}
			names = append(names, "fails "+c.name+" "+errno)
		}
	}
	slices.Sort(names)
	for _, line := range names {
		fmt.Fprintln(&w, line)
	}
	for _, ask := range []func(*program, *World) []string{askSockets, askOptions, askCommands} {
		simulate(t, 1, 1, func(sim *cluster) {
			sim.run(0, func(p *program) {
				for _, line := range ask(p, sim.World) {
					fmt.Fprintln(&w, line)
				}
			})
		})
	}
	if *update {
		if err := os.WriteFile(machineFile, w.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(machineFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(w.Bytes(), want) {
		t.Errorf("%s is not what the machine has (go test ./shim -run TestMachine -update)", machineFile)
	}
}

// askSockets are the kinds of sockets.
func askSockets(p *program, _ *World) (lines []string) {
	for family := range 50 {
		for kind := range 6 {
			if fd, errno := p.do(syscall.SYS_SOCKET, family, kind, 0); errno == 0 {
				lines = append(lines, fmt.Sprintf("socket %d %d", family, kind))
				p.close(fd)
			}
		}
	}
	return lines
}

// askOptions are the options of sockets, of any kind.
func askOptions(p *program, _ *World) (lines []string) {
	var sockets []int
	for _, kind := range [][2]int{
		{syscall.AF_INET, syscall.SOCK_STREAM}, {syscall.AF_INET6, syscall.SOCK_STREAM}, {syscall.AF_INET, syscall.SOCK_DGRAM},
		{syscall.AF_INET6, syscall.SOCK_DGRAM}, {syscall.AF_UNIX, syscall.SOCK_STREAM},
	} { // netlink sockets take every option
		sockets = append(sockets, p.must(syscall.SYS_SOCKET, kind[0], kind[1], 0))
	}
	unknown := func(errno syscall.Errno) bool { return errno == syscall.ENOPROTOOPT || errno == syscall.EOPNOTSUPP }
	for _, call := range []uintptr{syscall.SYS_SETSOCKOPT, syscall.SYS_GETSOCKOPT} {
		for _, level := range []int{0, 1, 6, 17, 41, 58, 132, 136, 255, 263} { // IP, SOCKET, TCP, UDP, IPV6, ICMPV6, SCTP, UDPLITE, RAW, PACKET
			for option := range 130 {
				for _, s := range sockets {
					value, size := make([]byte, 256), uint32(256)
					value[0] = 1
					var errno syscall.Errno
					if call == syscall.SYS_SETSOCKOPT {
						_, errno = p.do(call, s, level, option, value, 16)
					} else {
						_, errno = p.do(call, s, level, option, value, &size)
					}
					if !unknown(errno) {
						lines = append(lines, fmt.Sprintf("%s %d %d", calls[call].name, level, option))
						break
					}
				}
			}
		}
	}
	return lines
}

// askCommands are the commands of fcntl and prctl, and the requests of ioctl to files and sockets.
func askCommands(p *program, w *World) (lines []string) {
	file, socket := p.open("/tmp/file", syscall.O_CREAT|syscall.O_RDWR), p.socket()
	// has asks, and looks whether the machine reports that it was asked in vain.
	has := func(ask func()) bool {
		before := w.asked()
		ask()
		return w.asked() == before
	}
	out := make([]byte, 256)
	for cmd := range 1100 {
		if has(func() { p.do(syscall.SYS_FCNTL, file, cmd, 0) }) {
			lines = append(lines, fmt.Sprintf("fcntl %d", cmd))
		}
	}
	for _, group := range []int{0x5400, 0x8900, 0x802c5400} {
		for request := group; request < group+0x100; request++ {
			if has(func() { p.do(syscall.SYS_IOCTL, file, request, out) }) || has(func() { p.do(syscall.SYS_IOCTL, socket, request, out) }) {
				lines = append(lines, fmt.Sprintf("ioctl %d", request))
			}
		}
	}
	const setVMA = 0x53564d41
	for _, option := range append(slices.Collect(upTo(100)), setVMA) {
		if has(func() { p.do(syscall.SYS_PRCTL, option, 0) }) {
			lines = append(lines, fmt.Sprintf("prctl %d", option))
		}
	}
	return lines
}

func upTo(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// asked is how often programs asked for something in vain.
func (w *World) asked() (n int) {
	for _, u := range w.Unmodelled() {
		n += u.Count
	}
	return n
}

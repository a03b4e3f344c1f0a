package shim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
)

// wire is two machines, a and b, and the link between them: simulated ones, or two network namespaces of the real system
// with a link of packets that go through the test.
type wire struct {
	testing.TB
	a, b *program
	real bool
	open map[int]bool  // descriptors of the real system
	step time.Duration // of waiting

	sleep   func(time.Duration)
	now     func() time.Duration
	cut     func(from, to string) // one direction of the link, until heal
	heal    func()
	reboot  func()                   // b, as after a power cut
	setting func(name, value string) // below net.ipv4, of both real machines
}

const (
	wireA = "10.0.0.1"
	wireB = "10.0.0.2"
)

var (
	addressA = net.IPv4(10, 0, 0, 1)
	addressB = net.IPv4(10, 0, 0, 2)
)

// agent makes system calls for somebody else, on a machine.
type agent struct {
	calls chan func()
	done  chan struct{}
}

func newAgent() *agent { return &agent{make(chan func()), make(chan struct{})} }

func (a *agent) run() {
	for {
		f, ok := rt.Recv2(a.calls)
		if !ok {
			return
		}
		f()
		rt.Send(a.done, struct{}{})
	}
}

func (a *agent) do(f func()) {
	rt.Send(a.calls, f)
	rt.Recv(a.done)
}

func (a *agent) caller(real caller) caller {
	return func(nr, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
		a.do(func() { r1, r2, errno = real(nr, a1, a2, a3, a4, a5, a6) })
		return
	}
}

// simulatedWire runs a scenario on simulated machines.
func simulatedWire(t *testing.T, scenario func(*wire)) {
	simulate(t, 1, 2, func(sim *cluster) {
		machine := func(i int) *program {
			a := newAgent()
			sim.start(i, func(*program) { a.run() })
			return &program{TB: t, caller: a.caller(rt.Syscall6)}
		}
		network := sim.Network()
		w := &wire{TB: t, a: machine(0), b: machine(1), step: 5 * time.Millisecond, sleep: sleep, now: func() time.Duration { return time.Duration(rt.Now()) }}
		w.cut = func(from, to string) {
			if err := network.PartitionOneWay(from, to); err != nil {
				t.Error(err)
			}
		}
		w.heal = network.HealAll
		w.reboot = func() {
			sim.nodes[1].Crash()
			w.b = machine(1)
		}
		scenario(w)
	})
}

// realWire runs a scenario on the real system. It needs the right to make network namespaces.
func realWire(t *testing.T, scenario func(*wire)) {
	if testing.Short() {
		t.Skip("the real system takes its time")
	}
	l := &realLink{}
	start := time.Now()
	w := &wire{TB: t, real: true, step: 5 * time.Millisecond, sleep: time.Sleep, now: func() time.Duration { return time.Since(start) }}
	w.a, w.b = l.machine(t, wireA), l.machine(t, wireB)
	w.cut = func(from, to string) { l.set(func() { l.down[from] = true }) }
	w.heal = func() { l.set(func() { clear(l.down) }) }
	w.reboot = func() { w.b = l.machine(t, wireB) }
	w.setting = func(name, value string) {
		for _, a := range l.agents {
			var err error
			if a.do(func() { err = setting(name, value) }); err != nil {
				t.Skip(err)
			}
		}
	}
	scenario(w)
}

// realLink carries packets from one network namespace to the other, while it is not cut.
type realLink struct {
	mu       sync.Mutex
	machines map[string]*os.File // the newest of each address
	down     map[string]bool     // packets from the address are lost
	agents   []*agent
}

func (l *realLink) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.machines == nil {
		l.machines, l.down = map[string]*os.File{}, map[string]bool{}
	}
	f()
}

// machine makes a namespace with the address, which takes the place of the one that had it before.
func (l *realLink) machine(t *testing.T, address string) *program {
	agent := newAgent()
	go func() {
		runtime.LockOSThread() // for ever: the thread, and the namespace, end with the goroutine
		agent.run()
	}()
	var tun *os.File
	var err error
	l.agents = append(l.agents, agent)
	agent.do(func() { tun, err = namespace(address) })
	if err != nil {
		t.Skipf("no network namespace: %v; run the test as root, or with unshare --map-root-user --net", err)
	}
	t.Cleanup(func() {
		close(agent.calls)
		tun.Close()
	})
	l.set(func() { l.machines[address] = tun })
	go l.forward(address, tun)
	return &program{TB: t, caller: agent.caller(realCaller)}
}

func (l *realLink) forward(address string, from *os.File) {
	packet := make([]byte, 2000)
	for {
		n, err := from.Read(packet)
		if err != nil {
			return
		}
		if packet[0]>>4 != 4 {
			continue // what IPv6 does by itself
		}
		l.mu.Lock()
		var to *os.File
		if l.machines[address] == from && !l.down[address] {
			for other, f := range l.machines {
				if other != address {
					to = f
				}
			}
		}
		l.mu.Unlock()
		if to != nil {
			to.Write(packet[:n])
		}
	}
}

// setting changes a setting of the calling thread's namespace.
func setting(name, value string) error {
	return os.WriteFile("/proc/sys/net/ipv4/"+name, []byte(value), 0)
}

// namespace gives the calling thread a network of its own, with one interface, and returns the other end of that.
func namespace(address string) (*os.File, error) {
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("unshare: %w", err)
	}
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(s)
	const noPacketInfo = 0x1000
	ip, ok := net.ParseIP(address)
	if !ok {
		return nil, errors.New("not an address: " + address)
	}
	for _, step := range []struct {
		fd      int
		request uintptr
		name    string
		value   []byte
	}{
		{fd, syscall.TUNSETIFF, "wire", binary.NativeEndian.AppendUint16(nil, syscall.IFF_TUN|noPacketInfo)},
		{s, syscall.SIOCSIFADDR, "wire", encodeAddress(net.Addr{IP: ip}, syscall.AF_INET)},
		{s, syscall.SIOCSIFNETMASK, "wire", encodeAddress(net.Addr{IP: net.IPv4(255, 255, 255, 0)}, syscall.AF_INET)},
		{s, syscall.SIOCSIFFLAGS, "wire", binary.NativeEndian.AppendUint16(nil, syscall.IFF_UP|syscall.IFF_RUNNING)},
		{s, syscall.SIOCSIFFLAGS, "lo", binary.NativeEndian.AppendUint16(nil, syscall.IFF_UP|syscall.IFF_RUNNING)},
	} {
		request := make([]byte, 40) // struct ifreq
		copy(request, step.name)
		copy(request[syscall.IFNAMSIZ:], step.value)
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(step.fd), step.request, uintptr(unsafe.Pointer(&request[0]))); errno != 0 {
			return nil, fmt.Errorf("ioctl %#x of %s: %w", step.request, step.name, errno)
		}
	}
	// Linux has linear timeouts of SYNs since 6.5.
	if err := setting("tcp_syn_linear_timeouts", "0"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "tun of "+address), nil
}

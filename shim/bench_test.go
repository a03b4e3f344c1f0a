package shim

import (
	"syscall"
	"testing"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
)

// inSimulation measures op on a simulated machine.
func inSimulation(b *testing.B, prepare func(p *program) (op func())) {
	w := NewWorld(Config{})
	res := rt.Run(rt.Config{Seed: 1, Kernel: w, MaxSteps: 1 << 62, MaxTime: 1 << 60, Main: func() {
		n := w.AddNode("n0", "10.0.0.1")
		n.Start(Program{Name: "bench", Main: func() {
			op := prepare(&program{TB: b, caller: rt.Syscall6})
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				op()
			}
			b.StopTimer()
		}}).Wait()
	}})
	if res.Failure != nil {
		b.Fatal(res.Failure.Message)
	}
}

func BenchmarkGetpid(b *testing.B) {
	inSimulation(b, func(p *program) func() {
		return func() { rt.Syscall6(syscall.SYS_GETPID, 0, 0, 0, 0, 0, 0) }
	})
}

func BenchmarkAppend(b *testing.B) {
	inSimulation(b, func(p *program) func() {
		fd := uintptr(p.must(syscall.SYS_OPENAT, atFdcwd, "/f", syscall.O_CREAT|syscall.O_WRONLY|syscall.O_APPEND, 0644))
		line := make([]byte, 100)
		kept = line
		at := number(&line[0])
		return func() { rt.Syscall6(syscall.SYS_WRITE, fd, at, 100, 0, 0, 0) }
	})
}

// BenchmarkSegment sends 64 bytes through the loopback interface and receives them.
func BenchmarkSegment(b *testing.B) {
	inSimulation(b, func(p *program) func() {
		l := p.listen(7)
		c, _ := p.dial(net.IPv4(127, 0, 0, 1), 7)
		s := uintptr(p.accept(l))
		message := make([]byte, 64)
		kept = message
		at := number(&message[0])
		return func() {
			rt.Syscall6(syscall.SYS_WRITE, uintptr(c), at, 64, 0, 0, 0)
			rt.Syscall6(syscall.SYS_READ, s, at, 64, 0, 0, 0)
		}
	})
}

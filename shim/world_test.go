package shim

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
)

func sleep(d time.Duration) { rt.Sleep(int64(d)) }

// echoServer answers everything on port 7 until it is killed.
func echoServer(p *program) {
	l := p.listen(7)
	for {
		c := p.accept(l)
		rt.Go(func() {
			for {
				b := make([]byte, 1000)
				n, errno := p.do(syscall.SYS_READ, c, b, len(b))
				if n <= 0 || errno != 0 {
					break
				}
				p.do(syscall.SYS_WRITE, c, b[:n], n)
			}
			p.close(c)
		})
	}
}

// echo sends s and returns what comes back, or the error.
func echo(p *program, c int, s string) string {
	if _, errno := p.do(syscall.SYS_WRITE, c, []byte(s), len(s)); errno != 0 {
		return errno.Error()
	}
	got := ""
	for len(got) < len(s) {
		b := make([]byte, 1000)
		n, errno := p.do(syscall.SYS_READ, c, b, len(b))
		if errno != 0 {
			return errno.Error()
		}
		if n == 0 {
			return got + "EOF"
		}
		got += string(b[:n])
	}
	return got
}

var n0 = net.IPv4(10, 0, 0, 1)

func TestEchoBetweenMachines(t *testing.T) {
	scenario := func(sim *cluster) {
		sim.start(0, echoServer)
		sim.run(1, func(p *program) {
			for !sim.nodes[0].Listening() {
				sleep(time.Millisecond)
			}
			c, errno := p.dial(n0, 7)
			p.equal("connect", errno, syscall.Errno(0))
			for i := range 10 {
				s := strings.Repeat("x", 100*i+1)
				p.equal("echo", echo(p, c, s), s)
			}
			p.equal("open connections", len(sim.OpenConnections()), 2)
			p.close(c)
			sleep(10 * time.Millisecond)
			p.equal("open connections", len(sim.OpenConnections()), 0)
		})
	}
	_, a := simulate(t, 7, 2, scenario)
	_, b := simulate(t, 7, 2, scenario)
	_, c := simulate(t, 8, 2, scenario)
	if a != b {
		t.Errorf("the same seed gave %+v and %+v", a, b)
	}
	if a.Hash == c.Hash {
		t.Error("two seeds gave the same hash")
	}
}

func TestDeathOfAProcess(t *testing.T) {
	simulate(t, 1, 2, func(sim *cluster) {
		server := sim.start(0, echoServer)
		sim.run(1, func(p *program) {
			sleep(time.Millisecond)
			c, _ := p.dial(n0, 7)
			p.equal("echo", echo(p, c, "hello"), "hello")
			server.Kill()
			p.equal("its kernel closes the connection", p.read(c, 1), "")
			p.equal("a write after the end", echo(p, c, "x"), "EOF")
			sleep(time.Millisecond)
			p.equal("is answered with a reset", echo(p, c, "x"), syscall.EPIPE.Error())
			_, errno := p.dial(n0, 7)
			p.equal("nobody listens", errno, syscall.ECONNREFUSED)
		})
	})
}

func TestCrashOfAMachine(t *testing.T) {
	simulate(t, 2, 2, func(sim *cluster) {
		sim.start(0, echoServer)
		sim.run(1, func(p *program) {
			sleep(time.Millisecond)
			c, _ := p.dial(n0, 7)
			p.equal("echo", echo(p, c, "hello"), "hello")
			sim.nodes[0].Crash()
			rt.Go(func() {
				sleep(3 * time.Second)
				sim.start(0, echoServer)
			})
			before := rt.Now()
			p.equal("a packet to the rebooted machine is answered with a reset", echo(p, c, "x"), syscall.ECONNRESET.Error())
			if d := time.Duration(rt.Now() - before); d < 3*time.Second || d > 7*time.Second {
				p.fail("the reset came after %v", d)
			}
			c, errno := p.dial(n0, 7)
			p.equal("connect again", errno, syscall.Errno(0))
			p.equal("echo", echo(p, c, "hello"), "hello")
		})
	})
}

func TestPartition(t *testing.T) {
	simulate(t, 3, 2, func(sim *cluster) {
		sim.start(0, echoServer)
		sim.run(1, func(p *program) {
			sleep(time.Millisecond)
			c, _ := p.dial(n0, 7)
			p.equal("echo", echo(p, c, "hello"), "hello")
			if err := sim.Network().Partition("n0", "10.0.0.2"); err != nil {
				p.fail("%v", err)
			}
			rt.Go(func() {
				sleep(2 * time.Second)
				sim.Network().HealAll()
			})
			before := rt.Now()
			p.equal("the connection survives", echo(p, c, "patience"), "patience")
			if d := time.Duration(rt.Now() - before); d < 2*time.Second || d > 4*time.Second {
				p.fail("the echo took %v", d)
			}
			if err := sim.Network().Partition("n0", "nobody"); err == nil || !strings.Contains(err.Error(), "nobody") {
				p.fail("partition from a machine that does not exist: %v", err)
			}
		})
	})
}

func TestUnsyncedFilesAtDeathAndCrash(t *testing.T) {
	lost := 0
	for seed := range uint64(30) {
		simulate(t, seed, 1, func(sim *cluster) {
			n := sim.nodes[0]
			sim.run(0, func(p *program) {
				fd := p.open("/data", syscall.O_CREAT|syscall.O_WRONLY)
				p.write(fd, "synced,")
				before := rt.Now()
				p.must(syscall.SYS_FSYNC, fd)
				if d := time.Duration(rt.Now() - before); d < time.Millisecond || d > 6*time.Millisecond {
					p.fail("fsync took %v", d)
				}
				p.write(fd, "not synced")
				p.must(syscall.SYS_KILL, p.must(syscall.SYS_GETPID), int(syscall.SIGKILL))
			})
			got, err := n.ReadFile("/data")
			if string(got) != "synced,not synced" || err != nil {
				t.Errorf("after the death of the process: %q, %v", got, err)
			}
			n.Crash()
			got, err = n.ReadFile("/data")
			if !strings.HasPrefix(string(got), "synced,") || err != nil {
				t.Errorf("after the crash: %q, %v", got, err)
			}
			if string(got) == "synced," {
				lost++
			}
			n.Wipe()
			if _, err := n.ReadFile("/data"); err == nil {
				t.Error("the file survived wiping the disk")
			}
			if hosts, err := n.ReadFile("/etc/hosts"); err != nil || !strings.Contains(string(hosts), "10.0.0.1\tn0\n") {
				t.Errorf("/etc/hosts after wiping: %q, %v", hosts, err)
			}
		})
	}
	if lost == 0 || lost == 30 {
		t.Errorf("%d of 30 crashes lost what was not synced", lost)
	}
}

func TestCrashDuringSync(t *testing.T) {
	durable := 0
	for seed := range uint64(40) {
		simulate(t, seed, 1, func(sim *cluster) {
			n := sim.nodes[0]
			sim.start(0, func(p *program) {
				fd := p.open("/data", syscall.O_CREAT|syscall.O_WRONLY|syscall.O_SYNC)
				p.write(fd, "x")
				p.fail("the write returned")
			})
			sleep(500 * time.Microsecond)
			n.Crash()
			if got, _ := n.ReadFile("/data"); string(got) == "x" {
				durable++
			}
			if n.Process() != nil {
				t.Error("a process survived the crash")
			}
		})
	}
	if durable == 0 || durable == 40 {
		t.Errorf("in %d of 40 crashes the data was on the disk", durable)
	}
}

func TestOutput(t *testing.T) {
	w, _ := simulate(t, 1, 1, func(sim *cluster) {
		sim.run(0, func(p *program) {
			p.write(1, "one\ntwo ")
			p.write(2, "error\n")
			p.write(1, "three\nno newline")
			p.equal("stdin", p.readAll(0), "")
		})
	})
	var got []string
	for _, l := range w.Output() {
		got = append(got, l.Node+" "+l.Stream+": "+l.Text)
	}
	want := []string{"n0 stderr: error", "n0 stdout: no newline", "n0 stdout: one", "n0 stdout: two three"}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("output %q", got)
	}
}

func TestStop(t *testing.T) {
	simulate(t, 1, 1, func(sim *cluster) {
		n := sim.nodes[0]
		stubborn := sim.start(0, func(p *program) {
			rt.SignalEnable(uint32(syscall.SIGTERM))
			sleep(time.Hour)
		})
		sleep(time.Millisecond)
		before := rt.Now()
		n.Stop(5 * time.Second)
		if d := time.Duration(rt.Now() - before); d < 5*time.Second || d > 6*time.Second {
			t.Errorf("stopping took %v", d)
		}
		if st, over := stubborn.Exit(); !over || st.Signal != uint32(syscall.SIGKILL) {
			t.Errorf("status %+v", st)
		}
		polite := sim.start(0, func(p *program) {
			rt.SignalEnable(uint32(syscall.SIGTERM))
			rt.SignalRecv()
			rt.Exit(3)
		})
		sleep(time.Millisecond)
		n.Stop(5 * time.Second)
		if st, _ := polite.Exit(); st.Code != 3 {
			t.Errorf("status %+v", st)
		}
		if !n.Up() {
			t.Error("the machine is down")
		}
	})
}

func TestPanicGoesToStderr(t *testing.T) {
	w, _ := simulate(t, 1, 1, func(sim *cluster) {
		if st := sim.run(0, func(p *program) { panic("oh no") }); st.Panic != "oh no" || st.Code != 2 {
			t.Errorf("status %+v", st)
		}
	})
	if out := w.Output(); len(out) < 3 || out[0].Text != "panic: oh no" || out[0].Stream != "stderr" {
		t.Errorf("output %+v", out)
	}
}

func TestUnmodelledIsReported(t *testing.T) {
	w, _ := simulate(t, 1, 1, func(sim *cluster) {
		sim.run(0, func(p *program) {
			for range 2 {
				p.fails(syscall.ENOSYS, syscall.SYS_INOTIFY_INIT1, 0)
			}
			p.fails(syscall.ENOSYS, 500)
			p.fails(syscall.EAFNOSUPPORT, syscall.SYS_SOCKET, syscall.AF_PACKET, syscall.SOCK_RAW, 0)
			p.fails(syscall.ENOENT, syscall.SYS_OPENAT, atFdcwd, "/proc/self/maps", 0, 0)
			p.fails(syscall.ENOSYS, syscall.SYS_SENDFILE, 0, 0, 0, 0) // callers have another way
		})
	})
	var got []string
	for _, u := range w.Unmodelled() {
		got = append(got, fmt.Sprint(u.Syscall, " ", u.Count))
		if !strings.Contains(u.Caller, "shim.") {
			t.Errorf("caller of %s: %q", u.Syscall, u.Caller)
		}
	}
	want := []string{"inotify_init1 2", "system call 500 1", "socket family AF_PACKET 1", "file /proc/self/maps 1"}
	if !slices.Equal(got, want) {
		t.Errorf("reported %q", got)
	}
}

func TestIdentity(t *testing.T) {
	simulate(t, 1, 2, func(sim *cluster) {
		for i, n := range sim.nodes {
			proc := n.Start(Program{
				Name: "server", Path: "", Args: []string{"-x"}, Env: []string{"HOME=/data", "A=b"}, Dir: "/data",
				Main: func() {
					p := &program{TB: t, caller: rt.Syscall6}
					p.equal("args", rt.Args(), []string{"/usr/local/bin/server", "-x"})
					env := rt.Env()
					if !slices.Contains(env, "HOME=/data") || slices.Contains(env, "HOME=/root") || !slices.Contains(env, "A=b") {
						p.fail("environment %q", env)
					}
					p.equal("pid", p.must(syscall.SYS_GETPID), firstPid)
					p.equal("hostname", p.content("/proc/sys/kernel/hostname"), fmt.Sprintf("n%d\n", i))
					b := make([]byte, 100)
					k := p.must(syscall.SYS_READLINKAT, atFdcwd, "/proc/self/exe", b, 100)
					p.equal("exe", string(b[:k]), "/usr/local/bin/server")
					p.must(syscall.SYS_GETCWD, b, 100)
					p.equal("directory", string(b[:5]), "/data")
					sec, _ := rt.Walltime()
					p.equal("time", sec, int64(1577836800))
				},
			})
			if st := proc.Wait(); st.Code != 0 {
				t.Errorf("status %+v", st)
			}
		}
	})
}

func TestMistakesAreReported(t *testing.T) {
	w := NewWorld(Config{})
	res := rt.Run(rt.Config{Kernel: w, Main: func() {
		w.AddNode("a", "10.0.0.1")
		b := w.AddNode("b", "10.0.0.1")
		b.Start(Program{Main: func() {}})
	}})
	if res.Failure == nil || res.Failure.Kind != "error" || !strings.Contains(res.Failure.Message, "belongs to host a") {
		t.Errorf("result %+v", res.Failure)
	}
}

// A connection that one workload has made, and another finds in a variable they share, is the same for both.
func TestSharedVariablesShareDescriptors(t *testing.T) {
	simulate(t, 1, 3, func(sim *cluster) {
		sim.start(0, echoServer)
		p := &program{TB: t, caller: rt.Syscall6}
		pooled := -1
		workload := func(node int, main func()) *rt.Process {
			proc := rt.NewProcess(fmt.Sprint("workload ", node), "")
			proc.ShareGlobals(rt.CurrentProcess())
			sim.nodes[node].Host(proc)
			proc.Start(main)
			return proc
		}
		first := workload(1, func() {
			for !sim.nodes[0].Listening() {
				sleep(time.Millisecond)
			}
			pooled, _ = p.dial(n0, 7)
			p.must(syscall.SYS_WRITE, 1, []byte("first\n"), 6)
			sleep(time.Second)
		})
		second := workload(2, func() {
			for pooled < 0 {
				sleep(time.Millisecond)
			}
			own, errno := p.dial(n0, 7)
			p.equal("connect", errno, syscall.Errno(0))
			if own == pooled {
				t.Errorf("descriptor %d means two connections", own)
			}
			p.equal("over the other's connection", echo(p, pooled, "a"), "a")
			p.equal("over its own", echo(p, own, "b"), "b")
			p.must(syscall.SYS_WRITE, 1, []byte("second\n"), 7)
		})
		second.Wait()
		sleep(10 * time.Millisecond)
		p.equal("connections, of which the one that has ended had one", len(sim.OpenConnections()), 2)
		first.Wait()
		for i, name := range []string{"n1", "n2"} {
			if l := sim.Output()[i]; l.Node != name {
				t.Errorf("%q was printed by %s", l.Text, l.Node)
			}
		}
	})
}

// A server that ends by the signal it was asked to stop with gives that its default action first.
func TestSignalGetsDefaultActionBack(t *testing.T) {
	simulate(t, 1, 1, func(sim *cluster) {
		end := sim.run(0, func(p *program) {
			rt.SignalEnable(uint32(syscall.SIGTERM))
			p.must(syscall.SYS_KILL, p.must(syscall.SYS_GETPID), int(syscall.SIGTERM)) // goes to os/signal
			action := make([]byte, unsafe.Sizeof(sigaction{}))
			p.must(syscall.SYS_RT_SIGACTION, int(syscall.SIGTERM), action, 0, 8)
			p.must(syscall.SYS_KILL, p.must(syscall.SYS_GETPID), int(syscall.SIGTERM))
			p.fail("outlived the signal")
		})
		if end.Signal != uint32(syscall.SIGTERM) {
			t.Errorf("ended with %+v", end)
		}
	})
}

// Servers look for the address to announce in the table of routes.
func TestRoutes(t *testing.T) {
	simulate(t, 1, 1, func(sim *cluster) {
		sim.run(0, func(p *program) {
			s := p.must(syscall.SYS_SOCKET, syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_ROUTE)
			request := binary.NativeEndian.AppendUint32(nil, syscall.NLMSG_HDRLEN+1)
			request = binary.NativeEndian.AppendUint16(request, syscall.RTM_GETROUTE)
			request = binary.NativeEndian.AppendUint16(request, syscall.NLM_F_DUMP|syscall.NLM_F_REQUEST)
			request = append(request, make([]byte, 9)...)
			p.must(syscall.SYS_SENDTO, s, request, len(request), 0, 0, 0)
			b := make([]byte, 4096)
			messages, err := syscall.ParseNetlinkMessage(b[:p.must(syscall.SYS_READ, s, b, len(b))])
			if err != nil || len(messages) != 1 || messages[0].Header.Type != syscall.RTM_NEWROUTE {
				p.fail("got %v, %v", messages, err)
			}
			attributes, err := syscall.ParseNetlinkRouteAttr(&messages[0])
			if err != nil {
				p.fail("attributes: %v", err)
			}
			got := ""
			for _, a := range attributes {
				got += fmt.Sprintf("%d=%v ", a.Attr.Type, a.Value)
			}
			p.equal("route", got, "1=[10 0 0 0] 4=[2 0 0 0] 7=[10 0 0 1] ")
		})
	})
}

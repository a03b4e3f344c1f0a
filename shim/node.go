package shim

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
	"github.com/simgen-dev/simgen/shim/os"
	clock "github.com/simgen-dev/simgen/shim/time"
)

// Node is one machine.
type Node struct {
	world     *World
	name      string
	host      *net.Host
	disk      *os.Disk
	clock     clock.Clock
	processes []*process // alive, oldest first
	main      *process   // the last one that Start started
	lastPid   int
	unix      unixNames
	files     map[string]string // what the machine was given, by path
	dirs      map[string]string // directories of the host, by path
}

// Program is what a node can run.
type Program struct {
	Name string
	Path string // import path of a main package of this binary
	Main func() // runs instead of the package's main, if set
	Args []string
	Env  []string // additions to, or replacements in, the node's environment
	Dir  string   // working directory, made if necessary; "" means /root

	Stdin string // what standard input holds; "" means /dev/null
}

const firstPid = 100

func newNode(w *World, name string, host *net.Host) *Node {
	n := &Node{world: w, name: name, host: host, lastPid: firstPid - 1}
	n.disk = os.NewDisk(diskEnv{n}, w.cfg.age())
	n.furnish()
	return n
}

// diskEnv gives a disk its node's time, and chance.
type diskEnv struct{ n *Node }

func (e diskEnv) Now() int64                        { return rt.Now() }
func (e diskEnv) Wall() int64                       { return e.n.clock.Wall(max(rt.Now(), clock.Start)) }
func (e diskEnv) Draw(kind string, n uint64) uint64 { return rt.Draw(rt.Disk, kind, n) }

// furnish writes what only the machine itself knows into the files every disk has.
func (n *Node) furnish() {
	n.put("/etc/hostname", hostName(n.name)+"\n")
	for _, path := range slices.Sorted(maps.Keys(n.dirs)) {
		n.disk.CopyTo(path, n.dirs[path])
	}
	for _, path := range slices.Sorted(maps.Keys(n.files)) {
		n.mkdirAll(path[:strings.LastIndexByte(path, '/')+1])
		n.put(path, n.files[path])
	}
	if len(n.dirs)+len(n.files) > 0 {
		n.disk.SyncAll()
	}
}

// Furnish gives the machine files, and copies of directories of the host, by the paths that they have on the machine. They
// are there again after a Wipe.
func (n *Node) Furnish(files, dirs map[string]string) {
	n.files, n.dirs = files, dirs
	rt.Kernelly(n.furnish)
}

// put writes a durable file.
func (n *Node) put(path, text string) {
	f, errno := n.disk.Open(n.disk.Root(), path, syscall.O_CREAT|syscall.O_WRONLY|syscall.O_TRUNC, 0644)
	if errno == 0 {
		f.SetText(text)
	}
}

// Name returns the machine's host name.
func (n *Node) Name() string { return n.name }

// IP returns the machine's address.
func (n *Node) IP() string { return n.host.IP().String() }

// Start boots the machine if it is down and starts a program on it.
func (n *Node) Start(p Program) *rt.Process {
	n.world.check()
	proc := rt.NewProcess(n.name, p.Path)
	rt.Kernelly(func() {
		n.boot()
		n.main = n.adopt(proc, p)
	})
	proc.Start(p.Main)
	return proc
}

// Host attaches a process that was not started by Start to the machine.
func (n *Node) Host(proc *rt.Process) {
	n.world.check()
	rt.Kernelly(func() {
		n.boot()
		if old, ok := proc.Data.(*process); ok {
			old.leave()
		}
		n.adopt(proc, Program{Name: proc.Name()})
	})
}

func (n *Node) boot() {
	if !n.host.Up() {
		n.host.Boot()
		n.lastPid = firstPid - 1
	}
}

// Crash stops the machine as a power cut does. Nothing is sent, nothing is flushed, no deferred function runs.
// It is down until the next Start.
func (n *Node) Crash() {
	rt.Kernelly(n.host.Crash)
	n.killAll()
	rt.Kernelly(n.disk.Crash)
}

func (n *Node) killAll() {
	for _, p := range slices.Clone(n.processes) {
		if p.proc.ID() != 0 { // the test itself is not part of the machine
			p.proc.Kill()
		}
	}
}

// Kill ends the running program at once. The machine lives and closes what the program had open.
func (n *Node) Kill() {
	if p := n.Process(); p != nil {
		p.Kill()
	}
}

// Stop asks the running program to stop, with SIGTERM, and kills it if it still runs after the grace period.
// It returns when the program has ended: with nothing if it ended by itself, otherwise with the stacks of its goroutines when
// it was killed. The machine stays up.
func (n *Node) Stop(grace time.Duration) (stacks string) {
	p := n.Process()
	if p == nil {
		return ""
	}
	p.Signal(uint32(syscall.SIGTERM))
	if _, over := p.Exit(); over {
		return ""
	}
	timer := rt.After(int64(grace), func() {
		stacks = p.Stacks()
		p.Kill()
	})
	p.Wait()
	timer.Cancel()
	return stacks
}

// Wipe makes the disk what it was when the machine was new.
func (n *Node) Wipe() {
	rt.Kernelly(func() {
		n.disk.Wipe()
		n.furnish()
		n.world.writeHosts()
	})
}

// Process returns the program's process while it runs, or nil.
func (n *Node) Process() *rt.Process {
	if n.main == nil || n.main.over {
		return nil
	}
	return n.main.proc
}

// Up reports whether the machine is running, with or without a program on it.
func (n *Node) Up() bool { return n.host.Up() }

// Listening reports whether a process of the machine accepts TCP connections.
func (n *Node) Listening() bool { return len(n.Ports()) > 0 }

// Ports returns the TCP ports on which processes of the machine accept connections from other machines, in the
// order in which they were opened.
func (n *Node) Ports() (ports []int) {
	rt.Kernelly(func() {
		for _, p := range n.processes {
			for _, port := range p.listening() {
				if !slices.Contains(ports, port) {
					ports = append(ports, port)
				}
			}
		}
	})
	return ports
}

// SetClock moves the machine's wall clock by d, forwards or backwards.
func (n *Node) SetClock(d time.Duration) { n.clock.Step(int64(d)) }

// SetClockDrift lets the machine's wall clock gain, or lose, that much per second from now on.
func (n *Node) SetClockDrift(perSecond time.Duration) { n.clock.SetDrift(rt.Now(), int64(perSecond)) }

// ReadFile returns the content of a file as a process of the machine would read it.
func (n *Node) ReadFile(name string) (data []byte, err error) {
	rt.Kernelly(func() {
		f, errno := n.disk.Lookup(n.disk.Root(), path.Join("/", name), true)
		if errno == 0 && !f.IsRegular() {
			errno = syscall.EISDIR
		}
		if errno != 0 {
			err = &fs.PathError{Op: "read", Path: n.name + ":" + name, Err: errno}
			return
		}
		data = make([]byte, f.Size())
		f.ReadAt(data, 0)
	})
	return data, err
}

// WriteFile writes a file, and the directories above it, durably.
func (n *Node) WriteFile(name string, data []byte) (err error) {
	rt.Kernelly(func() {
		name = path.Join("/", name)
		n.mkdirAll(path.Dir(name))
		f, errno := n.disk.Open(n.disk.Root(), name, syscall.O_CREAT|syscall.O_WRONLY|syscall.O_TRUNC, 0644)
		if errno == 0 {
			errno = f.WriteAt(data, 0)
		}
		if errno != 0 {
			err = &fs.PathError{Op: "write", Path: n.name + ":" + name, Err: errno}
			return
		}
		f.Sync()
	})
	return err
}

func (n *Node) mkdirAll(dir string) {
	if dir == "/" {
		return
	}
	n.mkdirAll(path.Dir(dir))
	n.disk.Mkdir(n.disk.Root(), dir, 0755)
}

// String names the machine in messages.
func (n *Node) String() string { return fmt.Sprintf("%s (%s)", n.name, n.IP()) }

// CopyHost makes a directory of the host, with everything below it, appear on the machine's disk under the same path.
// Programs may change the copy.
func (n *Node) CopyHost(dir string) { rt.Kernelly(func() { n.disk.Copy(dir) }) }

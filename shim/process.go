package shim

import (
	"path"
	"slices"
	"strings"
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
	"github.com/simgen-dev/simgen/shim/os"
)

// process is what the kernel knows about a process.
type process struct {
	proc    *rt.Process
	node    *Node
	pid     int
	name    string
	args    []string
	env     []string
	cwd     *os.Inode
	umask   uint32
	files   descriptors
	limit   int // of descriptors
	over    bool
	started int64 // nanoseconds since the machine was booted
	limits  map[int]syscall.Rlimit
	maps    map[uintptr][]region
	streams [2]*stream
}

// adopt makes the kernel's side of a process that lives on the node.
func (n *Node) adopt(proc *rt.Process, prog Program) *process {
	n.lastPid++
	dir := "/root"
	if prog.Dir != "" {
		dir = path.Join("/", prog.Dir)
	}
	cwd, errno := n.disk.Lookup(n.disk.Root(), dir, true)
	if errno != 0 {
		n.mkdirAll(dir)
		cwd, errno = n.disk.Lookup(n.disk.Root(), dir, true)
	}
	if errno != 0 {
		cwd = n.disk.Root()
	}
	p := &process{
		proc: proc, node: n, pid: n.lastPid, name: prog.Name, cwd: cwd,
		umask: 022, limit: maxDescriptors, args: append([]string{executable(prog)}, prog.Args...),
	}
	p.started = p.uptime()
	p.env = environment(n, prog.Env)
	p.files.shared = new([]descriptor)
	if other := proc.SharesGlobals(); other != nil {
		p.files.shared = n.world.of(other).files.shared
	}
	p.openStreams(prog.Stdin)
	proc.Data = p
	n.processes = append(n.processes, p)
	return p
}

// executable is the path under which a program believes to be installed.
func executable(prog Program) string {
	name := path.Base(prog.Path)
	if prog.Path == "" {
		name = prog.Name
	}
	return "/usr/local/bin/" + name
}

// environment is what a service of the machine gets, with the program's own variables over it.
func environment(n *Node, own []string) []string {
	env := []string{
		"HOME=/root", "HOSTNAME=" + hostName(n.name), "LANG=C.UTF-8", "LOGNAME=root",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TZ=UTC", "USER=root",
	}
	for _, e := range own {
		key, _, _ := strings.Cut(e, "=")
		env = slices.DeleteFunc(env, func(old string) bool { return strings.HasPrefix(old, key+"=") })
		env = append(env, e)
	}
	return env
}

// of returns the kernel's side of a process, which is made now if the process was attached to no node.
func (w *World) of(proc *rt.Process) *process {
	if p, ok := proc.Data.(*process); ok {
		return p
	}
	if w.harness == nil {
		host, _ := w.network.AddIsolatedHost("the harness") // cannot be taken: nodes with a blank are not valid
		w.harness = newNode(w, proc.Name(), host)
		w.harness.put("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n")
	}
	return w.harness.adopt(proc, Program{Name: proc.Name()})
}

// Args implements runtime.Kernel.
func (w *World) Args(proc *rt.Process) []string { return w.of(proc).args }

// Env implements runtime.Kernel.
func (w *World) Env(proc *rt.Process) []string { return slices.Clone(w.of(proc).env) }

// Walltime implements runtime.Kernel.
func (w *World) Walltime(proc *rt.Process, mono int64) int64 { return w.of(proc).node.clock.Wall(mono) }

// Exited implements runtime.Kernel: it closes what the process had open.
func (w *World) Exited(proc *rt.Process, st rt.ExitStatus) {
	if p, ok := proc.Data.(*process); ok {
		p.leave()
	}
}

// leave ends the process as far as the machine is concerned.
func (p *process) leave() {
	if p.over {
		return
	}
	p.over = true
	for fd := range p.files.len() {
		if d := p.files.slot(fd); d.owner == p {
			p.close(fd)
		}
	}
	for _, list := range p.maps { // in any order: a file only counts them
		for _, r := range list {
			r.release()
		}
	}
	for _, s := range p.streams {
		s.flush()
	}
	p.node.processes = slices.DeleteFunc(p.node.processes, func(o *process) bool { return o == p })
}

// listening returns the ports on which the process accepts connections from other machines.
func (p *process) listening() (ports []int) {
	for fd := range p.files.len() {
		d := p.files.slot(fd)
		if d.file == nil || d.owner != p {
			continue
		}
		if s, ok := d.file.object.(*tcpSocket); ok && s.sock.Listening() {
			if a := s.sock.LocalAddr(); !a.IP.Loopback() {
				ports = append(ports, int(a.Port))
			}
		}
	}
	return ports
}

// sleep lets simulated time pass in a system call.
func (p *process) sleep(d int64, why string) {
	rt.After(d, rt.Current().Ready)
	rt.Park(why)
}

var _ rt.Kernel = (*World)(nil)
var _ net.Env = networkEnv{}

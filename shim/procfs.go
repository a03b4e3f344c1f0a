package shim

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

const (
	release   = "6.1.0-simgen"
	totalRAM  = 8 << 30
	openFiles = maxDescriptors
)

// virtual answers for paths in /proc and /sys, which are not on the disk. ok is false for all others; a nil
// inode means that there is no such file, which is reported: the program may have wanted to know something.
func (p *process) virtual(name string, follow bool) (n *os.Inode, ok bool) {
	name = strings.TrimSuffix(name, "/")
	if !strings.HasPrefix(name, "/proc/") && !strings.HasPrefix(name, "/sys/") {
		return nil, false
	}
	name = path.Clean(name)
	rest, isProc := strings.CutPrefix(name, "/proc/")
	self, isSelf := strings.CutPrefix(rest, "self")
	if !isSelf {
		self, isSelf = strings.CutPrefix(rest, strconv.Itoa(p.pid))
	}
	switch {
	case isProc && isSelf && (self == "" || self[0] == '/'):
		n = p.aboutItself(strings.TrimPrefix(strings.TrimPrefix(self, "/"), "thread-self/"), follow)
	case isProc:
		if s, found := p.systemFile(rest); found {
			n = p.node.disk.NewVirtual(syscall.S_IFREG|0444, s)
		}
	}
	if n == nil {
		p.node.world.report("file " + name)
	}
	return n, true
}

// aboutItself is what is below /proc/self.
func (p *process) aboutItself(name string, follow bool) *os.Inode {
	disk := p.node.disk
	text := func(s string) *os.Inode { return disk.NewVirtual(syscall.S_IFREG|0444, s) }
	link := func(target string) *os.Inode {
		if follow {
			n, _ := disk.Lookup(disk.Root(), target, true)
			return n
		}
		return disk.NewVirtual(syscall.S_IFLNK|0777, target)
	}
	if fd, ok := strings.CutPrefix(name, "fd/"); ok {
		if n, err := strconv.Atoi(fd); err == nil {
			if f, errno := p.file(uintptr(n)); errno == 0 {
				return link(f.path)
			}
		}
		return nil
	}
	switch name {
	case "":
		return disk.NewVirtual(syscall.S_IFDIR|0555, "")
	case "fd":
		return p.descriptorDirectory()
	case "net/netstat":
		return text("TcpExt: SyncookiesSent SyncookiesRecv ListenOverflows ListenDrops\nTcpExt: 0 0 0 0\n" +
			"IpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 0 0\n")
	case "exe":
		return link(p.args[0])
	case "cwd":
		dir, _ := p.cwd.Path()
		return link(dir)
	case "cmdline":
		return text(strings.Join(p.args, "\x00") + "\x00")
	case "comm":
		return text(path.Base(p.args[0]) + "\n")
	case "cgroup":
		return text("0::/\n")
	case "cpuset":
		return text("/\n")
	case "stat":
		const tick = 1e9 / 100
		return text(fmt.Sprintf("%d (%s) S 1 %d %d 0 -1 0 0 0 0 0 0 0 0 0 20 0 4 0 %d %d %d 18446744073709551615%s\n",
			p.pid, path.Base(p.args[0]), p.pid, p.pid, p.started/tick, 256<<20, 64<<20/4096, strings.Repeat(" 0", 27)))
	case "statm":
		return text("65536 16384 4096 1024 0 16384 0\n")
	case "status":
		return text(fmt.Sprintf("Name:\t%s\nState:\tS (sleeping)\nPid:\t%d\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nVmRSS:\t65536 kB\nThreads:\t4\n",
			path.Base(p.args[0]), p.pid))
	case "limits":
		return text(fmt.Sprintf("%-26s%-21s%-21s%-10s\n%-26s%-21d%-21d%-10s\n%-26s%-21s%-21s%-10s\n",
			"Limit", "Soft Limit", "Hard Limit", "Units", "Max open files", p.limit, openFiles, "files",
			"Max address space", "unlimited", "unlimited", "bytes"))
	case "mountinfo":
		return text("1 0 253:1 / / rw,relatime - ext4 /dev/root rw\n")
	case "mounts":
		return text("/dev/root / ext4 rw,relatime 0 0\n")
	}
	return nil
}

// descriptorDirectory is /proc/self/fd: a link for each open descriptor.
func (p *process) descriptorDirectory() *os.Inode {
	dir := p.node.disk.NewVirtual(syscall.S_IFDIR|0500, "")
	for fd := range p.files.len() {
		if d := p.files.slot(fd); d.file != nil {
			dir.AddVirtual(strconv.Itoa(fd), p.node.disk.NewVirtual(syscall.S_IFLNK|0700, d.file.path))
		}
	}
	return dir
}

// systemFile is what is below /proc and about the machine.
func (p *process) systemFile(name string) (string, bool) {
	switch name {
	case "sys/net/core/somaxconn":
		return "4096\n", true
	case "sys/kernel/hostname":
		return hostName(p.node.name) + "\n", true
	case "sys/kernel/osrelease", "version":
		return release + "\n", true
	case "sys/kernel/pid_max":
		return "4194304\n", true
	case "sys/fs/file-max", "sys/fs/nr_open":
		return fmt.Sprintf("%d\n", openFiles), true
	case "sys/vm/overcommit_memory":
		return "0\n", true
	case "meminfo":
		return fmt.Sprintf("MemTotal: %d kB\nMemFree: %d kB\nMemAvailable: %d kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
			totalRAM>>10, totalRAM>>11, totalRAM>>11), true
	case "cpuinfo":
		var b strings.Builder
		for i := range processors {
			fmt.Fprintf(&b, "processor\t: %d\nmodel name\t: simulated\ncpu MHz\t\t: 2000.000\n\n", i)
		}
		return b.String(), true
	case "loadavg":
		return "0.00 0.00 0.00 1/100 1000\n", true
	case "stat":
		return fmt.Sprintf("cpu  0 0 0 0 0 0 0 0 0 0\nintr 0\nctxt 0\nbtime %d\nprocesses %d\nprocs_running 1\nprocs_blocked 0\n",
			(p.wall()-p.uptime())/1e9, p.node.lastPid), true
	case "uptime":
		return fmt.Sprintf("%d.00 0.00\n", p.uptime()/1e9), true
	case "filesystems":
		return "nodev\tproc\n\text4\n", true
	}
	return "", false
}

// Package shim is the simulated machines: a small Linux in user space, below the system call boundary. A World
// implements runtime.Kernel; each of its nodes is a machine with a disk, a clock, a network interface and
// processes. Programs use it through the ordinary os, net, syscall and time packages, whose system calls end
// up here.
//
//	shim         worlds, nodes, processes, descriptors; the system calls themselves
//	shim/net     links, TCP, UDP
//	shim/os      disks, pipes, locks
//	shim/time    wall clocks
//
// # Modelled
//
// The system calls that Go's os, net, internal/poll, os/signal, os/user, crypto/rand and time packages make,
// and the ones golang.org/x/sys/unix programs commonly add; tables.go lists them. What the packages below
// model is in their own documentation. Beyond that:
//
//   - Descriptors with the semantics of open file descriptions: dup shares the position, close-on-exec and
//     non-blocking flags, lowest free number, EMFILE.
//   - Reads and writes that block when the descriptor is not O_NONBLOCK, and readiness edges for internal/poll.
//   - stdin is /dev/null. stdout and stderr are pipes to the world, which keeps their lines with the time.
//   - Pids per machine, from 100 on, again after a reboot; kill, tgkill; getrandom and /dev/urandom from the
//     process's own random stream; uname with the node's name; RLIMIT_NOFILE.
//   - /proc as far as programs of the standard library look: self/exe, self/cmdline, self/fd, somaxconn, ...
//   - fsync, fdatasync and writes to O_SYNC files take 1 to 5 ms; everything else about files takes no more
//     time than any step of a program.
//   - Memory mappings: anonymous and private ones, which can be protected, and shared ones of a file for reading and writing.
//
// # How things end
//
// When a process dies, of whatever cause, its machine's kernel lives: it closes the descriptors, so peers see
// FIN, or RST where data was left unread. What the process wrote to files is safe from this, synced or not.
//
// Node.Crash is the crash of the machine. It sends nothing. Its peers find out when the next packet gets no
// answer or, after the reboot, a reset; see shim/net. The disk loses what was not synced; see shim/os. The
// machine is down until Node.Start.
//
// # Not modelled
//
// A system call that is not modelled returns ENOSYS and is reported, with its caller, by World.Unmodelled. So
// are socket families, socket options and files in /proc and /sys that are asked for and do not exist. Not
// there yet: epoll, control data on unix sockets, inotify, fork and exec, raw sockets, stopped processes.
// System calls for which Go has a way of its own when they fail (splice, sendfile, copy_file_range, pidfd_open,
// statx on old kernels) fail without being reported.
//
// # Who may call it
//
// Package sim. Methods of World and Node may be called by simulated goroutines, and by anybody before the
// simulation starts and after it is over.
package shim

package shim

import "syscall"

// The system call table, by number; table_*.go has what differs between architectures.

var fileCalls = map[uintptr]call{
	syscall.SYS_READ:            {name: "read", do: sysRead},
	syscall.SYS_WRITE:           {name: "write", do: sysWrite},
	syscall.SYS_PREAD64:         {name: "pread64", do: sysPread},
	syscall.SYS_PWRITE64:        {name: "pwrite64", do: sysPwrite},
	syscall.SYS_READV:           {name: "readv", do: sysReadv},
	syscall.SYS_WRITEV:          {name: "writev", do: sysWritev},
	syscall.SYS_CLOSE:           {name: "close", do: sysClose},
	sysCLOSE_RANGE:              {name: "close_range", do: sysCloseRange},
	syscall.SYS_LSEEK:           {name: "lseek", do: sysLseek},
	syscall.SYS_FTRUNCATE:       {name: "ftruncate", do: sysFtruncate},
	syscall.SYS_FALLOCATE:       {name: "fallocate", do: sysFallocate},
	syscall.SYS_FSYNC:           {name: "fsync", do: sysFsync},
	syscall.SYS_FDATASYNC:       {name: "fdatasync", do: sysFsync},
	syscall.SYS_SYNC_FILE_RANGE: {name: "sync_file_range", do: constant(0)}, // promises nothing about a crash
	syscall.SYS_FADVISE64:       {name: "fadvise64", do: constant(0)},
	syscall.SYS_SYNC:            {name: "sync", do: sysSync},
	sysSYNCFS:                   {name: "syncfs", do: sysSync},
	syscall.SYS_PIPE2:           {name: "pipe2", do: sysPipe2},
	syscall.SYS_GETDENTS64:      {name: "getdents64", do: sysGetdents64},
	syscall.SYS_DUP:             {name: "dup", do: sysDup},
	syscall.SYS_DUP3:            {name: "dup3", do: sysDup3},
	syscall.SYS_FCNTL:           {name: "fcntl", do: sysFcntl},
	syscall.SYS_FLOCK:           {name: "flock", do: sysFlock},
	syscall.SYS_IOCTL:           {name: "ioctl", do: sysIoctl},
}

var nameCalls = map[uintptr]call{
	syscall.SYS_OPENAT:     {name: "openat", do: sysOpenat},
	syscall.SYS_MKDIRAT:    {name: "mkdirat", do: sysMkdirat},
	syscall.SYS_UNLINKAT:   {name: "unlinkat", do: sysUnlinkat},
	sysRENAMEAT2:           {name: "renameat2", do: sysRenameat2},
	syscall.SYS_LINKAT:     {name: "linkat", do: sysLinkat},
	syscall.SYS_SYMLINKAT:  {name: "symlinkat", do: sysSymlinkat},
	syscall.SYS_READLINKAT: {name: "readlinkat", do: sysReadlinkat},
	syscall.SYS_GETCWD:     {name: "getcwd", do: sysGetcwd},
	syscall.SYS_CHDIR:      {name: "chdir", do: sysChdir},
	syscall.SYS_FCHDIR:     {name: "fchdir", do: sysFchdir},
	syscall.SYS_TRUNCATE:   {name: "truncate", do: sysTruncate},
	syscall.SYS_FACCESSAT:  {name: "faccessat", do: sysFaccessat},
	sysFACCESSAT2:          {name: "faccessat2", do: sysFaccessat},
	sysNEWFSTATAT:          {name: "newfstatat", do: sysNewfstatat},
	syscall.SYS_FSTAT:      {name: "fstat", do: sysFstat},
	sysSTATX:               {name: "statx", do: sysStatx},
	syscall.SYS_STATFS:     {name: "statfs", do: sysStatfs},
	syscall.SYS_FSTATFS:    {name: "fstatfs", do: sysFstatfs},
	syscall.SYS_FCHMOD:     {name: "fchmod", do: sysFchmod},
	syscall.SYS_FCHMODAT:   {name: "fchmodat", do: sysFchmodat},
	sysFCHMODAT2:           {name: "fchmodat2", do: sysFchmodat2},
	syscall.SYS_FCHOWN:     {name: "fchown", do: sysFchown},
	syscall.SYS_FCHOWNAT:   {name: "fchownat", do: sysFchownat},
	syscall.SYS_UTIMENSAT:  {name: "utimensat", do: sysUtimensat},
	syscall.SYS_UMASK:      {name: "umask", do: sysUmask},
}

var socketCalls = map[uintptr]call{
	syscall.SYS_SOCKET:      {name: "socket", do: sysSocket},
	syscall.SYS_BIND:        {name: "bind", do: sysBind},
	syscall.SYS_LISTEN:      {name: "listen", do: sysListen},
	syscall.SYS_ACCEPT:      {name: "accept", do: sysAccept},
	syscall.SYS_ACCEPT4:     {name: "accept4", do: sysAccept4},
	syscall.SYS_CONNECT:     {name: "connect", do: sysConnect},
	syscall.SYS_GETSOCKNAME: {name: "getsockname", do: sysGetsockname},
	syscall.SYS_GETPEERNAME: {name: "getpeername", do: sysGetpeername},
	syscall.SYS_SHUTDOWN:    {name: "shutdown", do: sysShutdown},
	syscall.SYS_SENDTO:      {name: "sendto", do: sysSendto},
	syscall.SYS_RECVFROM:    {name: "recvfrom", do: sysRecvfrom},
	syscall.SYS_SENDMSG:     {name: "sendmsg", do: sysSendmsg},
	syscall.SYS_RECVMSG:     {name: "recvmsg", do: sysRecvmsg},
	syscall.SYS_SOCKETPAIR:  {name: "socketpair", do: sysSocketpair},
	syscall.SYS_SETSOCKOPT:  {name: "setsockopt", do: sysSetsockopt},
	syscall.SYS_GETSOCKOPT:  {name: "getsockopt", do: sysGetsockopt},
}

var processCalls = map[uintptr]call{
	syscall.SYS_GETPID:            {name: "getpid", do: sysGetpid},
	syscall.SYS_GETTID:            {name: "gettid", do: sysGetpid},
	syscall.SYS_GETPPID:           {name: "getppid", do: constant(1)},
	syscall.SYS_GETPGID:           {name: "getpgid", do: sysGetpid},
	syscall.SYS_GETSID:            {name: "getsid", do: sysGetpid},
	syscall.SYS_SETSID:            {name: "setsid", do: sysGetpid},
	syscall.SYS_SETPGID:           {name: "setpgid", do: constant(0)},
	syscall.SYS_GETUID:            {name: "getuid", do: constant(0)},
	syscall.SYS_GETEUID:           {name: "geteuid", do: constant(0)},
	syscall.SYS_GETGID:            {name: "getgid", do: constant(0)},
	syscall.SYS_GETEGID:           {name: "getegid", do: constant(0)},
	syscall.SYS_GETGROUPS:         {name: "getgroups", do: sysGetgroups},
	syscall.SYS_UNAME:             {name: "uname", do: sysUname},
	syscall.SYS_SYSINFO:           {name: "sysinfo", do: sysSysinfo},
	syscall.SYS_CLOCK_GETTIME:     {name: "clock_gettime", do: sysClockGettime},
	syscall.SYS_CLOCK_GETRES:      {name: "clock_getres", do: sysClockGetres},
	syscall.SYS_GETTIMEOFDAY:      {name: "gettimeofday", do: sysGettimeofday},
	syscall.SYS_NANOSLEEP:         {name: "nanosleep", do: sysNanosleep},
	sysGETRANDOM:                  {name: "getrandom", do: sysGetrandom},
	syscall.SYS_PRLIMIT64:         {name: "prlimit64", do: sysPrlimit64},
	syscall.SYS_KILL:              {name: "kill", do: sysKill},
	syscall.SYS_TGKILL:            {name: "tgkill", do: sysTgkill},
	syscall.SYS_RT_SIGACTION:      {name: "rt_sigaction", do: sysRtSigaction},
	syscall.SYS_EXIT:              {name: "exit", do: sysExit},
	syscall.SYS_EXIT_GROUP:        {name: "exit_group", do: sysExit},
	syscall.SYS_GETRUSAGE:         {name: "getrusage", do: sysGetrusage},
	syscall.SYS_TIMES:             {name: "times", do: sysTimes},
	syscall.SYS_SCHED_GETAFFINITY: {name: "sched_getaffinity", do: sysSchedGetaffinity},
	syscall.SYS_SCHED_YIELD:       {name: "sched_yield", do: sysSchedYield},
	syscall.SYS_GETPRIORITY:       {name: "getpriority", do: constant(20)},
	syscall.SYS_SETPRIORITY:       {name: "setpriority", do: constant(0)},
	syscall.SYS_WAIT4:             {name: "wait4", do: sysWait4},
	syscall.SYS_PRCTL:             {name: "prctl", do: sysPrctl},
}

var memoryCalls = map[uintptr]call{
	syscall.SYS_MMAP:       {name: "mmap", do: sysMmap},
	syscall.SYS_MUNMAP:     {name: "munmap", do: sysMunmap},
	syscall.SYS_MREMAP:     {name: "mremap", do: sysMremap},
	syscall.SYS_MPROTECT:   {name: "mprotect", do: sysMprotect},
	syscall.SYS_MADVISE:    {name: "madvise", do: sysMadvise},
	syscall.SYS_MSYNC:      {name: "msync", do: sysMsync},
	syscall.SYS_MLOCK:      {name: "mlock", do: constant(0)},
	syscall.SYS_MUNLOCK:    {name: "munlock", do: constant(0)},
	syscall.SYS_MLOCKALL:   {name: "mlockall", do: constant(0)},
	syscall.SYS_MUNLOCKALL: {name: "munlockall", do: constant(0)},
}

// missingCalls have a name for the report, or a result that makes callers take another way, and nothing else.
var missingCalls = map[uintptr]call{
	// Package poll copies by reading and writing instead.
	syscall.SYS_SENDFILE: {name: "sendfile", fails: syscall.ENOSYS},
	syscall.SYS_SPLICE:   {name: "splice", fails: syscall.EINVAL},
	syscall.SYS_TEE:      {name: "tee", fails: syscall.EINVAL},
	sysCOPY_FILE_RANGE:   {name: "copy_file_range", fails: syscall.ENOSYS},
	// Package os finds processes by number instead.
	sysPIDFD_OPEN:         {name: "pidfd_open", fails: syscall.ENOSYS},
	sysPIDFD_SEND_SIGNAL:  {name: "pidfd_send_signal", fails: syscall.ENOSYS},
	syscall.SYS_WAITID:    {name: "waitid", fails: syscall.ENOSYS},
	sysOPENAT2:            {name: "openat2", fails: syscall.ENOSYS},
	sysIO_URING_SETUP:     {name: "io_uring_setup", fails: syscall.ENOSYS},
	syscall.SYS_GETXATTR:  {name: "getxattr", fails: syscall.EOPNOTSUPP},
	syscall.SYS_LISTXATTR: {name: "listxattr", fails: syscall.EOPNOTSUPP},
	syscall.SYS_SETXATTR:  {name: "setxattr", fails: syscall.EOPNOTSUPP},

	syscall.SYS_EPOLL_CREATE1:     {name: "epoll_create1"},
	syscall.SYS_EPOLL_CTL:         {name: "epoll_ctl"},
	syscall.SYS_EPOLL_PWAIT:       {name: "epoll_pwait"},
	syscall.SYS_EVENTFD2:          {name: "eventfd2"},
	syscall.SYS_TIMERFD_CREATE:    {name: "timerfd_create"},
	syscall.SYS_SIGNALFD4:         {name: "signalfd4"},
	syscall.SYS_INOTIFY_INIT1:     {name: "inotify_init1"},
	syscall.SYS_INOTIFY_ADD_WATCH: {name: "inotify_add_watch"},
	syscall.SYS_FUTEX:             {name: "futex"},
	syscall.SYS_CLONE:             {name: "clone"},
	syscall.SYS_EXECVE:            {name: "execve"},
	syscall.SYS_PPOLL:             {name: "ppoll"},
	syscall.SYS_PSELECT6:          {name: "pselect6"},
	syscall.SYS_MKNODAT:           {name: "mknodat"},
	syscall.SYS_MOUNT:             {name: "mount"},
	syscall.SYS_CHROOT:            {name: "chroot"},
	syscall.SYS_SETUID:            {name: "setuid"},
	syscall.SYS_SETGID:            {name: "setgid"},
	syscall.SYS_SETREUID:          {name: "setreuid"},
	syscall.SYS_SETREGID:          {name: "setregid"},
	syscall.SYS_SETRESUID:         {name: "setresuid"},
	syscall.SYS_SETRESGID:         {name: "setresgid"},
	syscall.SYS_SETGROUPS:         {name: "setgroups"},
	syscall.SYS_PTRACE:            {name: "ptrace"},
	syscall.SYS_REBOOT:            {name: "reboot"},
	syscall.SYS_UNSHARE:           {name: "unshare"},
	syscall.SYS_PREADV:            {name: "preadv"},
	syscall.SYS_PWRITEV:           {name: "pwritev"},
	syscall.SYS_RECVMMSG:          {name: "recvmmsg"},
	sysSENDMMSG:                   {name: "sendmmsg"},
	sysMEMFD_CREATE:               {name: "memfd_create"},
}

// Numbers package syscall does not have, which are the same everywhere.
const (
	sysPIDFD_SEND_SIGNAL = 424
	sysIO_URING_SETUP    = 425
	sysPIDFD_OPEN        = 434
	sysCLOSE_RANGE       = 436
	sysOPENAT2           = 437
	sysFACCESSAT2        = 439
	sysFCHMODAT2         = 452
)

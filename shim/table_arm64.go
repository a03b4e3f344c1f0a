package shim

import "syscall"

const machine = "aarch64"

func setLinks(st *syscall.Stat_t, n uint64) { st.Nlink = uint32(n) }

// archCalls are what only arm64 has: its own name for renameat.
var archCalls = map[uintptr]call{
	syscall.SYS_RENAMEAT:  {name: "renameat", do: sysRenameat},
	syscall.SYS_GETRLIMIT: {name: "getrlimit", do: sysGetrlimit},
	syscall.SYS_SETRLIMIT: {name: "setrlimit", do: sysSetrlimit},
}

// secondResult is what a system call leaves in the register of its second result: the second argument.
func secondResult(a args) uintptr { return a[1] }

// Numbers package syscall does not have.
const (
	sysRENAMEAT2       = 276
	sysGETRANDOM       = 278
	sysMEMFD_CREATE    = 279
	sysCOPY_FILE_RANGE = 285
	sysSTATX           = 291
	sysSENDMMSG        = 269
	sysSYNCFS          = 267
	sysNEWFSTATAT      = syscall.SYS_FSTATAT
)

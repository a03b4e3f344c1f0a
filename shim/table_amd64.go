package shim

import "syscall"

const machine = "x86_64"

func setLinks(st *syscall.Stat_t, n uint64) { st.Nlink = n }

// archCalls are the older forms of system calls, which only amd64 has.
var archCalls = map[uintptr]call{
	syscall.SYS_OPEN:      {name: "open", do: inCwd(sysOpenat)},
	syscall.SYS_CREAT:     {name: "creat", do: sysCreat},
	syscall.SYS_STAT:      {name: "stat", do: inCwd(sysNewfstatat)},
	syscall.SYS_LSTAT:     {name: "lstat", do: sysLstat},
	syscall.SYS_ACCESS:    {name: "access", do: inCwd(sysFaccessat)},
	syscall.SYS_MKDIR:     {name: "mkdir", do: inCwd(sysMkdirat)},
	syscall.SYS_RMDIR:     {name: "rmdir", do: inCwd(sysUnlinkat, atRemoveDir)},
	syscall.SYS_UNLINK:    {name: "unlink", do: inCwd(sysUnlinkat, 0)},
	syscall.SYS_RENAME:    {name: "rename", do: sysRename},
	syscall.SYS_LINK:      {name: "link", do: sysLink},
	syscall.SYS_SYMLINK:   {name: "symlink", do: sysSymlink},
	syscall.SYS_READLINK:  {name: "readlink", do: inCwd(sysReadlinkat)},
	syscall.SYS_CHMOD:     {name: "chmod", do: inCwd(sysFchmodat)},
	syscall.SYS_CHOWN:     {name: "chown", do: sysChown},
	syscall.SYS_LCHOWN:    {name: "lchown", do: sysLchown},
	syscall.SYS_DUP2:      {name: "dup2", do: sysDup2},
	syscall.SYS_PIPE:      {name: "pipe", do: func(p *process, a args) (uintptr, syscall.Errno) { return sysPipe2(p, args{a[0]}) }},
	syscall.SYS_GETPGRP:   {name: "getpgrp", do: sysGetpid},
	syscall.SYS_TIME:      {name: "time", do: func(p *process, a args) (uintptr, syscall.Errno) { return uintptr(p.wall() / 1e9), 0 }},
	syscall.SYS_RENAMEAT:  {name: "renameat", do: sysRenameat},
	syscall.SYS_GETRLIMIT: {name: "getrlimit", do: sysGetrlimit},
	syscall.SYS_SETRLIMIT: {name: "setrlimit", do: sysSetrlimit},
	syscall.SYS_FORK:      {name: "fork"},
	syscall.SYS_VFORK:     {name: "vfork"},

	syscall.SYS_EPOLL_CREATE: {name: "epoll_create"},
	syscall.SYS_EPOLL_WAIT:   {name: "epoll_wait"},
	syscall.SYS_INOTIFY_INIT: {name: "inotify_init"},
	syscall.SYS_EVENTFD:      {name: "eventfd"},
	syscall.SYS_POLL:         {name: "poll"},
	syscall.SYS_SELECT:       {name: "select"},
}

// secondResult is what a system call leaves in the register of its second result: the third argument.
func secondResult(a args) uintptr { return a[2] }

// Numbers package syscall does not have.
const (
	sysRENAMEAT2       = 316
	sysGETRANDOM       = 318
	sysMEMFD_CREATE    = 319
	sysCOPY_FILE_RANGE = 326
	sysSTATX           = 332
	sysSENDMMSG        = 307
	sysSYNCFS          = 306
	sysNEWFSTATAT      = syscall.SYS_NEWFSTATAT
)

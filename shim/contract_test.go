package shim

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// contract is what programs rely on. Each part runs on the real system and on the simulated one.
var contract = []struct {
	name string
	run  func(p *program, dir string)
}{
	{"files", contractFiles},
	{"append", contractAppend},
	{"errors", contractErrors},
	{"names", contractNames},
	{"symlinks", contractSymlinks},
	{"listing", contractListing},
	{"sparse", contractSparse},
	{"descriptors", contractDescriptors},
	{"pipes", contractPipes},
	{"locks", contractLocks},
	{"open files", contractOpenFiles},
	{"metadata", contractMetadata},
	{"devices", contractDevices},
	{"mappings", contractMappings},
	{"writable mappings", contractWritableMappings},
	{"sockets", contractSockets},
	{"connecting", contractConnecting},
	{"TCP_INFO", contractTCPInfo},
	{"options of TCP", contractTCPOptions},
	{"dual stack", contractDualStack},
	{"reuse of ports", contractReuse},
	{"datagrams", contractDatagrams},
	{"addresses of datagrams", contractPacketInfo},
	{"unix sockets", contractUnix},
}

func TestContract(t *testing.T) {
	for _, c := range contract {
		t.Run(c.name+"/real", func(t *testing.T) {
			old := syscall.Umask(022)
			defer syscall.Umask(old)
			c.run(&program{TB: t, caller: realCaller}, t.TempDir())
		})
		t.Run(c.name+"/simulated", func(t *testing.T) {
			w, _ := simulate(t, 1, 1, func(sim *cluster) {
				sim.T = t
				sim.run(0, func(p *program) {
					p.must(syscall.SYS_MKDIRAT, atFdcwd, "/tmp/dir", 0755)
					c.run(p, "/tmp/dir")
				})
			})
			for _, u := range w.Unmodelled() {
				t.Errorf("not modelled: %+v", u)
			}
		})
	}
}

func (p *program) equal(what string, got, want any) {
	p.Helper()
	if !reflect.DeepEqual(got, want) {
		p.fail("%s: got %v, want %v", what, got, want)
	}
}

func contractFiles(p *program, dir string) {
	name := dir + "/f"
	fd := p.open(name, syscall.O_CREAT|syscall.O_RDWR|syscall.O_EXCL)
	p.write(fd, "hello world")
	p.equal("at the end", p.read(fd, 10), "")
	p.must(syscall.SYS_LSEEK, fd, 6, 0)
	p.equal("after seeking", p.read(fd, 3), "wor")
	p.equal("position", p.must(syscall.SYS_LSEEK, fd, 0, 1), 9)
	p.must(syscall.SYS_PWRITE64, fd, []byte("J"), 1, 0)
	b := make([]byte, 100)
	p.equal("pread", string(b[:p.must(syscall.SYS_PREAD64, fd, b, 100, 0)]), "Jello world")
	p.must(syscall.SYS_FTRUNCATE, fd, 5)
	p.equal("size", p.stat(name).Size, int64(5))
	p.must(syscall.SYS_FTRUNCATE, fd, 7)
	p.equal("content", p.content(name), "Jello\x00\x00")
	p.must(syscall.SYS_FSYNC, fd)
	p.must(syscall.SYS_FDATASYNC, fd)
	p.close(fd)
	p.fails(syscall.EBADF, syscall.SYS_WRITE, fd, []byte("x"), 1)

	fd = p.open(name, syscall.O_WRONLY|syscall.O_TRUNC)
	p.fails(syscall.EBADF, syscall.SYS_READ, fd, b, 1)
	p.write(fd, "new")
	p.must(syscall.SYS_UNLINKAT, atFdcwd, name, 0)
	p.write(fd, "er") // a removed file lives as long as it is open
	p.equal("end of a removed file", p.must(syscall.SYS_LSEEK, fd, 0, 2), 5)
	p.fails(syscall.EINVAL, syscall.SYS_LSEEK, fd, -9, 1)
	p.close(fd)
}

func contractAppend(p *program, dir string) {
	name := dir + "/log"
	a := p.open(name, syscall.O_CREAT|syscall.O_WRONLY|syscall.O_APPEND)
	b := p.open(name, syscall.O_WRONLY|syscall.O_APPEND|syscall.O_SYNC)
	p.write(a, "one\n")
	p.write(b, "two\n")
	p.must(syscall.SYS_LSEEK, a, 0, 0)
	p.write(a, "three\n")
	p.must(syscall.SYS_PWRITE64, a, []byte("four\n"), 5, 0)
	p.equal("log", p.content(name), "one\ntwo\nthree\nfour\n")
	p.close(a)
	p.close(b)
}

func contractErrors(p *program, dir string) {
	p.write(p.open(dir+"/file", syscall.O_CREAT|syscall.O_WRONLY), "x")
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir+"/d", 0755)
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir+"/d/e", 0755)
	create := syscall.O_CREAT | syscall.O_WRONLY
	for _, c := range []struct {
		want   syscall.Errno
		nr     uintptr
		params []any
	}{
		{syscall.EEXIST, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/file", create | syscall.O_EXCL, 0644}},
		{syscall.ENOENT, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/none", syscall.O_RDONLY, 0}},
		{syscall.ENOENT, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/none/f", create, 0644}},
		{syscall.ENOENT, syscall.SYS_OPENAT, []any{atFdcwd, "", syscall.O_RDONLY, 0}},
		{syscall.ENOTDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/file/f", create, 0644}},
		{syscall.ENOTDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/file/", syscall.O_RDONLY, 0}},
		{syscall.ENOTDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/file", syscall.O_RDONLY | syscall.O_DIRECTORY, 0}},
		{syscall.EISDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/d", syscall.O_WRONLY, 0}},
		{syscall.EISDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/d", syscall.O_RDONLY | syscall.O_CREAT, 0}},
		{syscall.EISDIR, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/new/", create, 0644}},
		{syscall.ENAMETOOLONG, syscall.SYS_OPENAT, []any{atFdcwd, dir + "/" + strings.Repeat("n", 256), create, 0644}},
		{syscall.EEXIST, syscall.SYS_MKDIRAT, []any{atFdcwd, dir + "/d", 0755}},
		{syscall.EEXIST, syscall.SYS_MKDIRAT, []any{atFdcwd, dir + "/file", 0755}},
		{syscall.EEXIST, syscall.SYS_MKDIRAT, []any{atFdcwd, dir + "/d/.", 0755}},
		{syscall.EEXIST, syscall.SYS_MKDIRAT, []any{atFdcwd, "/", 0755}},
		{syscall.ENOENT, syscall.SYS_MKDIRAT, []any{atFdcwd, dir + "/a/b", 0755}},
		{syscall.EISDIR, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/d", 0}},
		{syscall.ENOENT, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/none", 0}},
		{syscall.ENOTEMPTY, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/d", atRemoveDir}},
		{syscall.ENOTDIR, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/file", atRemoveDir}},
		{syscall.EINVAL, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/d/.", atRemoveDir}},
		{syscall.ENOTEMPTY, syscall.SYS_UNLINKAT, []any{atFdcwd, dir + "/d/e/..", atRemoveDir}},
		{syscall.EINVAL, syscall.SYS_READLINKAT, []any{atFdcwd, dir + "/file", make([]byte, 9), 9}},
		{syscall.EINVAL, sysRENAMEAT2, []any{atFdcwd, dir + "/d", atFdcwd, dir + "/d/e/f", 0}},
		{syscall.EISDIR, sysRENAMEAT2, []any{atFdcwd, dir + "/file", atFdcwd, dir + "/d", 0}},
		{syscall.ENOTDIR, sysRENAMEAT2, []any{atFdcwd, dir + "/d", atFdcwd, dir + "/file", 0}},
		{syscall.ENOENT, sysRENAMEAT2, []any{atFdcwd, dir + "/none", atFdcwd, dir + "/x", 0}},
		{syscall.EEXIST, sysRENAMEAT2, []any{atFdcwd, dir + "/file", atFdcwd, dir + "/d", 1}},
		{syscall.EPERM, syscall.SYS_LINKAT, []any{atFdcwd, dir + "/d", atFdcwd, dir + "/link", 0}},
		{syscall.EEXIST, syscall.SYS_LINKAT, []any{atFdcwd, dir + "/file", atFdcwd, dir + "/d", 0}},
		{syscall.EINVAL, syscall.SYS_TRUNCATE, []any{dir + "/file", -1}},
		{syscall.EISDIR, syscall.SYS_TRUNCATE, []any{dir + "/d", 0}},
		{syscall.EBADF, syscall.SYS_OPENAT, []any{1000, "relative", syscall.O_RDONLY, 0}},
		{syscall.ENOTDIR, syscall.SYS_CHDIR, []any{dir + "/file"}},
	} {
		p.fails(c.want, c.nr, c.params...)
	}
	d := p.open(dir+"/d", syscall.O_RDONLY)
	p.fails(syscall.EISDIR, syscall.SYS_READ, d, make([]byte, 9), 9)
	p.must(syscall.SYS_UNLINKAT, d, "e", atRemoveDir)
	p.must(syscall.SYS_UNLINKAT, atFdcwd, dir+"/d", atRemoveDir)
	p.fails(syscall.ENOENT, syscall.SYS_OPENAT, d, "f", create, 0644) // in a directory that is gone
	p.close(d)
}

func contractNames(p *program, dir string) {
	p.write(p.open(dir+"/a", syscall.O_CREAT|syscall.O_WRONLY), "A")
	p.write(p.open(dir+"/b", syscall.O_CREAT|syscall.O_WRONLY), "B")
	p.must(syscall.SYS_LINKAT, atFdcwd, dir+"/a", atFdcwd, dir+"/c", 0)
	p.equal("links", int(p.stat(dir+"/c").Nlink), 2)
	p.equal("same file", p.stat(dir+"/c").Ino, p.stat(dir+"/a").Ino)
	p.must(sysRENAMEAT2, atFdcwd, dir+"/a", atFdcwd, dir+"/c", 0) // two names of one file: nothing happens
	p.equal("names", p.names(dir), []string{"a", "b", "c"})
	p.must(sysRENAMEAT2, atFdcwd, dir+"/a", atFdcwd, dir+"/b", 0)
	p.equal("replaced", p.content(dir+"/b"), "A")
	p.equal("names", p.names(dir), []string{"b", "c"})
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir+"/d", 0755)
	counts := p.stat(dir).Nlink > 1 // some file systems do not count the links of directories
	if counts {
		p.equal("links of the parent", int(p.stat(dir).Nlink), 3)
	}
	p.must(sysRENAMEAT2, atFdcwd, dir+"/d", atFdcwd, dir+"/c", 2) // exchange
	p.equal("exchanged", p.content(dir+"/d"), "A")
	p.must(sysRENAMEAT2, atFdcwd, dir+"/d", atFdcwd, dir+"/c/x", 0)
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir+"/e", 0755)
	p.must(sysRENAMEAT2, atFdcwd, dir+"/c", atFdcwd, dir+"/e", 0) // onto an empty directory
	p.equal("moved", p.content(dir+"/e/x"), "A")
	p.equal("dots", p.content(dir+"/e/../e/./x"), "A")
	if counts {
		p.equal("links of the parent", int(p.stat(dir).Nlink), 3)
	}
}

func contractSymlinks(p *program, dir string) {
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir+"/d", 0755)
	p.write(p.open(dir+"/d/f", syscall.O_CREAT|syscall.O_WRONLY), "F")
	link := func(target, name string) { p.must(syscall.SYS_SYMLINKAT, target, atFdcwd, dir+"/"+name) }
	link("d", "toDir")
	link("d/f", "toFile")
	link("/"+strings.TrimPrefix(dir, "/")+"/d/f", "absolute")
	link("nothing", "dangling")
	link("loop2", "loop1")
	link("loop1", "loop2")
	for _, name := range []string{"toFile", "absolute", "toDir/f", "toDir/../toFile"} {
		p.equal(name, p.content(dir+"/"+name), "F")
	}
	b := make([]byte, 100)
	p.equal("target", string(b[:p.must(syscall.SYS_READLINKAT, atFdcwd, dir+"/toDir", b, 100)]), "d")
	p.equal("lstat", p.stat(dir+"/toDir").Mode, uint32(syscall.S_IFLNK|0777))
	p.fails(syscall.ELOOP, syscall.SYS_OPENAT, atFdcwd, dir+"/loop1", syscall.O_RDONLY, 0)
	p.fails(syscall.ELOOP, syscall.SYS_OPENAT, atFdcwd, dir+"/toFile", syscall.O_RDONLY|syscall.O_NOFOLLOW, 0)
	p.fails(syscall.ENOENT, syscall.SYS_OPENAT, atFdcwd, dir+"/dangling", syscall.O_RDONLY, 0)
	p.fails(syscall.EEXIST, syscall.SYS_OPENAT, atFdcwd, dir+"/dangling", syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL, 0644)
	p.close(p.open(dir+"/dangling", syscall.O_WRONLY|syscall.O_CREAT))
	p.equal("made through the link", p.content(dir+"/nothing"), "")
	p.fails(syscall.ENOTDIR, syscall.SYS_UNLINKAT, atFdcwd, dir+"/toDir", atRemoveDir)
	p.must(syscall.SYS_UNLINKAT, atFdcwd, dir+"/toDir", 0)
	p.equal("the directory stays", p.content(dir+"/d/f"), "F")
}

func contractListing(p *program, dir string) {
	const n = 1000
	for i := range n {
		p.close(p.open(fmt.Sprintf("%s/%04d", dir, i), syscall.O_CREAT|syscall.O_WRONLY))
	}
	list := p.names(dir)
	if len(list) != n || list[0] != "0000" || list[n-1] != "0999" {
		p.fail("%d names", len(list))
	}
	// Removing while reading must not skip anything that stays.
	fd := p.open(dir, syscall.O_RDONLY|syscall.O_DIRECTORY)
	b := make([]byte, 1024)
	seen := 0
	for {
		k := p.must(syscall.SYS_GETDENTS64, fd, b, len(b))
		if k == 0 {
			break
		}
		_, _, some := syscall.ParseDirent(b[:k], -1, nil)
		for _, name := range some {
			p.must(syscall.SYS_UNLINKAT, fd, name, 0)
			seen++
		}
	}
	p.equal("removed while reading", seen, n)
	p.must(syscall.SYS_LSEEK, fd, 0, 0)
	p.equal("left", len(p.names(dir)), 0)
	p.fails(syscall.EINVAL, syscall.SYS_GETDENTS64, fd, b, 10)
	p.close(fd)
}

func contractSparse(p *program, dir string) {
	fd := p.open(dir+"/s", syscall.O_CREAT|syscall.O_RDWR)
	const far = 1 << 30
	p.must(syscall.SYS_PWRITE64, fd, []byte("end"), 3, far)
	st := p.stat(dir + "/s")
	if st.Size != far+3 || st.Blocks > 100 {
		p.fail("%d bytes in %d blocks", st.Size, st.Blocks)
	}
	b := make([]byte, 8)
	p.must(syscall.SYS_PREAD64, fd, b, 8, far-4)
	p.equal("around the end", string(b[:7]), "\x00\x00\x00\x00end")
	p.must(syscall.SYS_FTRUNCATE, fd, far+1)
	p.must(syscall.SYS_FTRUNCATE, fd, far+3)
	p.equal("cut off", p.must(syscall.SYS_PREAD64, fd, b, 8, far), 3)
	p.equal("cut off", string(b[:3]), "e\x00\x00")
	p.close(fd)
}

func contractDescriptors(p *program, dir string) {
	a := p.open(dir+"/f", syscall.O_CREAT|syscall.O_RDWR)
	p.write(a, "0123456789")
	p.must(syscall.SYS_LSEEK, a, 2, 0)
	b := p.must(syscall.SYS_FCNTL, a, syscall.F_DUPFD_CLOEXEC, 50)
	p.equal("lowest free from 50", b, 50)
	p.equal("shared position", p.read(b, 3), "234")
	p.equal("shared position", p.read(a, 3), "567")
	p.equal("close on exec", p.must(syscall.SYS_FCNTL, b, syscall.F_GETFD, 0), syscall.FD_CLOEXEC)
	c := p.must(syscall.SYS_DUP, a)
	p.equal("close on exec", p.must(syscall.SYS_FCNTL, c, syscall.F_GETFD, 0), 0)
	p.equal("dup3", p.must(syscall.SYS_DUP3, a, 60, 0), 60)
	p.fails(syscall.EINVAL, syscall.SYS_DUP3, a, a, 0)
	p.close(a)
	p.equal("lives on", p.read(60, 2), "89")
	flags := p.must(syscall.SYS_FCNTL, b, syscall.F_GETFL, 0)
	p.equal("access mode", flags&syscall.O_ACCMODE, syscall.O_RDWR)
	p.must(syscall.SYS_FCNTL, b, syscall.F_SETFL, flags|syscall.O_NONBLOCK)
	p.equal("status is shared", p.must(syscall.SYS_FCNTL, c, syscall.F_GETFL, 0)&syscall.O_NONBLOCK, syscall.O_NONBLOCK)
	for _, fd := range []int{b, c, 60} {
		p.close(fd)
		p.fails(syscall.EBADF, syscall.SYS_CLOSE, fd)
	}
}

func contractPipes(p *program, dir string) {
	fds := new([2]int32)
	p.must(syscall.SYS_PIPE2, fds, syscall.O_CLOEXEC|syscall.O_NONBLOCK)
	r, w := int(fds[0]), int(fds[1])
	p.fails(syscall.EAGAIN, syscall.SYS_READ, r, make([]byte, 1), 1)
	p.fails(syscall.EBADF, syscall.SYS_WRITE, r, []byte("x"), 1)
	p.fails(syscall.ESPIPE, syscall.SYS_LSEEK, r, 0, 0)
	p.write(w, "through the pipe")
	p.equal("part", p.read(r, 7), "through")
	p.equal("rest", p.read(r, 100), " the pipe")
	big := make([]byte, 100_000)
	p.equal("what fits", p.must(syscall.SYS_WRITE, w, big, len(big)), 65536)
	p.fails(syscall.EAGAIN, syscall.SYS_WRITE, w, big, 1)
	p.close(w)
	p.equal("everything", len(p.readAll(r)), 65536)
	p.close(r)
}

func contractLocks(p *program, dir string) {
	name := dir + "/lock"
	a := p.open(name, syscall.O_CREAT|syscall.O_RDWR)
	b := p.open(name, syscall.O_RDWR)
	p.must(syscall.SYS_FLOCK, a, syscall.LOCK_SH|syscall.LOCK_NB)
	p.must(syscall.SYS_FLOCK, b, syscall.LOCK_SH|syscall.LOCK_NB)
	p.fails(syscall.EAGAIN, syscall.SYS_FLOCK, a, syscall.LOCK_EX|syscall.LOCK_NB)
	p.close(b)
	p.must(syscall.SYS_FLOCK, a, syscall.LOCK_EX|syscall.LOCK_NB)
	c := p.must(syscall.SYS_DUP, a)
	p.close(a)
	b = p.open(name, syscall.O_RDWR)
	p.fails(syscall.EAGAIN, syscall.SYS_FLOCK, b, syscall.LOCK_SH|syscall.LOCK_NB) // the duplicate holds it
	p.must(syscall.SYS_FLOCK, c, syscall.LOCK_UN)
	p.must(syscall.SYS_FLOCK, b, syscall.LOCK_EX|syscall.LOCK_NB)
	p.close(b)
	p.close(c)

	// Locks of bytes that belong to the open file.
	a, b = p.open(name, syscall.O_RDWR), p.open(name, syscall.O_RDWR)
	p.must(syscall.SYS_FCNTL, a, ofdSetLock, &syscall.Flock_t{Type: syscall.F_WRLCK})
	p.fails(syscall.EAGAIN, syscall.SYS_FCNTL, b, ofdSetLock, &syscall.Flock_t{Type: syscall.F_RDLCK, Len: 1})
	c = p.must(syscall.SYS_DUP, a)
	p.close(a)
	p.fails(syscall.EAGAIN, syscall.SYS_FCNTL, b, ofdSetLock, &syscall.Flock_t{Type: syscall.F_RDLCK, Len: 1})
	p.close(c) // the last descriptor of the file that has the lock
	p.must(syscall.SYS_FCNTL, b, ofdSetLock, &syscall.Flock_t{Type: syscall.F_RDLCK, Len: 1})
	p.close(b)
}

// contractOpenFiles is how programs count their descriptors.
func contractOpenFiles(p *program, dir string) {
	const far = 500 // not what the directory itself is opened as
	list := func() []string { return p.names("/proc/self/fd") }
	p.must(syscall.SYS_DUP3, 1, far, 0)
	p.equal("listed while it is open", slices.Contains(list(), strconv.Itoa(far)), true)
	p.close(far)
	p.equal("listed after it was closed", slices.Contains(list(), strconv.Itoa(far)), false)
	p.equal("standard output", slices.Contains(list(), "1"), true)
}

func contractMetadata(p *program, dir string) {
	p.close(p.must(syscall.SYS_OPENAT, atFdcwd, dir+"/f", syscall.O_CREAT|syscall.O_WRONLY, 0666))
	p.equal("umask", p.stat(dir+"/f").Mode, uint32(syscall.S_IFREG|0644))
	p.must(syscall.SYS_FCHMODAT, atFdcwd, dir+"/f", 0600)
	p.equal("chmod", p.stat(dir+"/f").Mode, uint32(syscall.S_IFREG|0600))
	times := []byte{
		1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
		3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0,
	}
	p.must(syscall.SYS_UTIMENSAT, atFdcwd, dir+"/f", times, 0)
	st := p.stat(dir + "/f")
	p.equal("access", st.Atim, syscall.Timespec{Sec: 1, Nsec: 2})
	p.equal("modification", st.Mtim, syscall.Timespec{Sec: 3, Nsec: 4})
	p.write(p.open(dir+"/f", syscall.O_WRONLY), "x")
	if p.stat(dir+"/f").Mtim.Sec < 1577836800 {
		p.fail("writing does not change the modification time")
	}
	p.must(syscall.SYS_FACCESSAT, atFdcwd, dir+"/f", 6)
	p.must(syscall.SYS_CHDIR, dir)
	b := make([]byte, 200)
	n := p.must(syscall.SYS_GETCWD, b, len(b))
	p.equal("working directory", string(b[:n-1]), dir)
	p.equal("relative", p.stat("f").Size, int64(1))
	p.fails(syscall.ERANGE, syscall.SYS_GETCWD, b, 3)
	p.must(syscall.SYS_CHDIR, "/")
}

func contractDevices(p *program, dir string) {
	null := p.open("/dev/null", syscall.O_RDWR)
	p.write(null, "gone")
	p.equal("null", p.readAll(null), "")
	p.equal("zero", p.read(p.open("/dev/zero", syscall.O_RDONLY), 4), "\x00\x00\x00\x00")
	random := p.open("/dev/urandom", syscall.O_RDONLY)
	if p.read(random, 16) == p.read(random, 16) {
		p.fail("/dev/urandom repeats itself")
	}
	p.equal("fields of /proc/self/stat", len(strings.Fields(p.content("/proc/self/stat"))), 52)
	if stat := p.content("/proc/stat"); !strings.HasPrefix(stat, "cpu  ") || !strings.Contains(stat, "\nbtime 1") {
		p.fail("/proc/stat is %s", stat)
	}
	p.fails(syscall.ENOSPC, syscall.SYS_WRITE, p.open("/dev/full", syscall.O_WRONLY), []byte("x"), 1)
	p.equal("kind", p.stat("/dev/null").Mode&syscall.S_IFMT, uint32(syscall.S_IFCHR))
	p.equal("number", p.stat("/dev/null").Rdev, uint64(0x103))
}

// faults says whether it is a fault to read a byte of memory, or to write it.
func faults(at *byte, write bool) (what string) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			what = "fault "
		}
	}()
	if write {
		*at = 'w'
	}
	if *at == 0xff {
		return "impossible "
	}
	return "fine "
}

// mmap maps the beginning of a file.
func (p *program) mmap(length, protection, flags, fd int) []byte {
	r, _, errno := p.caller(syscall.SYS_MMAP, 0, uintptr(length), uintptr(protection), uintptr(flags), uintptr(fd), 0)
	if errno != 0 {
		p.fail("mmap: %v", syscall.Errno(errno))
	}
	b, _ := memory(r, uintptr(length))
	return b
}

func contractMappings(p *program, dir string) {
	fd := p.open(dir+"/f", syscall.O_CREAT|syscall.O_RDWR)
	p.write(fd, "first")
	p.must(syscall.SYS_PWRITE64, fd, []byte("second page"), 11, pageSize)
	mmap := p.mmap
	shared := mmap(3*pageSize, syscall.PROT_READ, syscall.MAP_SHARED, fd)
	private := mmap(pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE, fd)
	p.equal("shared", string(shared[:5])+string(shared[pageSize:pageSize+6]), "firstsecond")
	private[0] = 'F'
	p.must(syscall.SYS_PWRITE64, fd, []byte("FIRST and more"), 14, 0)
	p.must(syscall.SYS_PWRITE64, fd, []byte("third"), 5, 2*pageSize)
	p.equal("what was written", string(shared[:14])+string(shared[2*pageSize:][:5]), "FIRST and morethird")
	p.must(syscall.SYS_FTRUNCATE, fd, pageSize+6)
	p.equal("what was cut off", string(shared[pageSize:][:8]), "second\x00\x00")
	p.equal("read", p.content(dir + "/f")[:14], "FIRST and more")
	anonymous := mmap(100, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE, -1)
	p.equal("anonymous", string(anonymous[:3]), "\x00\x00\x00")
	anonymous[0] = 'x'
	guarded := mmap(3*pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE, -1)
	guarded[pageSize] = 'x'
	p.must(syscall.SYS_MPROTECT, guarded[:pageSize], pageSize, syscall.PROT_NONE)
	p.must(syscall.SYS_MPROTECT, guarded[2*pageSize:], 1, syscall.PROT_READ)
	p.equal("protected", faults(&guarded[0], false)+faults(&guarded[pageSize], true)+faults(&guarded[2*pageSize], false)+
		faults(&guarded[2*pageSize], true), "fault fine fine fault ")
	p.must(syscall.SYS_MPROTECT, guarded, len(guarded), syscall.PROT_READ|syscall.PROT_WRITE)
	p.equal("unprotected", faults(&guarded[0], true), "fine ")
	p.must(syscall.SYS_MADVISE, guarded, len(guarded), syscall.MADV_DONTNEED)
	p.equal("not needed", guarded[pageSize], byte(0))
	p.must(syscall.SYS_MUNMAP, guarded[:pageSize], pageSize)
	p.equal("unmapped in part", faults(&guarded[0], false)+faults(&guarded[pageSize], true), "fault fine ")
	p.fails(syscall.EINVAL, syscall.SYS_MPROTECT, guarded[1:], pageSize, syscall.PROT_NONE)
	for _, b := range [][]byte{shared, private, anonymous} {
		p.must(syscall.SYS_MUNMAP, b, len(b))
	}
	p.equal("after it was mapped", p.content(dir + "/f")[:14], "FIRST and more")
	p.fails(syscall.EINVAL, syscall.SYS_MMAP, 0, 0, syscall.PROT_READ, syscall.MAP_SHARED, fd)
	p.close(fd)
}

func contractWritableMappings(p *program, dir string) {
	const both = syscall.PROT_READ | syscall.PROT_WRITE
	name := dir + "/f"
	fd := p.open(name, syscall.O_CREAT|syscall.O_RDWR)
	p.write(fd, "first")
	b := p.mmap(4*pageSize, both, syscall.MAP_SHARED, fd)
	copy(b[2:], "RST and beyond the end")
	p.equal("read", p.content(name), "fiRST")
	p.equal("beyond the end", faults(&b[pageSize], false), "fault ")
	p.must(syscall.SYS_FTRUNCATE, fd, 2*pageSize+1)
	p.equal("what was written beyond the end", string(b[5:8]), "\x00\x00\x00")
	p.equal("beyond the new end", faults(&b[2*pageSize], true)+faults(&b[3*pageSize], true), "fine fault ")
	copy(b[pageSize:], "second")
	p.must(syscall.SYS_PWRITE64, fd, []byte("SEC"), 3, pageSize)
	copy(b[pageSize+3:], "OND")
	p.equal("both ways", p.content(name)[pageSize:][:7]+string(b[pageSize:][:7]), "SECOND\x00SECOND\x00")
	again := p.mmap(pageSize, syscall.PROT_READ, syscall.MAP_SHARED, fd)
	b[0] = 'F'
	p.equal("mapped twice", string(again[:5]), "FiRST")
	p.must(syscall.SYS_MUNMAP, again, len(again))

	p.must(syscall.SYS_MSYNC, b[pageSize:], 10, 4)
	p.must(syscall.SYS_MSYNC, b, len(b), 4)
	p.must(syscall.SYS_MSYNC, b, len(b), 1)
	p.fails(syscall.EINVAL, syscall.SYS_MSYNC, b, len(b), 5)
	p.fails(syscall.EINVAL, syscall.SYS_MSYNC, b[1:], 10, 4)

	p.must(syscall.SYS_FTRUNCATE, fd, pageSize+1)
	p.must(syscall.SYS_FTRUNCATE, fd, 3*pageSize)
	p.equal("cut off", string(b[pageSize:][:3]), "S\x00\x00")

	b = p.mremap(b, 100*pageSize)
	p.equal("longer", string(b[:5])+string(b[pageSize:][:2]), "FiRSTS\x00")
	p.equal("beyond the end", faults(&b[3*pageSize], false), "fault ")
	p.must(syscall.SYS_FTRUNCATE, fd, 100*pageSize)
	copy(b[99*pageSize:], "last")
	b = p.mremap(b, pageSize)
	p.equal("shorter", string(b[:5]), "FiRST")
	p.must(syscall.SYS_MUNMAP, b, len(b))
	p.equal("unmapped", p.content(name)[99*pageSize:][:5], "last\x00")
	const never = 16 * pageSize // where nothing is ever mapped; where b was, Go may have mapped something
	p.fails(syscall.EFAULT, syscall.SYS_MREMAP, never, pageSize, 2*pageSize, 1)
	p.close(fd)

	anonymous := p.mmap(pageSize, both, syscall.MAP_ANON|syscall.MAP_PRIVATE, -1)
	copy(anonymous, "kept")
	anonymous = p.mremap(anonymous, 3*pageSize)
	p.equal("anonymous", string(anonymous[:4])+string(anonymous[2*pageSize:][:1]), "kept\x00")
	p.must(syscall.SYS_MUNMAP, anonymous, len(anonymous))

	readonly := p.open(name, syscall.O_RDONLY)
	p.fails(syscall.EACCES, syscall.SYS_MMAP, 0, pageSize, both, syscall.MAP_SHARED, readonly, 0)
	private := p.mmap(pageSize, both, syscall.MAP_PRIVATE, readonly)
	private[0] = 'x'
	p.equal("private", p.content(name)[:5], "FiRST")
	p.must(syscall.SYS_MUNMAP, private, len(private))
	p.close(readonly)
	writeonly := p.open(name, syscall.O_WRONLY)
	p.fails(syscall.EACCES, syscall.SYS_MMAP, 0, pageSize, syscall.PROT_READ, syscall.MAP_SHARED, writeonly, 0)
	p.close(writeonly)
}

// mremap makes a mapping longer or shorter.
func (p *program) mremap(b []byte, length int) []byte {
	const mayMove = 1
	r, second, errno := p.caller(syscall.SYS_MREMAP, number(&b[0]), uintptr(len(b)), uintptr(length), mayMove, 0, 0)
	if errno != 0 {
		p.fail("mremap: %v", syscall.Errno(errno))
	}
	p.equal("second result", second, secondResult(args{0, uintptr(len(b)), uintptr(length)})) // badger looks at it
	b, _ = memory(r, uintptr(length))
	return b
}

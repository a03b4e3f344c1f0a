package shim

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
)

// TestFilesLikeReal does random operations on files, on the real system and on the simulated one, and requires
// the same results.
func TestFilesLikeReal(t *testing.T) {
	seeds := 40
	if testing.Short() {
		seeds = 5
	}
	for seed := range uint64(seeds) {
		old := syscall.Umask(022)
		want := randomOperations(&program{TB: t, caller: realCaller}, t.TempDir(), seed)
		syscall.Umask(old)
		simulate(t, seed, 1, func(sim *cluster) {
			sim.run(0, func(p *program) {
				p.must(syscall.SYS_MKDIRAT, atFdcwd, "/tmp/dir", 0755)
				got := randomOperations(p, "/tmp/dir", seed)
				for i := range want {
					if got[i] != want[i] {
						p.Errorf("seed %d, operation %d: simulated: %s; real: %s", seed, i, got[i], want[i])
						for _, before := range want[max(0, i-15):i] {
							p.Logf("  before: %s", before)
						}
						return
					}
				}
			})
		})
		if t.Failed() {
			return
		}
	}
}

// operations does random operations below a directory.
type operations struct {
	*program
	*rand.Rand
	dir string
	fds []int
	log []string
}

func randomOperations(p *program, dir string, seed uint64) []string {
	dir += "/d" // so that ../a is inside, too
	p.must(syscall.SYS_MKDIRAT, atFdcwd, dir, 0755)
	o := &operations{program: p, Rand: rand.New(rand.NewPCG(seed, 0)), dir: dir}
	for range 400 {
		o.one()
	}
	for _, fd := range o.fds {
		p.close(fd)
	}
	return o.log
}

func (o *operations) path() string {
	paths := []string{"a", "b", "c", "d", "d/a", "d/e", "d/e/f", "c/x", "c/y", "b/../a", "d/.", "a/", "d/", "d/e/..", "d//a"}
	return o.dir + "/" + paths[o.IntN(len(paths))]
}

func (o *operations) note(what string, result any, errno syscall.Errno) {
	if errno != 0 {
		result = errno.Error()
	}
	o.log = append(o.log, fmt.Sprintf("%s: %v", what, result))
}

// call makes a system call with a path in the log that does not depend on the directory.
func (o *operations) call(nr uintptr, params ...any) {
	r, errno := o.do(nr, params...)
	shown := make([]any, len(params))
	for i, x := range params {
		if s, ok := x.(string); ok && len(s) > len(o.dir) {
			x = s[len(o.dir):]
		}
		shown[i] = x
	}
	o.note(fmt.Sprint(calls[nr].name, shown), r, errno)
}

func (o *operations) one() {
	switch o.IntN(12) {
	case 0, 1:
		o.open()
	case 2:
		o.call(syscall.SYS_MKDIRAT, atFdcwd, o.path(), 0755)
	case 3:
		o.call(syscall.SYS_UNLINKAT, atFdcwd, o.path(), o.IntN(2)*atRemoveDir)
	case 4:
		o.call(sysRENAMEAT2, atFdcwd, o.path(), atFdcwd, o.path(), max(0, o.IntN(8)-5))
	case 5:
		o.call(syscall.SYS_LINKAT, atFdcwd, o.path(), atFdcwd, o.path(), 0)
	case 6:
		targets := []string{"a", "d", "d/e", "../a", "nothing", "c"}
		name := o.path()
		target := targets[o.IntN(len(targets))]
		_, errno := o.do(syscall.SYS_SYMLINKAT, target, atFdcwd, name)
		o.note("symlink "+target+" "+name[len(o.dir):], 0, errno)
	case 7:
		o.call(syscall.SYS_TRUNCATE, o.path(), o.IntN(20000)-10)
	case 8:
		o.list()
	default:
		o.useFile()
	}
	o.stat()
}

func (o *operations) open() {
	flags := []int{
		syscall.O_RDONLY, syscall.O_RDWR, syscall.O_RDWR | syscall.O_CREAT, syscall.O_WRONLY | syscall.O_APPEND | syscall.O_CREAT,
		syscall.O_RDWR | syscall.O_CREAT | syscall.O_EXCL, syscall.O_RDWR | syscall.O_TRUNC, syscall.O_RDONLY | syscall.O_NOFOLLOW,
		syscall.O_RDONLY | syscall.O_DIRECTORY,
	}[o.IntN(8)]
	name := o.path()
	fd, errno := o.do(syscall.SYS_OPENAT, atFdcwd, name, flags|syscall.O_CLOEXEC, 0644)
	o.note(fmt.Sprintf("open %s %#x", name[len(o.dir):], flags), "ok", errno)
	if errno != 0 {
		return
	}
	if o.fds = append(o.fds, fd); len(o.fds) > 4 {
		o.close(o.fds[0])
		o.fds = o.fds[1:]
	}
}

func (o *operations) useFile() {
	if len(o.fds) == 0 {
		return
	}
	fd := o.fds[o.IntN(len(o.fds))]
	n := o.IntN(6000)
	b := make([]byte, n)
	switch o.IntN(6) {
	case 0, 1:
		for i := range b {
			b[i] = byte(o.Uint32())
		}
		r, errno := o.do(syscall.SYS_WRITE, fd, b, n)
		o.note("write", r, errno)
	case 2:
		r, errno := o.do(syscall.SYS_PWRITE64, fd, b, n, o.IntN(20000))
		o.note("pwrite", r, errno)
	case 3:
		r, errno := o.do(syscall.SYS_READ, fd, b, n)
		o.note("read", fmt.Sprint(r, checksum(b)), errno)
	case 4:
		off, whence := o.IntN(9000)-3000, o.IntN(3)
		st := new(syscall.Stat_t)
		if o.must(syscall.SYS_FSTAT, fd, st); st.Mode&syscall.S_IFMT == syscall.S_IFDIR {
			off, whence = 0, 0 // other positions in directories are the file system's own business
		}
		r, errno := o.do(syscall.SYS_LSEEK, fd, off, whence)
		o.note("lseek", r, errno)
	case 5:
		r, errno := o.do(syscall.SYS_FTRUNCATE, fd, o.IntN(12000))
		o.note("ftruncate", r, errno)
	}
}

func checksum(b []byte) (sum uint32) {
	for _, c := range b {
		sum = sum*31 + uint32(c)
	}
	return sum
}

func (o *operations) list() {
	name := o.path()
	if _, errno := o.do(syscall.SYS_OPENAT, atFdcwd, name, syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0); errno != 0 {
		o.note("list "+name[len(o.dir):], "", errno)
		return
	}
	o.note("list "+name[len(o.dir):], o.names(name), 0)
}

func (o *operations) stat() {
	name := o.path()
	st := new(syscall.Stat_t)
	_, errno := o.do(sysNEWFSTATAT, atFdcwd, name, st, o.IntN(2)*atSymlinkNoF)
	size := st.Size
	if st.Mode&syscall.S_IFMT == syscall.S_IFDIR {
		size, st.Nlink = 0, 0 // which differ between real file systems
	}
	o.note("stat "+name[len(o.dir):], fmt.Sprintf("%o %d %d", st.Mode, st.Nlink, size), errno)
}

package shim

import (
	"encoding/binary"
	"syscall"

	"github.com/simgen-dev/simgen/shim/os"
)

// read and write, on whatever the descriptor refers to.

func (p *process) readable(fd uintptr) (*openFile, syscall.Errno) {
	f, errno := p.file(fd)
	if errno == 0 && !f.mayRead() {
		errno = syscall.EBADF
	}
	return f, errno
}

func (p *process) writable(fd uintptr) (*openFile, syscall.Errno) {
	f, errno := p.file(fd)
	if errno == 0 && !f.mayWrite() {
		errno = syscall.EBADF
	}
	return f, errno
}

func sysRead(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.readable(a[0])
	if errno != 0 {
		return 0, errno
	}
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	n, errno := f.object.Read(f, b)
	if errno == syscall.EAGAIN && !f.nonblocking() {
		return f.repeat("read", func() (int, syscall.Errno) { return f.object.Read(f, b) })
	}
	return uintptr(n), errno
}

func sysWrite(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.writable(a[0])
	if errno != 0 {
		return 0, errno
	}
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	return p.write(f, b)
}

// write writes all of b to a blocking descriptor, and what it can to a non-blocking one.
func (p *process) write(f *openFile, b []byte) (uintptr, syscall.Errno) {
	total := 0
	for {
		n, errno := f.object.Write(f, b[total:])
		total += n
		switch {
		case errno == syscall.EAGAIN && !f.nonblocking():
			f.await("write")
		case errno != 0 && total == 0:
			return 0, errno
		case errno != 0 || total == len(b) || f.nonblocking():
			return uintptr(total), p.written(f)
		}
	}
}

// written makes a write durable where the file was opened so.
func (p *process) written(f *openFile) syscall.Errno {
	if f.flags&(syscall.O_SYNC|syscall.O_DSYNC) != 0 {
		if d, ok := f.object.(*diskFile); ok && d.inode.IsRegular() {
			p.sync(d.inode.Sync)
		}
	}
	return 0
}

// disk returns a descriptor's file if it has positions.
func disk(f *openFile) (*diskFile, syscall.Errno) {
	if d, ok := f.object.(*diskFile); ok {
		return d, 0
	}
	return nil, syscall.ESPIPE
}

// positioned is what pread and pwrite have in common: the file behind f, the
// memory and the position.
func positioned(f *openFile, a args) (d *diskFile, b []byte, off int64, errno syscall.Errno) {
	if d, errno = disk(f); errno != 0 {
		return nil, nil, 0, errno
	}
	if b, errno = memory(a[1], a[2]); errno != 0 {
		return nil, nil, 0, errno
	}
	if off = int64(a[3]); off < 0 {
		return nil, nil, 0, syscall.EINVAL
	}
	return d, b, off, 0
}

func sysPread(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.readable(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, b, off, errno := positioned(f, a)
	if errno != 0 {
		return 0, errno
	}
	n, errno := d.readAt(b, off)
	return uintptr(n), errno
}

func sysPwrite(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.writable(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, b, off, errno := positioned(f, a)
	if errno != 0 {
		return 0, errno
	}
	if f.flags&syscall.O_APPEND != 0 {
		off = d.inode.Size() // as Linux does, against POSIX
	}
	n, errno := d.writeAt(b, off)
	if errno != 0 {
		return 0, errno
	}
	return uintptr(n), p.written(f)
}

func sysReadv(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.readable(a[0])
	if errno != 0 {
		return 0, errno
	}
	vs, errno := vectors(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	total := uintptr(0)
	for _, b := range vs {
		n, errno := f.object.Read(f, b)
		if errno == syscall.EAGAIN && total == 0 && !f.nonblocking() {
			var done uintptr
			done, errno = f.repeat("read", func() (int, syscall.Errno) { return f.object.Read(f, b) })
			n = int(done)
		}
		if errno != 0 && total == 0 {
			return 0, errno
		}
		total += uintptr(n)
		if n < len(b) {
			break
		}
	}
	return total, 0
}

func sysWritev(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.writable(a[0])
	if errno != 0 {
		return 0, errno
	}
	vs, errno := vectors(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	if len(vs) == 1 {
		return p.write(f, vs[0])
	}
	var all []byte // one write, so that it is one segment, and atomic where writes are
	for _, b := range vs {
		all = append(all, b...)
	}
	return p.write(f, all)
}

func sysClose(p *process, a args) (uintptr, syscall.Errno) { return 0, p.close(int(int32(a[0]))) }

func sysCloseRange(p *process, a args) (uintptr, syscall.Errno) {
	const cloexec = 4
	if a[0] > a[1] {
		return 0, syscall.EINVAL
	}
	for fd := int(a[0]); fd < p.files.len() && uintptr(fd) <= a[1]; fd++ {
		if a[2]&cloexec != 0 {
			p.files.slot(fd).cloexec = true
		} else {
			p.close(fd)
		}
	}
	return 0, 0
}

func sysLseek(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, errno := disk(f)
	if errno != 0 {
		return 0, errno
	}
	const data, hole = 3, 4
	off, size := int64(a[1]), int64(0)
	if d.inode.IsRegular() {
		size = d.inode.Size()
	}
	switch a[2] {
	case 0:
	case 1:
		off += d.position
	case 2:
		off += size
	case data, hole: // the whole file is data, with the hole at its end that every file has
		if off < 0 || off >= size {
			return 0, syscall.ENXIO
		}
		if a[2] == hole {
			off = size
		}
	default:
		return 0, syscall.EINVAL
	}
	if off < 0 {
		return 0, syscall.EINVAL
	}
	d.position = off
	return uintptr(off), 0
}

func sysFtruncate(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, ok := f.object.(*diskFile)
	if !ok || !f.mayWrite() || !d.inode.IsRegular() {
		return 0, syscall.EINVAL
	}
	return 0, d.inode.Truncate(int64(a[1]))
}

func sysFallocate(p *process, a args) (uintptr, syscall.Errno) {
	const keepSize, punchHole, zeroRange = 1, 2, 16
	f, errno := p.writable(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, errno := disk(f)
	if errno != 0 {
		return 0, errno
	}
	off, n := int64(a[2]), int64(a[3])
	switch {
	case !d.inode.IsRegular():
		return 0, syscall.ENODEV
	case off < 0 || n <= 0:
		return 0, syscall.EINVAL
	case a[1]&^(keepSize|punchHole|zeroRange) != 0:
		return 0, syscall.EOPNOTSUPP
	}
	if a[1]&(punchHole|zeroRange) != 0 {
		d.inode.Zero(off, n)
	}
	if a[1]&keepSize == 0 && off+n > d.inode.Size() {
		return 0, d.inode.Truncate(off + n)
	}
	return 0, 0
}

func sysFsync(p *process, a args) (uintptr, syscall.Errno) {
	f, errno := p.file(a[0])
	if errno != 0 {
		return 0, errno
	}
	d, ok := f.object.(*diskFile)
	if !ok || d.inode.Device() != os.NoDevice {
		return 0, syscall.EINVAL
	}
	p.sync(d.inode.Sync)
	return 0, 0
}

func sysSync(p *process, a args) (uintptr, syscall.Errno) {
	p.node.disk.SyncAll()
	return 0, 0
}

func sysPipe2(p *process, a args) (uintptr, syscall.Errno) {
	fds := at[[2]int32](a[0])
	if fds == nil {
		return 0, syscall.EFAULT
	}
	if a[1]&^(syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_DIRECT) != 0 {
		return 0, syscall.EINVAL
	}
	pipe := os.NewPipe()
	status := int(a[1]) & syscall.O_NONBLOCK
	cloexec := a[1]&syscall.O_CLOEXEC != 0
	r, errno := p.install(&openFile{object: &pipeEnd{pipe, true}, flags: status | syscall.O_RDONLY, path: "pipe:"}, cloexec)
	if errno != 0 {
		return 0, errno
	}
	w, errno := p.install(&openFile{object: &pipeEnd{pipe, false}, flags: status | syscall.O_WRONLY, path: "pipe:"}, cloexec)
	if errno != 0 {
		p.close(int(r))
		return 0, errno
	}
	fds[0], fds[1] = int32(r), int32(w)
	return 0, 0
}

// directory returns the directory that a descriptor refers to.
func (p *process) directory(fd uintptr) (*diskFile, syscall.Errno) {
	f, errno := p.file(fd)
	if errno != 0 {
		return nil, errno
	}
	d, ok := f.object.(*diskFile)
	if !ok || !d.inode.IsDir() {
		return nil, syscall.ENOTDIR
	}
	return d, 0
}

func sysGetdents64(p *process, a args) (uintptr, syscall.Errno) {
	d, errno := p.directory(a[0])
	if errno != 0 {
		return 0, errno
	}
	b, errno := memory(a[1], a[2])
	if errno != 0 {
		return 0, errno
	}
	const header = 19 // inode, position, length, type
	used, full := 0, false
	d.inode.Entries(d.position, func(e os.Entry) bool {
		size := (header + len(e.Name) + 1 + 7) &^ 7
		if full = size > len(b)-used; full {
			return false
		}
		r := b[used : used+size]
		clear(r)
		st := e.Node.Stat()
		binary.NativeEndian.PutUint64(r, st.Ino)
		binary.NativeEndian.PutUint64(r[8:], uint64(e.Next))
		binary.NativeEndian.PutUint16(r[16:], uint16(size))
		r[18] = byte(st.Mode & syscall.S_IFMT >> 12)
		copy(r[header:], e.Name)
		used += size
		d.position = e.Next
		return true
	})
	if full && used == 0 {
		return 0, syscall.EINVAL
	}
	return uintptr(used), 0
}

package shim

import (
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/os"
)

// diskFile is an open file, directory or device, with a position in it.
type diskFile struct {
	inode    *os.Inode
	position int64
}

func newDiskFile(n *os.Inode) *diskFile { return &diskFile{inode: n} }

func (d *diskFile) poll(func(mode byte)) bool { return false }
func (d *diskFile) readable() bool            { return true }
func (d *diskFile) writable() bool            { return true }
func (d *diskFile) stat(*process) fileStat    { return d.inode.Stat() }

// release gives up the locks that belong to the open file: those of flock and the OFD locks of fcntl.
func (d *diskFile) release() {
	d.inode.Unlock(d, true, 0, os.RangeEnd)
	d.inode.Unlock(d, false, 0, os.RangeEnd)
}

// Read reads at the position and moves it.
func (d *diskFile) Read(f *openFile, b []byte) (int, syscall.Errno) {
	n, errno := d.readAt(b, d.position)
	d.position += int64(n)
	return n, errno
}

func (d *diskFile) readAt(b []byte, off int64) (int, syscall.Errno) {
	switch {
	case d.inode.IsDir():
		return 0, syscall.EISDIR
	case d.inode.IsRegular():
		return d.inode.ReadAt(b, off), 0
	}
	switch d.inode.Device() {
	case os.Zero, os.Full:
		clear(b)
	case os.Random:
		fillRandom(b)
	default:
		return 0, 0
	}
	return len(b), 0
}

// Write writes at the position, or at the end of a file opened with O_APPEND, and moves the position.
func (d *diskFile) Write(f *openFile, b []byte) (int, syscall.Errno) {
	if f.flags&syscall.O_APPEND != 0 && d.inode.IsRegular() {
		d.position = d.inode.Size()
	}
	n, errno := d.writeAt(b, d.position)
	d.position += int64(n)
	return n, errno
}

func (d *diskFile) writeAt(b []byte, off int64) (int, syscall.Errno) {
	switch {
	case d.inode.IsRegular():
		if errno := d.inode.WriteAt(b, off); errno != 0 {
			return 0, errno
		}
	case d.inode.Device() == os.Full:
		return 0, syscall.ENOSPC
	}
	return len(b), 0
}

// fillRandom takes bytes from the calling process's own random stream.
func fillRandom(b []byte) {
	for len(b) > 0 {
		r := rt.Rand64()
		for i := 0; i < 8 && len(b) > 0; i++ {
			b[0] = byte(r)
			b, r = b[1:], r>>8
		}
	}
}

// sync makes something durable, which takes time. Whether what others write meanwhile gets to the disk with it is
// drawn, and with it whether a crash meanwhile finds the data durable.
func (p *process) sync(durable func()) {
	cfg := p.node.world.cfg
	early := rt.Draw(rt.Disk, "sync early", 2) == 0
	if early {
		durable()
	}
	span := max(int64(cfg.SyncMax-cfg.SyncMin), 0)
	p.sleep(int64(cfg.SyncMin)+int64(rt.Draw(rt.Disk, "sync time", uint64(span)+1)), "sync to disk")
	if !early {
		durable()
	}
}

// pipeEnd is one end of a pipe.
type pipeEnd struct {
	pipe  *os.Pipe
	reads bool
}

func (e *pipeEnd) Read(f *openFile, b []byte) (int, syscall.Errno)  { return e.pipe.Read(b) }
func (e *pipeEnd) Write(f *openFile, b []byte) (int, syscall.Errno) { return e.pipe.Write(b) }

func (e *pipeEnd) poll(notify func(mode byte)) bool {
	if e.reads {
		e.pipe.NotifyReader(notify)
	} else {
		e.pipe.NotifyWriter(notify)
	}
	return true
}

func (e *pipeEnd) readable() bool         { return e.reads && e.pipe.Readable() }
func (e *pipeEnd) writable() bool         { return !e.reads && e.pipe.Writable() }
func (e *pipeEnd) stat(*process) fileStat { return pipeStat() }

func (e *pipeEnd) release() {
	if e.reads {
		e.pipe.CloseReader()
	} else {
		e.pipe.CloseWriter()
	}
}

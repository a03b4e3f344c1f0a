package os

import "syscall"

const (
	pipeSize   = 64 << 10
	pipeAtomic = 4096 // PIPE_BUF
)

// Pipe is a pipe; a descriptor refers to one of its ends.
type Pipe struct {
	buf              []byte
	readers, writers bool
	notifyReader     func(mode byte)
	notifyWriter     func(mode byte)
}

// NewPipe makes a pipe with both ends open.
func NewPipe() *Pipe { return &Pipe{readers: true, writers: true} }

// NotifyReader sets the function that hears, with 'r', that it may have become worthwhile to read.
func (p *Pipe) NotifyReader(f func(mode byte)) { p.notifyReader = f }

// NotifyWriter sets the function that hears, with 'w', that it may have become worthwhile to write.
func (p *Pipe) NotifyWriter(f func(mode byte)) { p.notifyWriter = f }

// Read takes bytes from the pipe; none without an errno is the end.
func (p *Pipe) Read(b []byte) (int, syscall.Errno) {
	if len(p.buf) == 0 {
		if p.writers {
			return 0, syscall.EAGAIN
		}
		return 0, 0
	}
	n := copy(b, p.buf)
	p.buf = append(p.buf[:0], p.buf[n:]...)
	if n > 0 && pipeSize-len(p.buf) >= pipeAtomic && p.writers && p.notifyWriter != nil {
		p.notifyWriter('w')
	}
	return n, 0
}

// Write adds bytes to the pipe: all of them, or, beyond what is atomic, as many as fit.
func (p *Pipe) Write(b []byte) (int, syscall.Errno) {
	if !p.readers {
		return 0, syscall.EPIPE
	}
	room := pipeSize - len(p.buf)
	if room == 0 && len(b) > 0 || len(b) <= pipeAtomic && len(b) > room {
		return 0, syscall.EAGAIN
	}
	n := min(len(b), room)
	p.buf = append(p.buf, b[:n]...)
	if n > 0 && p.notifyReader != nil {
		p.notifyReader('r')
	}
	return n, 0
}

// Readable reports whether Read would return something other than EAGAIN.
func (p *Pipe) Readable() bool { return len(p.buf) > 0 || !p.writers }

// Writable reports whether a Write of an atomic size would.
func (p *Pipe) Writable() bool { return pipeSize-len(p.buf) >= pipeAtomic || !p.readers }

// Unread is the number of bytes in the pipe.
func (p *Pipe) Unread() int { return len(p.buf) }

// CloseReader closes the reading end.
func (p *Pipe) CloseReader() {
	p.readers, p.notifyReader = false, nil
	if p.notifyWriter != nil {
		p.notifyWriter('w')
	}
}

// CloseWriter closes the writing end.
func (p *Pipe) CloseWriter() {
	p.writers, p.notifyWriter = false, nil
	if p.notifyReader != nil {
		p.notifyReader('r')
	}
}

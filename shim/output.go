package shim

import (
	"bytes"
	"strings"
	"syscall"

	rt "github.com/simgen-dev/simgen/runtime"
)

const (
	maxLine   = 64 << 10  // the length after which a line is reported although it is not complete
	maxOutput = 100 << 10 // how many lines a world keeps at least; beyond twice as many it forgets the oldest

	maxOutputBytes = 64 << 20 // beyond which it forgets them, too
)

// stream is a process's standard output or error: a pipe whose other end is the world, which splits it into
// lines.
type stream struct {
	process *process
	name    string
	partial []byte
}

// openStreams gives a new process descriptors 0, 1 and 2.
func (p *process) openStreams(stdin string) {
	null, _ := p.node.disk.Lookup(p.node.disk.Root(), "/dev/null", true) // part of every new disk
	if null == nil {
		null = p.node.disk.NewVirtual(syscall.S_IFCHR|0666, "")
	}
	all := new(struct { // they live and die together
		files   [3]openFile
		null    diskFile
		streams [2]stream
	})
	all.null.inode = null
	all.files[0] = openFile{object: &all.null, flags: syscall.O_RDONLY, path: "/dev/null"}
	if stdin != "" {
		all.files[0] = openFile{object: &input{rest: stdin}, flags: syscall.O_RDONLY, path: "pipe:"}
	}
	p.install(&all.files[0], false)
	for i, name := range []string{"stdout", "stderr"} {
		s := &all.streams[i]
		s.process, s.name = p, name
		p.streams[i] = s
		all.files[i+1] = openFile{object: s, flags: syscall.O_WRONLY, path: "pipe:[" + name + "]"}
		p.install(&all.files[i+1], false)
	}
}

func (s *stream) write(b []byte) {
	for len(b) > 0 {
		line, rest, complete := bytes.Cut(b, []byte{'\n'})
		s.partial = append(s.partial, line...)
		if complete || len(s.partial) >= maxLine {
			s.emit()
		}
		b = rest
	}
}

// flush reports what is left when the process ends.
func (s *stream) flush() {
	if s != nil && len(s.partial) > 0 {
		s.emit()
	}
}

func (s *stream) emit() {
	w := s.process.node.world
	l := Line{At: rt.Now(), Node: s.process.node.name, Stream: s.name, Text: string(s.partial)}
	s.partial = s.partial[:0]
	w.outputBytes += len(l.Text)
	if n := len(w.output); n == 2*maxOutput || w.outputBytes > maxOutputBytes {
		for _, old := range w.output[:n/2] {
			w.outputBytes -= len(old.Text)
		}
		w.output = append(w.output[:0], w.output[n/2:]...)
	}
	w.output = append(w.output, l)
	if w.cfg.OnLine != nil {
		w.cfg.OnLine(l)
	}
}

// Print implements runtime.Kernel: what is printed goes where descriptor 2 leads, and nowhere if that is closed.
func (w *World) Print(proc *rt.Process, text []byte) {
	p := w.of(proc)
	if f, errno := p.writable(2); errno == 0 {
		p.write(f, text)
	}
}

// Stderr implements runtime.Kernel: what Go's own runtime prints goes where the process prints.
func (w *World) Stderr(proc *rt.Process, text string) {
	s := w.of(proc).streams[1]
	s.flush()
	s.write([]byte(strings.TrimRight(text, "\n") + "\n"))
}

// input is a pipe into which somebody has written and which he has closed.
type input struct{ rest string }

func (i *input) Read(_ *openFile, b []byte) (int, syscall.Errno) {
	n := copy(b, i.rest)
	i.rest = i.rest[n:]
	return n, 0
}

func (i *input) Write(*openFile, []byte) (int, syscall.Errno) { return 0, syscall.EBADF }
func (i *input) poll(func(mode byte)) bool                    { return true }
func (i *input) readable() bool                               { return true }
func (i *input) writable() bool                               { return false }
func (i *input) release()                                     {}
func (i *input) stat(p *process) fileStat                     { return pipeStat() }

func (s *stream) Read(*openFile, []byte) (int, syscall.Errno) { return 0, syscall.EBADF }

func (s *stream) Write(f *openFile, b []byte) (int, syscall.Errno) {
	s.write(b)
	return len(b), 0
}

func (s *stream) poll(func(mode byte)) bool { return true }
func (s *stream) readable() bool            { return false }
func (s *stream) writable() bool            { return true }
func (s *stream) release()                  {}
func (s *stream) stat(p *process) fileStat  { return pipeStat() }

package sim

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
)

// spill is all that the processes of a seed write. When that is too much to be told it goes to a file of the host, which is kept if
// the seed fails.
type spill struct {
	test    string
	seed    uint64
	written int // bytes
	memory  bytes.Buffer
	file    *os.File
	failed  error // why there is no file
}

const (
	spillAfter = 1 << 20   // bytes
	spillLimit = 256 << 20 // of a file; the rest is lost
)

func (s *spill) write(line string) {
	s.written += len(line)
	switch {
	case s.failed != nil || s.written > spillLimit:
	case s.written <= spillAfter:
		s.memory.WriteString(line)
	default:
		rt.Kernelly(func() { s.toFile(line) })
	}
}

func (s *spill) toFile(line string) {
	if s.file == nil {
		name := strings.ReplaceAll(s.test, "/", "-")
		if s.file, s.failed = os.CreateTemp("", fmt.Sprintf("simgen-%s-seed-%d-*.txt", name, s.seed)); s.failed != nil {
			return
		}
		_, s.failed = s.memory.WriteTo(s.file)
	}
	if s.failed == nil {
		_, s.failed = s.file.WriteString(line)
	}
}

// end closes the file, which is kept if keep is set, and says what was written if that was much. It is called natively.
func (s *spill) end(keep bool) *report.Output {
	if s.written <= spillAfter {
		return nil
	}
	out := &report.Output{Bytes: uint64(s.written)}
	if s.file != nil {
		s.file.Close()
		if !keep || s.failed != nil {
			os.Remove(s.file.Name())
		} else {
			out.File = s.file.Name()
		}
	}
	switch {
	case !keep:
		return nil
	case s.failed != nil:
		out.Lost = s.failed.Error()
	case s.written > spillLimit:
		out.Lost = "a file has no more than 256MiB of it"
	}
	return out
}

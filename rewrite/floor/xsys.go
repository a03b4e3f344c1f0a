package floor

import (
	"fmt"
	"go/ast"
	"strings"
)

// XSys is the one package outside of the standard library that makes system
// calls of its own, in assembly.
const XSys = "golang.org/x/sys/unix"

// xsysBodies are the functions of XSys that are assembly, and what they become.
// The assembly of some jumps to package syscall, which the floor has patched;
// but only a function with a body can make the compiler move to the heap what
// the caller passes as an integer, and a stack may move during a simulated call.
var xsysBodies = map[string]string{
	"Syscall":           "return syscall.Syscall(trap, a1, a2, a3)",
	"Syscall6":          "return syscall.Syscall6(trap, a1, a2, a3, a4, a5, a6)",
	"RawSyscall":        "return syscall.RawSyscall(trap, a1, a2, a3)",
	"RawSyscall6":       "return syscall.RawSyscall6(trap, a1, a2, a3, a4, a5, a6)",
	"SyscallNoError":    "r1, r2, _ = syscall.Syscall(trap, a1, a2, a3); return r1, r2",
	"RawSyscallNoError": "r1, r2, _ = syscall.RawSyscall(trap, a1, a2, a3); return r1, r2",
	"gettimeofday":      "var t syscall.Timeval; if e, ok := syscall.Gettimeofday(&t).(syscall.Errno); ok { return e }; tv.Sec, tv.Usec = t.Sec, t.Usec; return 0",
}

// PatchXSys sends the system calls of XSys through package syscall. Versions
// differ in which of the functions they have.
func PatchXSys(files Files) (Files, error) {
	p, err := newPatcher(XSys, files)
	if err != nil {
		return nil, err
	}
	for _, file := range p.names() {
		for _, d := range p.syntax[file].Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body != nil || xsysBodies[fd.Name.Name] == "" {
				continue
			}
			name := fd.Name.Name
			if !renameAsmOf(p.files, name) {
				return nil, fmt.Errorf("%s.%s is not defined in assembly in this version", XSys, name)
			}
			if !importsSyscall(p.syntax[file]) && len(p.edits[file]) == 0 {
				p.edit(file, p.syntax[file].Name.End(), p.syntax[file].Name.End(), `; import "syscall"`)
			}
			directive := "//go:uintptrescapes\n"
			if name == "gettimeofday" {
				directive = ""
			}
			p.edit(file, fd.Pos(), fd.Pos(), directive)
			p.edit(file, fd.End(), fd.End(), " { "+xsysBodies[name]+" }")
			p.dropNoescape(file, fd)
		}
	}
	return p.result(), nil
}

func importsSyscall(f *ast.File) bool {
	for _, s := range f.Imports {
		if s.Path.Value == `"syscall"` {
			return true
		}
	}
	return false
}

// dropNoescape removes a directive that only fits a function without a body.
func (p *patcher) dropNoescape(file string, fd *ast.FuncDecl) {
	if fd.Doc == nil {
		return
	}
	for _, c := range fd.Doc.List {
		if strings.TrimSpace(c.Text) == "//go:noescape" {
			p.edit(file, c.Pos(), c.End(), "//")
		}
	}
}

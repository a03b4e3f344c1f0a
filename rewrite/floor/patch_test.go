package floor

import (
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// release is N of the Go 1.N that runs the tests.
func release(t testing.TB) int {
	s := strings.TrimPrefix(runtime.Version(), "go1.")
	if i := strings.IndexAny(s, ".-rb "); i >= 0 {
		s = s[:i]
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Skipf("%s has no release number", runtime.Version())
	}
	return n
}

// forEachTarget runs a test for every architecture that is supported.
func forEachTarget(t *testing.T, f func(t *testing.T, target Target)) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) { f(t, Target{release(t), arch}) })
	}
}

// goSources are the sources of a standard package that an instrumented build compiles.
func goSources(t testing.TB, path, arch string) Files {
	ctx := build.Default
	ctx.CgoEnabled, ctx.GOOS, ctx.GOARCH = false, "linux", arch
	p, err := ctx.Import(path, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	files := Files{}
	for _, name := range append(p.GoFiles, p.SFiles...) {
		if files[name], err = os.ReadFile(filepath.Join(p.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// Every row finds its function in the release that runs the tests, what comes
// out parses, and no line moves.
func TestEveryRowFindsItsFunction(t *testing.T) { forEachTarget(t, everyRowFindsItsFunction) }

func everyRowFindsItsFunction(t *testing.T, target Target) {
	for _, path := range Needed(target) {
		before := goSources(t, path, target.Arch)
		lines := map[string]int{}
		for name, src := range before {
			lines[name] = strings.Count(string(src), "\n")
		}
		out, err := Patch(path, target, before)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, src := range out {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), name, src, 0); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if n, ok := lines[name]; ok && n != strings.Count(string(src), "\n") {
				t.Errorf("%s/%s: lines moved", path, name)
			}
		}
	}
}

// Every original that gets a new name is defined somewhere under that name: by
// the runtime, in assembly, or by a linkname of its own.
func TestEveryOriginalIsDefined(t *testing.T) { forEachTarget(t, everyOriginalIsDefined) }

func everyOriginalIsDefined(t *testing.T, target Target) {
	defined := map[string]bool{}
	for _, path := range RuntimePackages {
		out, err := GoRuntime(target, goSources(t, path, target.Arch))
		if err != nil && path == "runtime" {
			t.Fatal(err)
		}
		for _, src := range out {
			for _, m := range push.FindAllSubmatch(src, -1) {
				defined[string(m[3])+"."+string(m[4])] = true
			}
			for _, line := range strings.Split(string(src), "\n") {
				if f := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" (<\t,", r) }); len(f) > 1 && f[0] == "TEXT" {
					defined[strings.Replace(f[1], "·", ".", 1)] = true
				}
			}
		}
	}
	for _, path := range Needed(target) {
		out, err := Patch(path, target, goSources(t, path, target.Arch))
		if err != nil {
			t.Fatal(err)
		}
		linked := ""
		for _, line := range strings.Split(string(out[FileName]), "\n") {
			if strings.HasPrefix(line, "//go:linkname") {
				linked = strings.Fields(line)[1]
			}
			name, ok := strings.CutPrefix(line, "func "+native)
			if !ok {
				continue
			}
			name = native + name[:strings.IndexByte(name, '(')]
			asm := false
			for file, src := range out {
				asm = asm || strings.HasSuffix(file, ".s") && strings.Contains(string(src), "TEXT ·"+name+"(")
			}
			if linked != name && !asm && !defined[path+"."+name] {
				t.Errorf("%s.%s is defined nowhere", path, name)
			}
		}
	}
}

// The system calls of golang.org/x/sys go through package syscall, in every
// form in which its versions declare them.
func TestXSys(t *testing.T) {
	out, err := PatchXSys(Files{
		"syscall_unix_gc.go":  []byte("package unix\n\nimport \"syscall\"\n\nfunc Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)\n"),
		"syscall_linux_gc.go": []byte("package unix\n\n// SyscallNoError cannot fail.\nfunc SyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)\n"),
		"gettimeofday.go":     []byte("package unix\n\nimport \"syscall\"\n\n//go:noescape\nfunc gettimeofday(tv *Timeval) (err syscall.Errno)\n"),
		"asm_linux_amd64.s":   []byte("TEXT ·Syscall(SB),NOSPLIT,$0-56\n\tJMP\tsyscall·Syscall(SB)\nTEXT ·SyscallNoError(SB),NOSPLIT,$0-48\nTEXT ·gettimeofday(SB),NOSPLIT,$0-16\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"syscall_unix_gc.go":  "//go:uintptrescapes\nfunc Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno) { return syscall.Syscall(trap, a1, a2, a3) }\n",
		"syscall_linux_gc.go": "package unix; import \"syscall\"\n\n// SyscallNoError cannot fail.\n//go:uintptrescapes\nfunc SyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) { r1, r2, _ =",
		"gettimeofday.go":     "//\nfunc gettimeofday(tv *Timeval) (err syscall.Errno) { var t syscall.Timeval;",
		"asm_linux_amd64.s":   "TEXT ·simgenNative_Syscall(SB),NOSPLIT,$0-56\n\tJMP\tsyscall·Syscall(SB)\nTEXT ·simgenNative_SyscallNoError(SB)",
	} {
		if !strings.Contains(string(out[file]), want) {
			t.Errorf("%s:\n%s\nlacks\n%s", file, out[file], want)
		}
	}
}

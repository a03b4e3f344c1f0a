package floor

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// accessors is the file that Go's own package runtime gains: what the
// simulation runtime needs of a goroutine.
//
//go:embed goruntime/zz_simgen.go.txt
var accessors []byte

// raceAccessors is the file for builds with the race detector.
//
//go:embed goruntime/zz_simgen_race.go.txt
var raceAccessors []byte

// nameAccessors is the file about the names of main packages.
//
//go:embed goruntime/zz_simgen_names.go.txt
var nameAccessors []byte

// printAccessors is the file about what the builtins print and about the form of stacks.
//
//go:embed goruntime/zz_simgen_print.go.txt
var printAccessors []byte

// switchFiles change from one coroutine to another.
var (
	//go:embed goruntime/zz_simgen_amd64.s.txt
	switchAMD64 []byte
	//go:embed goruntime/zz_simgen_amd64.go.txt
	switchDeclared []byte
	//go:embed goruntime/zz_simgen_noasm.go.txt
	switchNoAsm []byte
)

// bubbleAccessors is the same for test bubbles.
//
//go:embed goruntime/zz_simgen_bubble.go.txt
var bubbleAccessors []byte

// Bubbles is the first release, 1.N, in which testing/synctest and its bubbles are no experiment.
const Bubbles = 25

// RuntimePackages are the packages of Go's runtime that push definitions to
// other packages.
var RuntimePackages = []string{"runtime", "internal/runtime/maps", "internal/runtime/atomic"}

// GoRuntime patches package runtime itself: one pointer field in the goroutine
// descriptor, a mark and a pointer in each channel, files of accessors, a line at
// the beginning of some functions, and new names for the definitions that it
// pushes to functions of the floor.
func GoRuntime(t Target, files Files) (Files, error) {
	out := Files{
		"zz_simgen.go":       append(bytes.Clone(accessors), cleanupWaits[t.Release >= 25]...),
		"zz_simgen_names.go": nameAccessors,
		"zz_simgen_print.go": printAccessors,
		"zz_simgen_amd64.go": switchDeclared,
		"zz_simgen_amd64.s":  switchAMD64,
		"zz_simgen_noasm.go": switchNoAsm,
	}
	if t.Release >= Bubbles {
		out["zz_simgen_bubble.go"] = bubbleAccessors
	}
	_, race := files["race.go"]
	if race {
		out["zz_simgen_race.go"] = raceAccessors
	}
	pushed := map[string]bool{}
	for _, r := range Rows {
		if r.Kind == Replace && r.in(t) {
			pushed[r.Pkg+"."+r.Func] = true
		}
	}
	for name, src := range files {
		now := src
		switch {
		case strings.HasSuffix(name, ".go"):
			now = renamePushes(now, pushed)
		case strings.HasSuffix(name, ".s"):
			for sym := range pushed {
				i := strings.LastIndex(sym, ".")
				pkg, fn := sym[:i], sym[i+1:]
				now = renameAsm(now, pkg+"·"+fn, pkg+"·"+native+fn)
			}
		}
		var err error
		switch name {
		case "runtime2.go":
			now, err = addField(now, "g", "simgen unsafe.Pointer; simgenReturn bool ")
		case "chan.go":
			if now, err = addField(now, "hchan", "simgen uint64; simgenTimer, simgenQueue unsafe.Pointer "); err == nil {
				now, err = addMark(now)
			}
		case "coro.go":
			now, err = returnFromSwitch(now)
		case "malloc.go":
			now, err = keepTinyApart(now)
		case "error.go", "alg.go":
			now, err = nameTypes(name, now)
		case "extern.go":
			now, err = endStacks(now)
		}
		if err == nil {
			now, err = addGuards(t, name, now)
		}
		if err != nil {
			return nil, fmt.Errorf("floor of Go 1.%d for %s: %w", t.Release, t.Arch, err)
		}
		if !bytes.Equal(now, src) {
			out[name] = now
		}
	}
	return out, nil
}

// push is a directive that defines a function of another package. Since Go 1.27
// some are go:linknamestd, which only the standard library may use.
var push = regexp.MustCompile(`(?m)^//go:(linkname|linknamestd) (\S+) (\S+)\.([^\s.]+)$`)

// renamePushes gives the definitions that are pushed to the floor their new
// names.
func renamePushes(src []byte, pushed map[string]bool) []byte {
	return push.ReplaceAllFunc(src, func(line []byte) []byte {
		m := push.FindSubmatch(line)
		if !pushed[string(m[3])+"."+string(m[4])] {
			return line
		}
		return []byte(fmt.Sprintf("//go:%s %s %s.%s%s", m[1], m[2], m[3], native, m[4]))
	})
}

// addField adds a last field to a struct type: the linker and compiled code know
// the offsets of the first ones.
func addField(src []byte, name, field string) ([]byte, error) {
	start := bytes.Index(src, []byte("\ntype "+name+" struct {\n"))
	if start < 0 {
		return nil, fmt.Errorf("package runtime declares no struct %s where it did", name)
	}
	end := bytes.Index(src[start:], []byte("\n}\n"))
	if end < 0 {
		return nil, fmt.Errorf("struct %s of package runtime has no end", name)
	}
	return insert(src, start+end+1, field), nil
}

// addMark has a channel that a simulated goroutine makes marked with the first
// word of that goroutine's descriptor: its test bubble.
func addMark(src []byte) ([]byte, error) {
	const made = "\n\tc.dataqsiz = uint(size)\n"
	start := bytes.Index(src, []byte("\nfunc makechan("))
	at := bytes.Index(src[max(start, 0):], []byte(made))
	if start < 0 || at < 0 {
		return nil, fmt.Errorf("chan.go makes channels in another way")
	}
	return insert(src, start+at+len(made)-1, "; if p := getg().simgen; p != nil { c.simgen = *(*uint64)(p) }"), nil
}

// returnFromSwitch has coroswitch_m leave it to simgenSwitch to resume who is next.
func returnFromSwitch(src []byte) ([]byte, error) {
	for _, p := range [][2]string{
		{"\t\tif c.gp.cas(next, self) {\n", "if gp != nil && gp.simgenReturn { c.gp = self; gnext = next.ptr(); break }; "},
		{"\tgogo(&gnext.sched)\n", "if gp != nil && gp.simgenReturn { gp.simgenReturn = false; return }; "},
	} {
		at := bytes.Index(src, []byte(p[0]))
		if at < 0 {
			return nil, fmt.Errorf("coro.go switches in another way: nowhere is %q", p[0])
		}
		src = insert(src, at, p[1])
	}
	return src, nil
}

func insert(src []byte, at int, text string) []byte {
	return append(append(append([]byte{}, src[:at]...), text...), src[at:]...)
}

// Pushes renames the definitions that another package of Go's runtime pushes
// to the floor.
func Pushes(t Target, files Files) (Files, error) {
	out, err := GoRuntime(t, files)
	maps.DeleteFunc(out, func(name string, _ []byte) bool { return files[name] == nil })
	return out, err
}

// guards are what functions of the runtime begin with. The first are the doors
// out of the simulation: they name what a program reached that nobody rewrote,
// with a stack, where it would otherwise hang or come out differently some other
// time. The others know of things that the simulation has.
var guards = []struct {
	file, door, guard string
	since             int // first release 1.N that has the door
}{
	{"proc.go", "\nfunc gopark(", " if getg().simgen != nil { simgenPark(reason) };", 0},
	{"proc.go", "\nfunc newproc(", " if getg().simgen != nil { simgenGo(sys.GetCallerPC()) };", 0},
	{"proc.go", "\nfunc reentersyscall(", ` if getg().simgen != nil { throw("simgen: a simulated goroutine made a real system call") };`, 0},

	// With the race detector: the runtime forgets to tell it of the end of a coroutine, which
	// costs memory. And package testing is not to fail a test because of races that the
	// simulation reports itself.
	{"coro.go", "\nfunc coroexit(", " if raceenabled { if gp := getg(); gp.racectx != 0 { racegoend(); gp.racectx = 0 } };", 0},
	{"race.go", "\nfunc RaceErrors(", " return 0 }; func SimgenRaceErrors() int {", 0},

	{"traceback.go", "\nfunc funcNameForPrint(", " if getg().simgen != nil { name = SimgenFuncName(name) };", 0},

	// The builtins print and println.
	{"print.go", "\nfunc gwrite(", " if gp := getg(); gp.simgen != nil && gp.writebuf == nil { SimgenPrint(noescape(unsafe.Pointer(unsafe.SliceData(b))), len(b)); return };", 0},
	{"print.go", "\nfunc printunlock(", " if gp := getg(); gp.simgen != nil && gp.m.printlock == 1 { gp.m.printlock = 0; unlock(&debuglock); SimgenPrinted(); return };", 0},
	{"print.go", "\nfunc printpointer(", " if getg().simgen != nil { printhex(uint64(SimgenAddress(p))); return };", 0},

	{"chan.go", "\nfunc chanlen(", " if c != nil && c.simgenTimer != nil { return 0 };", 0},
	{"chan.go", "\nfunc chancap(", " if c != nil && c.simgenTimer != nil { return 0 };", 0},
	{"mcleanup.go", "\nfunc (c Cleanup) Stop(", " if getg().simgen != nil { SimgenStopped(c.id) };", 0},
	{"mfinal.go", "\nfunc blockUntilEmptyFinalizerQueue(", " if getg().simgen != nil { return SimgenWaitFinalized(timeout) };", 0},
	{"mcleanup.go", "\nfunc (q *cleanupQueue) blockUntilEmpty(", " if getg().simgen != nil { return SimgenWaitFinalized(timeout) };", 25},
	{"malloc_generated.go", "\nfunc mallocgcTinySC2(", " if getg().simgen != nil { return mallocgcSmallNoScanSC2(size, typ, needzero) };", 27},
}

// addGuards puts the guards into a file.
func addGuards(t Target, file string, src []byte) ([]byte, error) {
	for _, g := range guards {
		if g.file != file || t.Release < g.since {
			continue
		}
		start := bytes.Index(src, []byte(g.door))
		if start < 0 {
			return nil, fmt.Errorf("%s declares no%s)", file, strings.TrimPrefix(g.door, "\nfunc"))
		}
		open := bytes.Index(src[start:], []byte("{\n"))
		at := start + open + 1
		src = insert(src, at, g.guard)
	}
	return src, nil
}

// tiny is where the allocator decides to put a small object without pointers
// into one block of memory with others.
var tiny = regexp.MustCompile(`if size < maxTinySize( && gp\.secret == 0)? (\{\n\s*x, elemsize = mallocgcTiny\()`)

// keepTinyApart gives the objects of simulated goroutines memory of their own:
// which others one would share it with, and be kept alive by, depends on the
// host. (Since Go 1.27 most come by way of mallocgcTinySC2, which has a guard.)
func keepTinyApart(src []byte) ([]byte, error) {
	if !tiny.Match(src) {
		return nil, fmt.Errorf("malloc.go chooses the tiny allocator in another way")
	}
	return tiny.ReplaceAll(src, []byte("if size < maxTinySize$1 && getg().simgen == nil $2")), nil
}

// typeNames are where panics name types, by file.
var typeNames = map[string]*regexp.Regexp{
	"error.go": regexp.MustCompile(`toRType\(e\.\w+\)\.string\(\)`),
	"alg.go":   regexp.MustCompile(`toRType\(t\)\.string\(\)`),
}

// nameTypes has a panic's text call types what their program calls them.
func nameTypes(file string, src []byte) ([]byte, error) {
	if !typeNames[file].Match(src) {
		return nil, fmt.Errorf("%s names types in another way", file)
	}
	return typeNames[file].ReplaceAll(src, []byte("SimgenTypeString($0)")), nil
}

// endStacks has Callers and Caller show Go's own functions where a simulated
// goroutine begins.
func endStacks(src []byte) ([]byte, error) {
	for _, call := range []string{"n := callers(", "return callers("} {
		at := bytes.Index(src, []byte(call))
		if at < 0 {
			return nil, fmt.Errorf("extern.go asks for frames in another way: nowhere is %q", call)
		}
		src = bytes.Replace(src, []byte(call), []byte(strings.Replace(call, "callers", "simgenCallers", 1)), 1)
	}
	return src, nil
}

// cleanupWaits are the end of the accessors: before Go 1.25 cleanups run where
// finalizers do.
var cleanupWaits = map[bool]string{
	false: "\nfunc simgenWaitCleanups() {}\n",
	true:  "\nfunc simgenWaitCleanups() {\n\tfor !gcCleanups.blockUntilEmpty(1e9) {\n\t}\n}\n",
}

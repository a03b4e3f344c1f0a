package rewrite

import (
	"strings"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// What packages outside the standard library pull from Go's runtime, by linkname directives or in assembly: what has a simulated equivalent,
// what cannot tell one host from another, and what cannot be.

// pulled lists the functions with a simulated equivalent: statements, in which
// $1 is the first parameter, $R the type of the result, and simgen the runtime.
var pulled = map[string]string{
	"runtime.nanotime":                      "return $R(simgen.Nanotime())",
	"runtime.nanotime1":                     "return $R(simgen.Nanotime())",
	"runtime.cputicks":                      "return $R(simgen.Nanotime())",
	"runtime.traceClockNow":                 "return $R(simgen.Nanotime())",
	"time.runtimeNano":                      "return $R(simgen.Nanotime())",
	"runtime.walltime":                      "return simgen.Walltime()",
	"time.now":                              "sec, nsec := simgen.Walltime(); return sec, nsec, simgen.Nanotime()",
	"runtime.fastrand":                      "return $R(simgen.Rand64())",
	"runtime.cheaprand":                     "return $R(simgen.Rand64())",
	"runtime.cheaprand64":                   "return $R(simgen.Rand64())",
	"runtime.fastrandn":                     "return $R(uint64(uint32(simgen.Rand64())) * uint64($1) >> 32)",
	"runtime.cheaprandn":                    "return $R(uint64(uint32(simgen.Rand64())) * uint64($1) >> 32)",
	"runtime.randn":                         "return $R(uint64(uint32(simgen.Rand64())) * uint64($1) >> 32)",
	"runtime.fastrandu":                     "return $R(simgen.Rand64())",
	"runtime.fastrand64":                    "return $R(simgen.Rand64())",
	"runtime.rand":                          "return $R(simgen.Rand64())",
	"runtime.vgetrandom":                    "return -1, false",
	"runtime.getAuxv":                       "return nil",
	"math/rand.runtime_rand":                "return $R(simgen.Rand64())",
	"math/rand/v2.runtime_rand":             "return $R(simgen.Rand64())",
	"runtime.memhash":                       "return simgen.MemHash($1, $2, $3)",
	"runtime.memhash32":                     "return simgen.MemHash($1, $2, 4)",
	"runtime.memhash64":                     "return simgen.MemHash($1, $2, 8)",
	"runtime.strhash":                       "s := *(*string)($1); return simgen.MemHash(*(*unsafe.Pointer)($1), $2, uintptr(len(s)))",
	"runtime.stringHash":                    "s := $1; return simgen.MemHash(*(*unsafe.Pointer)(unsafe.Pointer(&s)), $2, uintptr(len(s)))",
	"hash/maphash.runtime_memhash":          "return simgen.MemHash($1, $2, $3)",
	"runtime.procPin":                       "return simgen.Pin()",
	"runtime.procUnpin":                     "simgen.Unpin(); return",
	"runtime.procyield":                     "simgen.Point(); return",
	"runtime.osyield":                       "simgen.Gosched(); return",
	"runtime.goyield":                       "simgen.Gosched(); return",
	"runtime.usleep":                        "simgen.Sleep(int64($1) * 1000); return",
	"runtime.throw":                         "simgen.Fatal($1); return",
	"runtime.fatal":                         "simgen.Fatal($1); return",
	"sync.throw":                            "simgen.Fatal($1); return",
	"sync.fatal":                            "simgen.Fatal($1); return",
	"sync.runtime_procPin":                  "return simgen.Pin()",
	"sync.runtime_procUnpin":                "simgen.Unpin(); return",
	"sync/atomic.runtime_procPin":           "return simgen.Pin()",
	"sync/atomic.runtime_procUnpin":         "simgen.Unpin(); return",
	"sync.runtime_canSpin":                  "return false",
	"sync.runtime_doSpin":                   "simgen.Point(); return",
	"sync.runtime_nanotime":                 "return $R(simgen.Nanotime())",
	"sync.runtime_Semacquire":               "simgen.Semacquire($1, false, \"semacquire\"); return",
	"sync.runtime_SemacquireMutex":          "simgen.Semacquire($1, $2, \"semacquire\"); return",
	"sync.runtime_Semrelease":               "simgen.Semrelease($1, $2); return",
	"internal/sync.runtime_nanotime":        "return $R(simgen.Nanotime())",
	"internal/poll.runtime_Semacquire":      "simgen.Semacquire($1, false, \"semacquire\"); return",
	"internal/poll.runtime_Semrelease":      "simgen.Semrelease($1, false); return",
	"os.runtime_args":                       "return simgen.Args()",
	"syscall.runtime_envs":                  "return simgen.Env()",
	"runtime/debug.freeOSMemory":            "simgen.GC(); return",
	"os/signal.signal_ignored":              "return simgen.SignalIgnored($1)",
	"runtime/pprof.runtime_getProfLabel":    "return nil",
	"runtime/pprof.runtime_setProfLabel":    "return",
	"runtime/pprof.runtime_cyclesPerSecond": "return 1e9",
}

// nativePulls are what cannot tell one host from another, with the reason. A name that ends in * is the start of several.
var nativePulls = []struct{ names, reason string }{
	{"runtime.mallocgc runtime.newobject runtime.newarray runtime.makeslice* runtime.growslice runtime.rawbyteslice runtime.rawstring*", "allocates memory of the program"},
	{"runtime.memmove runtime.memclr* runtime.memequal* runtime.typedmem* runtime.typedslicecopy runtime.bulkBarrier* runtime.gcWriteBarrier* " +
		"runtime.wbZero runtime.wbMove runtime.writeBarrier runtime.atomicwb runtime.duffzero runtime.duffcopy runtime.reflect_typed*", "moves memory"},
	{"runtime.makemap* runtime.makechan* runtime.mapaccess* runtime.mapassign* runtime.mapdelete* runtime.mapclear runtime.mapclone runtime.maplen " +
		"runtime.reflect_map* runtime.chanlen runtime.chancap runtime.chanbuf", "one entry of a map, one channel's length"},
	{"runtime.mapiter*", "goes through a map in the host's order: what a program makes of that must not depend on it"},
	{"runtime.conv* runtime.assert* runtime.getitab runtime.efaceeq runtime.ifaceeq runtime.ifaceE2I* runtime.types* runtime.typelinks* " +
		"runtime.resolve* runtime.toRType runtime.getStaticuint64s runtime.staticuint64s runtime.zeroVal", "types and values"},
	{"runtime.cmpstring runtime.concatstring* runtime.slicebyteto* runtime.stringto* runtime.intstring runtime.gobytes runtime.gostring* runtime.findnull* " +
		"runtime.decoderune runtime.countrunes", "strings"},
	{"runtime.panic* runtime.gopanic runtime.gorecover runtime.goPanic* runtime.sigpanic* runtime.overflowError runtime.divideError", "panics of the program"},
	{"runtime.findfunc runtime.findObject runtime.findmoduledatap runtime.func* runtime.Func* runtime.newInlineUnwinder runtime.callers runtime.Callers* " +
		"runtime.firstmoduledata runtime.lastmoduledatap runtime.modulesSlice runtime.activeModules runtime.moduledataverify* runtime.pclntab runtime.etext " +
		"runtime.text runtime.rodata runtime.gcbits* runtime.inHeapOrStack runtime.heapObjectsCanMove", "tables of the executable, and which memory is whose"},
	{"runtime.noescape runtime.add runtime.alignUp runtime.checkptr* runtime.getcallerpc runtime.getcallersp runtime.morestack* runtime.deferreturn " +
		"runtime.reflectcall* runtime.goexit* runtime.abort", "the language's calls"},
	{"runtime.goarm* runtime.x86Has* runtime.arm64Has* runtime.support_* runtime.iscgo runtime.buildVersion* runtime.modinfo " +
		"runtime.raceenabled runtime.physPageSize", "the release, the build and the processor"},
	{"runtime.race* runtime.msan* runtime.asan* runtime.libfuzzer*", "hooks of the detectors"},
	{"runtime/internal/atomic.* internal/runtime/atomic.* runtime/internal/math.* internal/runtime/math.* runtime/internal/sys.* internal/runtime/sys.* " +
		"internal/runtime/maps.*", "operations on memory"},
}

// refusedPulls are what cannot be. What else there is of Go's runtime cannot be either.
var refusedPulls = []struct{ names, why string }{
	{"runtime.gopark* runtime.goready runtime.ready runtime.newproc* runtime.mcall runtime.gosched_m runtime.systemstack* runtime.stopTheWorld* " +
		"runtime.startTheWorld* runtime.acquirem runtime.newcoro runtime.coroswitch* runtime.netpoll* runtime.addtimer runtime.deltimer runtime.startTimer " +
		"runtime.stopTimer runtime.resetTimer runtime.notetsleep* runtime.lock2 runtime.casgstatus " +
		"time.startTimer time.stopTimer time.resetTimer time.newTimer internal/poll.runtime_poll* sync.runtime_notifyList* sync.runtime_registerPoolCleanup",
		"does not know simulated goroutines"},
	{"syscall.raw* syscall.forkAndExec* syscall.runtime_* syscall.cgocaller runtime/internal/syscall.* internal/runtime/syscall* runtime.entersyscall* " +
		"runtime.exitsyscall* runtime.reentersyscall runtime.write* runtime.read runtime.open runtime.closefd runtime.fcntl runtime.exit* runtime.mmap runtime.munmap " +
		"runtime.madvise runtime.sys* runtime.rt_sig* runtime.raise* runtime.tgkill runtime.clone* runtime.futex* runtime.pipe2 runtime.epoll*",
		"calls the host's kernel"},
	{"runtime.cgo* runtime.asmcgocall* runtime._cgo* runtime.libcCall runtime.set_crosscall2", "calls C code"},
}

// refusedPull says why a symbol of Go's runtime cannot be pulled; "" if it can.
func refusedPull(symbol string) string {
	if pulled[symbol] != "" {
		return ""
	}
	for _, r := range nativePulls {
		if oneOf(symbol, r.names) {
			return ""
		}
	}
	for _, r := range refusedPulls {
		if oneOf(symbol, r.names) {
			return r.why
		}
	}
	i := strings.LastIndexByte(symbol, '.')
	if i < 0 {
		return ""
	}
	pkg := symbol[:i]
	if pkg == "runtime" || strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/runtime/") {
		return "is about the host's process"
	}
	for _, row := range floor.Rows {
		if row.Pkg == pkg && row.Func == symbol[i+1:] && row.Kind == floor.Replace {
			return "is what the simulation replaces"
		}
	}
	return ""
}

func oneOf(s, names string) bool {
	for _, name := range strings.Fields(names) {
		prefix, several := strings.CutSuffix(name, "*")
		if s == name || several && strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

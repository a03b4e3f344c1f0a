package floor

import "strings"

// A Fate is what becomes, in a simulation, of something that is about the host's process.
type Fate string

const (
	Simulated Fate = "simulated"    // the simulated process's own
	Nothing   Fate = "does nothing" // nor does it fail
	Fails     Fate = "fails"        // with an error that says why
	Refused   Fate = "refused"      // by check and build, with a position
	AsItIs    Fate = "as it is"     // cannot tell one host from another, or reaches nothing of it
)

// A HostRow is about functions, methods and variables that reach the kernel, or the memory, the threads or the descriptors of the host's
// process, other than by a system call that the simulated kernel answers.
type HostRow struct {
	Pkg   string // import path; "" for what is no package's
	Names string // separated by blanks; Type.* are all methods of a type; * is all that has no row of its own
	Fate  Fate
	Says  string // what a program sees

	// By is the function of a row that does it, of the same package, where it has another name. "runtime" is the patched package
	// runtime. It is empty for functions of package runtime, which calls of package rewrite's runtimecalls do without.
	By string
}

// Host lists them. Every exported function, method and variable of a package that has a row has one. docs/host.md is printed from it.
var Host = []HostRow{
	{"", "assembly", Refused, "`SYSCALL`, `SYSENTER` and `INT` (`SVC` on arm64), also as bytes, and functions of Go's runtime that are refused under linked names, " +
		"in a package outside of the standard library. The assembly of golang.org/x/sys/unix is replaced", ""},
	{"", "cgo", Refused, "C code is compiled, not rewritten; so is a `//go:cgo_import_dynamic` directive, which links C libraries without cgo", ""},
	{"", "//go:linkname", Refused, "what of Go's runtime neither has a simulated equivalent nor only looks at memory and types (rewrite/pulls.go has both)", ""},
	{"", "unsafe", AsItIs, "memory is the worker's: a wild write can do anything, and a fault that Go does not turn into a panic ends the worker and fails the seed", ""},
	{"", "machine code made at run time", AsItIs, "a just-in-time compiler's code is not looked at: it must not contain a system call", ""},
	{"", "RDTSC, RDRAND, RDSEED", AsItIs, "the processor's clock and random numbers, in a package's own assembly: `check` warns, because a seed may run differently each time", ""},
	{"", "CPUID", AsItIs, "which instructions the processor has: a program that computes something else with other instructions runs differently on another machine", ""},

	{"runtime", "Gosched", Simulated, "yields to a goroutine that the seed chooses", ""},
	{"runtime", "NumGoroutine GoroutineProfile Stack", Simulated, "the process's own goroutines, by their own numbers, states and creators", ""},
	{"runtime", "GOMAXPROCS NumCPU SetDefaultGOMAXPROCS", Simulated, "4 processors; the setting is the process's own and changes nothing", ""},
	{"runtime", "GC SetFinalizer AddCleanup", Simulated, "the collections of a process are those that it asks for", ""},
	{"runtime", "Cleanup.Stop", Simulated, "see AddCleanup", "runtime"},
	{"runtime", "Goexit", Simulated, "ends the simulated goroutine", ""},
	{"runtime", "ReadMemStats", Simulated, "sizes that fit together and do not change", ""},
	{"runtime", "GOROOT", Simulated, "`$GOROOT` of the process's environment, or the one that the executable was built with", ""},
	{"runtime", "MemProfileRate", Simulated, "the process's own variable; 512 KB when it starts", ""},
	{"runtime", "Breakpoint", Simulated, "ends the process with SIGTRAP: no debugger is attached", ""},
	{"runtime", "LockOSThread UnlockOSThread", Nothing, "simulated goroutines share one thread", ""},
	{"runtime", "MemProfile BlockProfile MutexProfile", Nothing, "profiles without records: what the host allocates and waits for is not the program's", ""},
	{"runtime", "ThreadCreateProfile", Simulated, "a thread for each processor, without stacks", ""},
	{"runtime", "NumCgoCall", Nothing, "always 0", ""},
	{"runtime", "SetCPUProfileRate SetBlockProfileRate SetMutexProfileFraction", Nothing, "the profile would be the host's; the mutex fraction is 0", ""},
	{"runtime", "SetCgoTraceback", Nothing, "there are no C frames", ""},
	{"runtime", "StartTrace", Fails, "tracing is not available", ""},
	{"runtime", "StopTrace ReadTrace", Nothing, "there is no trace; ReadTrace is at its end", ""},
	{"runtime", "Caller Callers", Simulated, "frames of the program, with Go's own at the end in place of the simulator's", "runtime"},
	{"runtime", "FuncForPC Func.Name", Simulated, "names with `main` for a main package", "runtime"},
	{"runtime", "CallersFrames Frames.Next Func.Entry Func.FileLine Version", AsItIs, "tables of the executable", ""},
	{"runtime", "KeepAlive Pinner.*", AsItIs, "memory of the program", ""},
	{"runtime", "CPUProfile", AsItIs, "panics, as it always does", ""},
	{"runtime", "PanicNilError.* TypeAssertionError.* MemProfileRecord.* StackRecord.*", AsItIs, "values", ""},

	{"runtime/cgo", "NewHandle Handle.* Incomplete.*", AsItIs, "a table in the program's memory; C code is refused", ""},

	{"runtime/coverage", "*", Fails, "the executable is not built for coverage", ""},

	{"runtime/debug", "SetGCPercent SetMemoryLimit SetMaxStack SetMaxThreads", Nothing, "returns Go's default; the collector and the limits are the simulator's", ""},
	{"runtime/debug", "FreeOSMemory", Simulated, "as runtime.GC", ""},
	{"runtime/debug", "ReadGCStats", Simulated, "the collections that the process asked for, without pauses", "readGCStats"},
	{"runtime/debug", "Stack PrintStack", Simulated, "as runtime.Stack", "Stack"},
	{"runtime/debug", "WriteHeapDump", Nothing, "the heap and the descriptor would be the worker's", ""},
	{"runtime/debug", "SetCrashOutput", Nothing, "a fatal error of the worker is not the program's", "runtime_setCrashFD"},
	{"runtime/debug", "SetTraceback", Nothing, "how the worker dies is not the program's business", ""},
	{"runtime/debug", "SetPanicOnFault", Simulated, "of the simulated goroutine", "setPanicOnFault"},
	{"runtime/debug", "ReadBuildInfo ParseBuildInfo BuildInfo.*", AsItIs, "the modules of the executable that simulates: main is the test's or the server's", ""},

	{"runtime/metrics", "Read", Simulated, "sizes that do not change, as of runtime.ReadMemStats", ""},
	{"runtime/metrics", "All Value.*", AsItIs, "descriptions and values", ""},

	{"runtime/pprof", "StartCPUProfile", Fails, "the profile would be of the simulator", ""},
	{"runtime/pprof", "StopCPUProfile", Nothing, "there is no profile", "StartCPUProfile"},
	{"runtime/pprof", "WriteHeapProfile", Nothing, "a profile without records", "pprof_memProfileInternal"},
	{"runtime/pprof", "Lookup Profiles Profile.*", Simulated, "`goroutine` has the process's own, `threadcreate` 4 threads without stacks; `heap`, `allocs`, `block` and `mutex` have no records", "pprof_goroutineProfileWithLabels"},
	{"runtime/pprof", "NewProfile", AsItIs, "a table in the program's memory", ""},
	{"runtime/pprof", "Do SetGoroutineLabels Labels WithLabels Label ForLabels LabelSet.*", AsItIs, "labels are kept, and no profile shows them", ""},

	{"runtime/trace", "Start", Fails, "a trace is of threads and processors, which a simulation does not have", ""},
	{"runtime/trace", "FlightRecorder.Start", Fails, "see Start", ""},
	{"runtime/trace", "Stop IsEnabled NewTask Task.End StartRegion Region.End WithRegion Log Logf", Nothing, "there is no trace", "Start"},
	{"runtime/trace", "NewFlightRecorder FlightRecorder.Enabled FlightRecorder.Stop FlightRecorder.WriteTo", Nothing, "it never runs", "Start"},

	{"os/signal", "Notify NotifyContext Ignore Ignored Reset Stop", Simulated, "signals come from the simulation", "signal_enable"},

	{"plugin", "*", Refused, "the host's linker would load what nobody rewrote", ""},
}

// HostRows are the rows of a package by name, those of all its names behind "*".
func HostRows(pkg string) map[string]HostRow {
	rows := map[string]HostRow{}
	for _, r := range Host {
		if r.Pkg != pkg {
			continue
		}
		for _, name := range strings.Fields(r.Names) {
			rows[name] = r
		}
	}
	return rows
}

package floor

// A Kind says where a row's code goes.
type Kind int

const (
	// Replace runs Code instead of the function when the goroutine is
	// simulated. Code is the list of results, or a statement for a
	// function without results; empty Code does nothing. $1, $2, ... are
	// the parameters and $0 is the receiver.
	Replace Kind = iota

	// Before runs Code at the start of the function, simulated or not.
	Before

	// After runs Code at the end of a function without results.
	After

	// Instead puts Code in the place of the expression Expr wherever that stands
	// in the function, simulated or not.
	Instead

	// Field adds Code as the last field of the struct type Func.
	Field
)

// A Row is one function of the standard library that is not what it seems
// inside a simulation.
type Row struct {
	Pkg    string // import path
	Func   string // "Sleep", "Pool.Get" (methods without pointer or parameters), or a type for Field
	Kind   Kind
	Code   string
	Expr   string // for Instead: an expression of the function, as it is written there
	Reason string

	// Since and Until bound the Go releases (1.N) in which the function
	// exists, inclusive. Zero means no bound.
	Since, Until int

	// Arch is the one GOARCH that has the function, "" for all.
	Arch string

	// File restricts the row to files of that name, for functions that
	// exist in several variants of which only one is compiled. Where build
	// tags leave the file out, the row has nothing to do.
	File string
}

// Rows is the floor.
var Rows = []Row{
	// Semaphores: every blocking path of Mutex, RWMutex, WaitGroup, Once and Pool ends in one of these.
	{Pkg: "internal/sync", Func: "runtime_SemacquireMutex", Code: "simgen.Semacquire($1, $2, \"sync.Mutex.Lock\")", Reason: "a blocked Mutex.Lock parks the simulated goroutine"},
	{Pkg: "internal/sync", Func: "runtime_Semrelease", Code: "simgen.Semrelease($1, $2)", Reason: "Mutex.Unlock readies a simulated goroutine"},
	{Pkg: "internal/sync", Func: "runtime_canSpin", Code: "false", Reason: "one simulated goroutine runs at a time, so spinning never helps"},
	{Pkg: "internal/sync", Func: "runtime_nanotime", Code: "simgen.Nanotime()", Reason: "mutex starvation is decided on the simulated clock"},
	{Pkg: "internal/sync", Func: "fatal", Code: "simgen.Fatal($1)", Reason: "unlock of unlocked mutex ends the simulated process, not the simulator"},
	{Pkg: "sync", Func: "runtime_Semacquire", Code: "simgen.Semacquire($1, false, \"semacquire\")", Reason: "blocked WaitGroup.Wait and Pool users park the simulated goroutine"},
	{Pkg: "sync", Func: "runtime_SemacquireWaitGroup", Code: "simgen.Semacquire($1, false, \"sync.WaitGroup.Wait\")", Reason: "WaitGroup.Wait", Until: 24},
	{Pkg: "sync", Func: "runtime_SemacquireWaitGroup", Code: "simgen.SemacquireWaitGroup($1, $2)", Reason: "WaitGroup.Wait", Since: 25},
	{Pkg: "sync", Func: "runtime_SemacquireRWMutexR", Code: "simgen.Semacquire($1, $2, \"sync.RWMutex.RLock\")", Reason: "RWMutex.RLock"},
	{Pkg: "sync", Func: "runtime_SemacquireRWMutex", Code: "simgen.Semacquire($1, $2, \"sync.RWMutex.Lock\")", Reason: "RWMutex.Lock"},
	{Pkg: "sync", Func: "runtime_Semrelease", Code: "simgen.Semrelease($1, $2)", Reason: "RWMutex and WaitGroup wake-ups"},
	{Pkg: "sync", Func: "runtime_notifyListAdd", Code: "simgen.NotifyListAdd(unsafe.Pointer($1))", Reason: "Cond.Wait takes its ticket"},
	{Pkg: "sync", Func: "runtime_notifyListWait", Code: "simgen.NotifyListWait(unsafe.Pointer($1), $2)", Reason: "Cond.Wait parks the simulated goroutine"},
	{Pkg: "sync", Func: "runtime_notifyListNotifyAll", Code: "simgen.NotifyListNotifyAll(unsafe.Pointer($1))", Reason: "Cond.Broadcast"},
	{Pkg: "sync", Func: "runtime_notifyListNotifyOne", Code: "simgen.NotifyListNotifyOne(unsafe.Pointer($1))", Reason: "Cond.Signal"},
	{Pkg: "sync", Func: "fatal", Code: "simgen.Fatal($1)", Reason: "misuse of a lock ends the simulated process, not the simulator"},
	{Pkg: "sync", Func: "runtime_registerPoolCleanup", Code: "", Reason: "a simulated process must not touch the garbage collector's pool hook"},
	{Pkg: "sync", Func: "runtime_procPin", Code: "simgen.Pin()", Reason: "a coroutine that is pinned to a real processor takes others with it"},
	{Pkg: "sync", Func: "runtime_procUnpin", Code: "simgen.Unpin()", Reason: "see runtime_procPin"},

	// Places where another goroutine could run although nothing blocks.
	{Pkg: "sync", Func: "Mutex.Lock", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may take the lock first"},
	{Pkg: "sync", Func: "Mutex.TryLock", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may take the lock first"},
	{Pkg: "sync", Func: "Mutex.Unlock", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may find the lock taken, even if nothing was done under it that is a place to switch"},
	{Pkg: "sync", Func: "Mutex.Unlock", Kind: After, Code: "simgen.Point()", Reason: "another goroutine may run right after the release"},
	{Pkg: "sync", Func: "RWMutex.Lock", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may take the lock first"},
	{Pkg: "sync", Func: "RWMutex.RLock", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may take the lock first"},
	{Pkg: "sync", Func: "RWMutex.Unlock", Kind: After, Code: "simgen.Point()", Reason: "another goroutine may run right after the release"},
	{Pkg: "sync", Func: "RWMutex.RUnlock", Kind: After, Code: "simgen.Point()", Reason: "another goroutine may run right after the release"},
	{Pkg: "sync", Func: "Cond.Signal", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may begin to wait first"},
	{Pkg: "sync", Func: "Cond.Broadcast", Kind: Before, Code: "simgen.Point()", Reason: "another goroutine may begin to wait first"},
	{Pkg: "sync", Func: "Cond.Signal", Kind: After, Code: "simgen.Point()", Reason: "who was woken may run first"},
	{Pkg: "sync", Func: "Cond.Broadcast", Kind: After, Code: "simgen.Point()", Reason: "who was woken may run first"},
	{Pkg: "sync", Func: "WaitGroup.Add", Kind: After, Code: "simgen.Point()", Reason: "who was woken may run first"},

	// sync.Pool and sync.Map.
	{Pkg: "sync", Func: "Pool", Kind: Field, Code: "simgen *simgenPool", Reason: "what a simulated process has put back; the native per-P lists depend on threads and on the garbage collector"},
	{Pkg: "sync", Func: "Pool.Get", Code: "$0.simgenGet()", Reason: "which item comes back must not depend on threads or on the garbage collector"},
	{Pkg: "sync", Func: "Pool.Put", Code: "$0.simgenPut($1)", Reason: "see Pool.Get"},
	{Pkg: "sync", Func: "Map.Range", Code: "$0.simgenRange($1)", Reason: "the hash trie orders by a seed of the host process"},
	{Pkg: "sync", Func: "Map.Load", Kind: Before, Code: "simgen.Point(); defer simgen.Resume(simgen.Hold())", Reason: "how many atomics a lookup passes depends on the hash, which is keyed by the host process: the operation is one place to switch"},
	{Pkg: "sync", Func: "Map.Store", Kind: Before, Code: "simgen.MapKey($1); simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load; gives pointer keys the identity by which Range orders them"},
	{Pkg: "sync", Func: "Map.LoadOrStore", Kind: Before, Code: "simgen.MapKey($1); simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load; see Map.Store"},
	{Pkg: "sync", Func: "Map.LoadAndDelete", Kind: Before, Code: "simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load"},
	{Pkg: "sync", Func: "Map.Delete", Kind: Before, Code: "simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load"},
	{Pkg: "sync", Func: "Map.Swap", Kind: Before, Code: "simgen.MapKey($1); simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load; see Map.Store"},
	{Pkg: "sync", Func: "Map.CompareAndSwap", Kind: Before, Code: "simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load"},
	{Pkg: "sync", Func: "Map.CompareAndDelete", Kind: Before, Code: "simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load"},
	{Pkg: "sync", Func: "Map.Clear", Kind: Before, Code: "simgen.Point(); defer simgen.ResumeAndPoint(simgen.Hold())", Reason: "see Map.Load"},
	{Pkg: "unique", Func: "Make", Kind: Before, Code: "if g := simgen.Enter(); g != nil { defer simgen.Leave(g) }", Reason: "the table is shared by all processes and all runs, so it must not be a place to switch"},

	// Package reflect.
	{Pkg: "reflect", Func: "chanrecv", Code: "simgenRecv($1, $2, $3)", Reason: "what Value.Recv and TryRecv wait for comes from simulated goroutines"},
	{Pkg: "reflect", Func: "chansend0", Code: "simgenSend($1, $2, $3)", Reason: "what Value.Send and TrySend wait for comes from simulated goroutines"},
	{Pkg: "reflect", Func: "chanclose", Code: "simgenClose($1)", Reason: "wakes simulated goroutines"},
	{Pkg: "reflect", Func: "rselect", Code: "simgenSelect($1)", Reason: "the simulated select"},
	{Pkg: "reflect", Func: "Value.SetMapIndex", Kind: Before, Code: "simgenMapKey($1)", Reason: "gives pointer keys the identity by which ranges order them"},
	{Pkg: "reflect", Func: "Value.MapKeys", Code: "$0.simgenMapKeys()", Reason: "the native order is drawn by the host process"},
	{Pkg: "reflect", Func: "MapIter", Kind: Field, Code: "simgen *simgenMapIter", Reason: "the entries in seeded order"},
	{Pkg: "reflect", Func: "MapIter.Next", Code: "$0.simgenNext()", Reason: "the native order is drawn by the host process"},
	{Pkg: "reflect", Func: "MapIter.Reset", Kind: Before, Code: "$0.simgen = nil", Reason: "see MapIter.Next"},
	{Pkg: "reflect", Func: "MapIter.Key", Kind: Before, Code: "if $0.simgen != nil { return $0.simgen.entry(\"MapIter.Key\").key }", Reason: "see MapIter.Next"},
	{Pkg: "reflect", Func: "MapIter.Value", Kind: Before, Code: "if $0.simgen != nil { return $0.simgen.entry(\"MapIter.Value\").value }", Reason: "see MapIter.Next"},
	{Pkg: "reflect", Func: "Value.SetIterKey", Kind: Before, Code: "if $1.simgen != nil { $0.Set($1.Key()); return }", Reason: "see MapIter.Next"},
	{Pkg: "reflect", Func: "Value.SetIterValue", Kind: Before, Code: "if $1.simgen != nil { $0.Set($1.Value()); return }", Reason: "see MapIter.Next"},

	// Names. A main package is not called main where it is imported, see rewrite/mainpkg.go; its program sees that
	// it is. Inside package reflect, names stay as they are: types are looked up by them.
	{Pkg: "reflect", Func: "rtype.String", Code: "simgen.TypeString($0.simgenString())", Reason: "main.T"},
	{Pkg: "reflect", Func: "rtype.PkgPath", Kind: Instead, Expr: "t.nameOff(ut.PkgPath).Name()", Code: "simgen.PkgPath(t.nameOff(ut.PkgPath).Name())", Reason: "see rtype.String"},
	{Pkg: "reflect", Func: "structType.Field", Kind: Instead, Expr: "t.PkgPath.Name()", Code: "simgen.PkgPath(t.PkgPath.Name())", Reason: "see rtype.String"},
	{Pkg: "reflect", Func: "interfaceType.Method", Kind: Instead, Expr: "t.PkgPath.Name()", Code: "simgen.PkgPath(t.PkgPath.Name())", Reason: "see rtype.String"},
	{Pkg: "reflect", Func: "interfaceType.Method", Kind: Instead, Expr: "pkgPath(pname)", Code: "simgen.PkgPath(pkgPath(pname))", Reason: "see rtype.String"},
	{Pkg: "reflect", Func: "runtimeStructField", Kind: Before, Code: "$1.PkgPath = simgen.ImportPath($1.PkgPath)", Reason: "the way back from structType.Field"},
	{Pkg: "reflect", Func: "stringFor", Code: "toRType($1).simgenString()", Reason: "the names that types are looked up by"},
	{Pkg: "reflect", Func: "rtype.ptrTo", Kind: Instead, Expr: "t.String()", Code: "t.simgenString()", Reason: "see stringFor"},
	{Pkg: "reflect", Func: "elem", Kind: Instead, Expr: "stringFor(t)", Code: "toRType(t).String()", Reason: "the text of a panic; see rtype.String"},
	{Pkg: "reflect", Func: "MapOf", Kind: Instead, Expr: `"reflect.MapOf: invalid key type " + stringFor(ktyp)`, Code: `"reflect.MapOf: invalid key type " + toRType(ktyp).String()`, Reason: "the text of a panic; see rtype.String"},
	{Pkg: "reflect", Func: "Value.assignTo", Kind: Instead, Expr: "stringFor(v.typ())", Code: "toRType(v.typ()).String()", Reason: "the text of a panic; see rtype.String"},
	{Pkg: "reflect", Func: "Value.assignTo", Kind: Instead, Expr: "stringFor(dst)", Code: "toRType(dst).String()", Reason: "the text of a panic; see rtype.String"},
	{Pkg: "reflect", Func: "Value.Convert", Kind: Instead, Expr: "stringFor(v.typ())", Code: "toRType(v.typ()).String()", Reason: "the text of a panic; see rtype.String"},
	{Pkg: "context", Func: "contextName", Kind: Instead, Expr: "reflectlite.TypeOf(c).String()", Code: "simgen.TypeString(reflectlite.TypeOf(c).String())", Reason: "see rtype.String; reflectlite is below the simulation"},
	{Pkg: "context", Func: "stringify", Kind: Instead, Expr: "reflectlite.TypeOf(v).String()", Code: "simgen.TypeString(reflectlite.TypeOf(v).String())", Reason: "see contextName"},

	// Weak pointers.
	{Pkg: "weak", Func: "runtime_registerWeakPointer", Code: "simgenRegister($1)", Reason: "the host's collections must not show"},

	// iter.Pull runs its function on a coroutine of its own with the caller's simulated identity.
	{Pkg: "iter", Func: "newcoro", Code: "simgenNewcoro($1)", Reason: "the coroutine acts as the simulated goroutine that pulls"},
	{Pkg: "iter", Func: "coroswitch", Code: "simgenNative_coroswitch($1); simgen.Adopt()", Reason: "next may be called from another goroutine than before"},

	// Time.
	{Pkg: "time", Func: "Sleep", Code: "simgen.Sleep(int64($1))", Reason: "virtual time"},
	{Pkg: "time", Func: "newTimer", Code: "(*Timer)(simgen.NewTimer($1, $2, $3, $4, $5))", Reason: "virtual time"},
	{Pkg: "time", Func: "syncTimer", Kind: Before, Code: `if simgen.Simulated() && asynctimerchan.Value() == "2" { return nil }`, Reason: "with this setting, too, a channel is what it was before Go 1.23: one that the timer knows nothing about", Until: 26},
	{Pkg: "time", Func: "stopTimer", Code: "simgen.StopTimer(unsafe.Pointer($1))", Reason: "virtual time"},
	{Pkg: "time", Func: "resetTimer", Code: "simgen.ResetTimer(unsafe.Pointer($1), $2, $3)", Reason: "virtual time"},
	{Pkg: "time", Func: "now", Code: "simgenNow()", Reason: "virtual time, on the clock of the process's node"},
	{Pkg: "time", Func: "runtimeNow", Code: "simgenRuntimeNow()", Reason: "virtual time, on the clock of the process's node or of a test bubble"},
	{Pkg: "time", Func: "runtimeNano", Code: "simgen.TimeNano()", Reason: "virtual time, or that of a test bubble"},
	{Pkg: "crypto/internal/fips140deps/time", Func: "monoTime", Code: "simgen.Nanotime()", Reason: "virtual time", Since: 27},

	// Test bubbles.
	{Pkg: "internal/synctest", Func: "Run", Code: "simgen.BubbleRun($1)", Reason: "a bubble of simulated goroutines, with a clock of its own", Since: 25},
	{Pkg: "internal/synctest", Func: "Wait", Code: "simgen.BubbleWait()", Reason: "the simulation knows who is blocked", Since: 25},
	{Pkg: "internal/synctest", Func: "IsInBubble", Code: "simgen.InBubble()", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "associate", Code: "simgen.BubbleAssociate($1)", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "disassociate", Code: "simgen.BubbleDisassociate($1)", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "isAssociated", Code: "simgen.BubbleAssociated($1)", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "acquire", Code: "simgen.BubbleAcquire()", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "release", Code: "simgen.BubbleRelease($1)", Reason: "see Run", Since: 25},
	{Pkg: "internal/synctest", Func: "inBubble", Code: "simgen.BubbleEnter($1, $2)", Reason: "see Run", Since: 25},
	{Pkg: "time", Func: "runtimeIsBubbled", Code: "simgen.InBubble()", Reason: "differences of times are on the wall clock in a bubble", Since: 25},

	// The network poller.
	{Pkg: "internal/poll", Func: "runtimeNano", Code: "simgen.Nanotime()", Reason: "deadlines are on the simulated clock"},
	{Pkg: "internal/poll", Func: "runtime_Semacquire", Code: "simgen.Semacquire($1, false, \"semacquire\")", Reason: "fdMutex"},
	{Pkg: "internal/poll", Func: "runtime_Semrelease", Code: "simgen.Semrelease($1, false)", Reason: "fdMutex"},
	{Pkg: "internal/poll", Func: "runtime_pollServerInit", Code: "", Reason: "there is no epoll descriptor inside the simulation"},
	{Pkg: "internal/poll", Func: "runtime_pollOpen", Code: "simgen.PollOpen($1)", Reason: "readiness comes from the simulated kernel"},
	{Pkg: "internal/poll", Func: "runtime_pollClose", Code: "simgen.PollClose($1)", Reason: "readiness comes from the simulated kernel"},
	{Pkg: "internal/poll", Func: "runtime_pollReset", Code: "simgen.PollReset($1, $2)", Reason: "readiness comes from the simulated kernel"},
	{Pkg: "internal/poll", Func: "runtime_pollWait", Code: "simgen.PollWait($1, $2)", Reason: "parks the simulated goroutine until the descriptor is ready"},
	{Pkg: "internal/poll", Func: "runtime_pollWaitCanceled", Code: "simgen.PollWaitCanceled($1, $2)", Reason: "see runtime_pollWait"},
	{Pkg: "internal/poll", Func: "runtime_pollSetDeadline", Code: "simgen.PollSetDeadline($1, $2, $3)", Reason: "deadlines are on the simulated clock"},
	{Pkg: "internal/poll", Func: "runtime_pollUnblock", Code: "simgen.PollUnblock($1)", Reason: "closing wakes simulated goroutines"},
	{Pkg: "internal/poll", Func: "runtime_isPollServerDescriptor", Code: "false", Reason: "there is no epoll descriptor inside the simulation"},

	// System calls.
	{Pkg: "syscall", Func: "Syscall", Code: "simgenSyscall($1, $2, $3, $4, 0, 0, 0)", Reason: "the simulated kernel answers"},
	{Pkg: "syscall", Func: "Syscall6", Code: "simgenSyscall($1, $2, $3, $4, $5, $6, $7)", Reason: "the simulated kernel answers"},
	{Pkg: "syscall", Func: "RawSyscall", Code: "simgenSyscall($1, $2, $3, $4, 0, 0, 0)", Reason: "the simulated kernel answers"},
	{Pkg: "syscall", Func: "RawSyscall6", Code: "simgenSyscall($1, $2, $3, $4, $5, $6, $7)", Reason: "the simulated kernel answers"},
	{Pkg: "syscall", Func: "AllThreadsSyscall", Code: "simgenSyscall($1, $2, $3, $4, 0, 0, 0)", Reason: "a simulated process has no threads of its own"},
	{Pkg: "syscall", Func: "AllThreadsSyscall6", Code: "simgenSyscall($1, $2, $3, $4, $5, $6, $7)", Reason: "see AllThreadsSyscall"},
	{Pkg: "syscall", Func: "Getpid", Code: "simgenGet(SYS_GETPID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Getppid", Code: "simgenGet(SYS_GETPPID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Gettid", Code: "simgenGet(SYS_GETTID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Getuid", Code: "simgenGet(SYS_GETUID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Geteuid", Code: "simgenGet(SYS_GETEUID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Getgid", Code: "simgenGet(SYS_GETGID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Getegid", Code: "simgenGet(SYS_GETEGID)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "Umask", Code: "simgenUmask($1)", Reason: "calls rawSyscallNoError, which a forked child needs as it is"},
	{Pkg: "syscall", Func: "gettimeofday", Code: "simgenGettimeofday($1)", Reason: "virtual time", Arch: "amd64"},
	{Pkg: "syscall", Func: "forkAndExecInChild", Code: "0, simgenErrno(SYS_CLONE)", Reason: "a simulated process cannot start a real one"},
	{Pkg: "syscall", Func: "runtime_envs", Code: "simgen.Env()", Reason: "each simulated process has its own environment"},
	{Pkg: "syscall", Func: "Exit", Code: "simgen.Exit($1)", Reason: "ends the simulated process, not the simulator"},
	{Pkg: "syscall", Func: "runtimeSetenv", Code: "simgen.EnvironChanged($1, $2)", Reason: "the host process's environment stays as it is; internal/godebug follows the simulated one"},
	{Pkg: "syscall", Func: "runtimeUnsetenv", Code: "simgen.EnvironChanged($1, \"\")", Reason: "see runtimeSetenv"},
	{Pkg: "syscall", Func: "runtimeClearenv", Code: "simgen.EnvironChanged(\"GODEBUG\", \"\")", Reason: "see runtimeSetenv", Since: 26},
	{Pkg: "internal/syscall/unix", Func: "fcntl", Code: "simgenFcntl($1, $2, $3)", Reason: "the simulated kernel answers"},
	{Pkg: "internal/syscall/unix", Func: "vgetrandom", Code: "-1, false", Reason: "randomness comes from the simulated getrandom system call"},

	// Process.
	{Pkg: "os", Func: "runtime_args", Code: "simgen.Args()", Reason: "each simulated process has its own arguments"},
	{Pkg: "os", Func: "runtime_beforeExit", Code: "", Reason: "flushes coverage and race reports of the host process"},
	{Pkg: "os", Func: "sigpipe", Code: "simgen.Exit(141)", Reason: "writing to a closed standard output ends the simulated process"},
	{Pkg: "os", Func: "ignoreSIGSYS", Code: "", Reason: "signal handlers belong to the host process"},
	{Pkg: "os", Func: "restoreSIGSYS", Code: "", Reason: "signal handlers belong to the host process"},
	{Pkg: "os/signal", Func: "signal_disable", Code: "simgen.SignalDisable($1)", Reason: "signals are sent by the simulation"},
	{Pkg: "os/signal", Func: "signal_enable", Code: "simgen.SignalEnable($1)", Reason: "signals are sent by the simulation"},
	{Pkg: "os/signal", Func: "signal_ignore", Code: "simgen.SignalIgnore($1)", Reason: "signals are sent by the simulation"},
	{Pkg: "os/signal", Func: "signal_ignored", Code: "simgen.SignalIgnored($1)", Reason: "signals are sent by the simulation"},
	{Pkg: "os/signal", Func: "signal_recv", Code: "simgen.SignalRecv()", Reason: "parks the simulated goroutine until a signal comes"},
	{Pkg: "os/signal", Func: "signalWaitUntilIdle", Code: "simgen.SignalWaitUntilIdle()", Reason: "signals are sent by the simulation"},
	{Pkg: "internal/godebug", Func: "setUpdate", Code: "simgen.GodebugUpdate($1)", Reason: "each simulated process has its own environment; the runtime keeps only one update function"},
	{Pkg: "internal/godebug", Func: "write", Code: "simgen.Write($2, $3)", Reason: "what bisecting a setting prints goes to the process's standard error"},
	{Pkg: "internal/godebug", Func: "registerMetric", Code: "", Reason: "the runtime's metrics belong to the host process"},
	{Pkg: "internal/godebug", Func: "setNewIncNonDefault", Code: "", Reason: "the runtime's metrics belong to the host process"},

	{Pkg: "runtime/debug", Func: "SetGCPercent", Code: "100", Reason: "a simulated server must not tune the simulator's garbage collector"},
	{Pkg: "runtime/debug", Func: "SetMemoryLimit", Code: "1<<63 - 1", Reason: "a simulated server must not tune the simulator's garbage collector"},
	{Pkg: "runtime/debug", Func: "SetMaxStack", Code: "1000000000", Reason: "a simulated server must not limit the simulator"},
	{Pkg: "runtime/debug", Func: "SetMaxThreads", Code: "10000", Reason: "a simulated server must not limit the simulator"},
	{Pkg: "runtime/debug", Func: "WriteHeapDump", Code: "", Reason: "the heap is the host process's, and so would be the descriptor: nothing is written"},
	{Pkg: "runtime/debug", Func: "runtime_setCrashFD", Code: "^uintptr(0)", Reason: "a fatal error of the host process is not the program's: SetCrashOutput does nothing"},
	{Pkg: "runtime/debug", Func: "SetTraceback", Code: "", Reason: "how the host process dies is its own business"},
	{Pkg: "runtime/debug", Func: "setPanicOnFault", Code: "simgen.PanicOnFault($1)", Reason: "of the simulated goroutine, not of those that use its coroutine afterwards"},
	{Pkg: "runtime/debug", Func: "Stack", Kind: Instead, Expr: "runtime.Stack(buf, false)", Code: "simgen.Stack(buf, false)", Reason: "shows the simulated goroutine"},
	{Pkg: "runtime/pprof", Func: "pprof_goroutineProfileWithLabels", Code: "simgenGoroutineProfile($1)", Reason: "shows the process's own goroutines"},
	{Pkg: "runtime/pprof", Func: "pprof_memProfileInternal", Code: "0, true", Reason: "the allocations are the host's"},
	{Pkg: "runtime/pprof", Func: "pprof_blockProfileInternal", Code: "0, true", Reason: "the waits are the host's"},
	{Pkg: "runtime/pprof", Func: "pprof_mutexProfileInternal", Code: "0, true", Reason: "the waits are the host's"},
	{Pkg: "runtime/pprof", Func: "pprof_threadCreateInternal", Code: "simgenThreadCreate($1)", Reason: "the threads are the host's"},
	{Pkg: "runtime/pprof", Func: "pprof_goroutineLeakProfileWithLabels", Code: "0, true", Reason: "the collector that looks for leaks is the host's", Since: 26},
	{Pkg: "runtime/pprof", Func: "runtime_goroutineLeakGC", Code: "", Reason: "see pprof_goroutineLeakProfileWithLabels", Since: 26},
	{Pkg: "runtime/pprof", Func: "runtime_goroutineleakcount", Code: "0", Reason: "see pprof_goroutineLeakProfileWithLabels", Since: 26},
	{Pkg: "runtime/pprof", Func: "pprof_cyclesPerSecond", Code: "1e9", Reason: "the host's clock"},
	{Pkg: "runtime/pprof", Func: "StartCPUProfile", Code: "simgenRefused()", Reason: "the reader of a profile blocks in Go's runtime; the profile would be of the host process"},
	{Pkg: "runtime/trace", Func: "Start", Code: "simgenRefused()", Reason: "the reader of a trace blocks in Go's runtime; the trace would be of the host process"},
	{Pkg: "runtime/trace", Func: "FlightRecorder.Start", Code: "simgenRefused()", Reason: "see Start", Since: 25},
	{Pkg: "runtime/debug", Func: "readGCStats", Code: "simgenReadGCStats($1)", Reason: "the collections of a process are those it asks for, and take no time"},
	{Pkg: "runtime/metrics", Func: "Read", Code: "simgenRead($1)", Reason: "what Go's runtime measures is the host process"},
	{Pkg: "runtime/debug", Func: "FreeOSMemory", Code: "simgen.GC()", Reason: "collects the process's garbage, which is all of it that a program can see"},

	// Tests as programs.
	{Pkg: "testing", Func: "MainStart", Kind: Before, Code: "if simgen.OnTests != nil && !simgen.Simulated() { simgenMainStart($2, $4, $5) }", Reason: "a test executable that runs its tests as simulated programs starts with a list of them"},
	{Pkg: "testing", Func: "AllocsPerRun", Kind: Instead, Expr: "runtime.ReadMemStats(&memstats)", Code: "simgen.HostMemStats(&memstats)", Reason: "counts what the host allocates for the function: the number that the test is about"},
	{Pkg: "testing", Func: "AllocsPerRun", Kind: Instead, Expr: "runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))", Code: "simgen.HostProcs(simgen.HostProcs(1))", Reason: "keeps the rest of the host process, which allocates too, from running meanwhile"},

	// Addresses.
	{Pkg: "fmt", Func: "pp.fmtPointer", Kind: Instead, Expr: "uintptr(value.UnsafePointer())", Code: "simgen.Address(value.UnsafePointer())", Reason: "where the heap lies is the host's business; a printed address stays the same on every run"},

	// Randomness.
	{Pkg: "math/rand", Func: "runtime_rand", Code: "simgen.Rand64()", Reason: "drawn from the seed"},
	{Pkg: "math/rand/v2", Func: "runtime_rand", Code: "simgen.Rand64()", Reason: "drawn from the seed"},
	{Pkg: "net", Func: "runtime_rand", Code: "simgen.Rand64()", Reason: "drawn from the seed"},
	{Pkg: "net", Func: "open", Code: "simgenOpen($1)", Reason: "the buffers are most of what a server allocates when it starts"},
	{Pkg: "os", Func: "runtime_rand", Code: "simgen.Rand64()", Reason: "drawn from the seed"},
	{Pkg: "hash/maphash", Func: "runtime_rand", File: "maphash_runtime.go", Code: "simgen.Rand64()", Reason: "drawn from the seed", Until: 26},
	{Pkg: "hash/maphash", Func: "runtime_rand", Code: "simgen.Rand64()", Reason: "drawn from the seed", Since: 27},
	{Pkg: "hash/maphash", Func: "comparableHash", File: "maphash_runtime.go", Kind: Before, Code: "if simgen.Simulated() { if h, ok := simgen.HashComparable($1, $2.s); ok { return h } }", Reason: "the runtime's hash is keyed by the host process, and hashes addresses", Until: 26},
	{Pkg: "hash/maphash", Func: "comparableHash", Kind: Before, Code: "if simgen.Simulated() { if h, ok := simgen.HashComparable($1, $2.s); ok { return h } }", Reason: "the runtime's hash is keyed by the host process, and hashes addresses", Since: 27},
	{Pkg: "hash/maphash", Func: "runtime_memhash", File: "maphash_runtime.go", Code: "simgen.MemHash($1, $2, $3)", Reason: "the runtime's hash is keyed by the host process", Until: 26},
	{Pkg: "hash/maphash", Func: "runtime_memhash", Code: "simgen.MemHash($1, $2, $3)", Reason: "the runtime's hash is keyed by the host process", Since: 27},
}

// Exempt are the packages that the passes of package rewrite never see,
// besides those that the simulation runtime itself is built on. A row may
// still patch one. Everything that begins with an entry ending in "/" is meant
// too.
var Exempt = []struct{ Path, Reason string }{
	{"simgen", "the simulation runtime"},
	{"simgen/shim", "the simulated machine"},
	{"simgen/shim/", "the simulated machine"},
	{"runtime/debug", "reads and tunes Go's runtime"},
	{"runtime/metrics", "reads Go's runtime"},
	{"runtime/coverage", "coverage of the host process"},
	{"internal/coverage/", "coverage of the host process"},
	{"internal/race", "hooks of the race detector"},
	{"internal/msan", "hooks of the sanitizers"},
	{"internal/asan", "hooks of the sanitizers"},
	{"internal/reflectlite", "imported by the floor's own imports"},
	{"internal/sync", "implements Mutex on semaphores; its state is its callers'"},
	{"internal/synctest", "patched by its rows"},
	{"sync/atomic", "the switch points are put in by rows made from its own declarations"},
	{"unique", "a table shared by all processes by design"},
	{"weak", "patched by its row"},
	{"iter", "patched by its rows"},
}

// IsExempt reports whether the passes of package rewrite leave path alone.
func IsExempt(path string) bool {
	for _, e := range Exempt {
		if path == e.Path || len(e.Path) > 0 && e.Path[len(e.Path)-1] == '/' && len(path) > len(e.Path) && path[:len(e.Path)] == e.Path {
			return true
		}
	}
	return false
}

package runtime

import "runtime"

// What Go's runtime tells about itself (memory, threads, collections) is about the host process, which runs many
// simulated ones and is never the same twice. A simulated process is told what could be said of a small server: sizes that
// fit together and do not change, and the collections that it asked for.

const (
	megabyte = 1 << 20

	heapObjects  = 16 * megabyte // bytes in use
	heapUnused   = 2 * megabyte
	heapFree     = 2 * megabyte
	heapReleased = 4 * megabyte
	heapStacks   = 1 * megabyte
	heapGoal     = 32 * megabyte
	metadata     = 2 * megabyte
	otherMemory  = 1 * megabyte

	heapInUse   = heapObjects + heapUnused
	heapIdle    = heapFree + heapReleased
	totalMemory = heapInUse + heapIdle + heapStacks + metadata + otherMemory

	allocatedBytes   = 64 * megabyte
	allocatedObjects = 500_000
	liveObjects      = 200_000
)

// ReadMemStats is runtime.ReadMemStats.
//
//go:norace
func ReadMemStats(m *runtime.MemStats) {
	if current() == nil {
		runtime.ReadMemStats(m)
		return
	}
	n := uint32(Collections())
	*m = runtime.MemStats{
		Alloc: heapObjects, TotalAlloc: allocatedBytes, Sys: totalMemory,
		Mallocs: allocatedObjects, Frees: allocatedObjects - liveObjects,
		HeapAlloc: heapObjects, HeapSys: heapInUse + heapIdle, HeapIdle: heapIdle, HeapInuse: heapInUse,
		HeapReleased: heapReleased, HeapObjects: liveObjects,
		StackInuse: heapStacks, StackSys: heapStacks, GCSys: metadata, OtherSys: otherMemory,
		NextGC: heapGoal, NumGC: n, NumForcedGC: n, EnableGC: true,
	}
}

// HostMemStats is about the host process. It differs from run to run, so nothing may show it to a program but
// testing.AllocsPerRun, whose result does not, as long as the function it measures does the same.
//
//go:norace
func HostMemStats(m *runtime.MemStats) {
	if current() == nil {
		runtime.ReadMemStats(m)
		return
	}
	kernel(func() { runtime.ReadMemStats(m) })
}

// HostProcs is runtime.GOMAXPROCS of the host process.
//
//go:norace
func HostProcs(n int) (before int) {
	if current() == nil {
		return runtime.GOMAXPROCS(n)
	}
	kernel(func() { before = runtime.GOMAXPROCS(n) })
	return before
}

// Collections is how often the calling process has collected garbage.
//
//go:norace
func Collections() uint64 { return current().process.collections }

// ThreadCreateProfile is runtime.ThreadCreateProfile: a thread for each processor, and nothing known about them.
//
//go:norace
func ThreadCreateProfile(p []runtime.StackRecord) (n int, ok bool) {
	if current() == nil {
		return runtime.ThreadCreateProfile(p)
	}
	if len(p) < numCPU {
		return numCPU, false
	}
	clear(p[:numCPU])
	return numCPU, true
}

// NumCgoCall is runtime.NumCgoCall: there is no C.
//
//go:norace
func NumCgoCall() int64 {
	if current() == nil {
		return runtime.NumCgoCall()
	}
	return 0
}

// Metric is the value of a metric of package runtime/metrics that is a number. Those of which nothing is known are 0.
//
//go:norace
func Metric(name string) uint64 {
	switch name {
	case "/gc/cycles/forced:gc-cycles", "/gc/cycles/total:gc-cycles":
		return Collections()
	case "/gc/gogc:percent":
		return 100
	case "/gc/gomemlimit:bytes":
		return 1<<63 - 1
	case "/gc/heap/allocs:bytes":
		return allocatedBytes
	case "/gc/heap/allocs:objects":
		return allocatedObjects
	case "/gc/heap/frees:bytes":
		return allocatedBytes - heapObjects
	case "/gc/heap/frees:objects":
		return allocatedObjects - liveObjects
	case "/gc/heap/goal:bytes":
		return heapGoal
	case "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes":
		return heapObjects
	case "/gc/heap/objects:objects":
		return liveObjects
	case "/memory/classes/heap/free:bytes":
		return heapFree
	case "/memory/classes/heap/released:bytes":
		return heapReleased
	case "/memory/classes/heap/stacks:bytes":
		return heapStacks
	case "/memory/classes/heap/unused:bytes":
		return heapUnused
	case "/memory/classes/metadata/other:bytes":
		return metadata
	case "/memory/classes/other:bytes":
		return otherMemory
	case "/memory/classes/total:bytes":
		return totalMemory
	case "/sched/gomaxprocs:threads":
		return uint64(GOMAXPROCS(0))
	case "/sched/goroutines:goroutines":
		return uint64(NumGoroutine())
	case "/sched/threads/total:threads":
		return numCPU
	}
	return 0
}

package sim

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/report"
	"github.com/simgen-dev/simgen/sim/runner"
)

// watchdog keeps a seed within its limits, from a goroutine of the host.
//
// It counts the processor time of the process and the memory that is in use after a collection: a seed is judged by what it does, not by
// what else the machine has to do. A seed over a limit is ended at the next step of its scheduler, which is as good as any failure
// of it. One that takes no step, because its code loops, is told with the stack of that loop, and its worker ends.
type watchdog struct {
	limits runner.Limits

	mu      sync.Mutex
	test    string
	seed    uint64
	running bool
	began   time.Duration // of processor time
	ends    time.Duration // when a seed that was interrupted has to be over
	kind    string        // what it was interrupted for; "" if it was not
	message string
}

const (
	watchEvery = 20 * time.Millisecond
	lastSteps  = time.Second // of processor time, for a seed to come to its next step
)

// watch starts a watchdog.
func watch(l runner.Limits) *watchdog {
	w := &watchdog{limits: l}
	go w.look()
	return w
}

func (w *watchdog) begin(test string, seed uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.test, w.seed, w.running, w.kind = test, seed, true, ""
	w.began = processorTime()
}

func (w *watchdog) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running = false
}

func (w *watchdog) look() {
	for range time.Tick(watchEvery) {
		w.mu.Lock()
		if w.running {
			w.judge()
		}
		w.mu.Unlock()
	}
}

func (w *watchdog) judge() {
	now := processorTime()
	switch {
	case w.kind != "" && now > w.ends, w.kind == "memory" && allocated() > uint64(2*w.limits.Memory):
		w.giveUp()
	case w.kind != "":
	case now-w.began > w.limits.Processor:
		w.interrupt(now, "timeout", fmt.Sprintf("the seed has used %v of a processor's time and is not over; -timeout allows more", w.limits.Processor))
	case allocated() > uint64(w.limits.Memory):
		if used := inUse(); used > uint64(w.limits.Memory) {
			w.interrupt(now, "memory", fmt.Sprintf("the seed holds %v of memory, more than the %v it may; -memory allows more", runner.Bytes(used>>20<<20), w.limits.Memory))
		}
	}
}

func (w *watchdog) interrupt(now time.Duration, kind, message string) {
	w.kind, w.message, w.ends = kind, message, now+lastSteps
	rt.Interrupt(kind, message)
}

// giveUp reports the seed for the goroutine that is inside it, and ends the process.
func (w *watchdog) giveUp() {
	stack := runningStack()
	connection.Last(report.SeedResult{
		Test: w.test, Seed: w.seed, Result: report.Fail, WallSeconds: (processorTime() - w.began).Seconds(),
		Failure: &report.Failure{Kind: w.kind, Message: w.message + firstFrame(stack), Stacks: stack, CutOff: true},
	})
	os.Exit(1)
}

// runningStack is the stack of the goroutine that keeps the simulation from taking a step, without the frames of Go's runtime and of the simulation.
func runningStack() string {
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for _, block := range strings.Split(string(buf), "\n\n") {
		header, _, _ := strings.Cut(block, "\n")
		if strings.Contains(header, "[coroutine") || !strings.Contains(block, ".(*worker).loop(") {
			continue // suspended, or no simulated one
		}
		number, _, _ := strings.Cut(header, " [")
		return runner.ProgramFrames(number + " [running]:\n" + block[len(header)+1:])
	}
	return ""
}

// firstFrame says where the innermost frame of a stack is that is not in the standard library.
func firstFrame(stack string) string {
	lines := strings.Split(stack, "\n")
	for i := 1; i+1 < len(lines); i += 2 {
		name, _, _ := strings.Cut(lines[i], "(...")
		if name = strings.TrimSuffix(name, "()"); !rt.Standard(name) || strings.Contains(lines[i+1], "_test.go:") {
			place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
			return "\nit takes no step any more: " + name + " (" + place + ")"
		}
	}
	return ""
}

// processorTime is what all threads of the process have used.
func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allocated is the memory of objects, garbage among them, and of stacks.
func allocated() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

// inUse is the memory that a collection leaves.
func inUse() uint64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse - min(m.HeapAlloc, ballastSize)
}

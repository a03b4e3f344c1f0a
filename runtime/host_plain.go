//go:build !simgen_spliced

package runtime

import (
	"runtime"
	"unsafe"
	"weak"
)

// Spliced says whether this package is part of the standard library and
// switches real coroutines.
const Spliced = false

// The plain host runs the simulation on ordinary goroutines that hand each
// other a baton. It is slow and it leaks killed goroutines (Go cannot end a
// goroutine without its deferred functions, so they stay blocked for ever), but
// it does the same things in the same order as the spliced one.

// plainG is what the running goroutine carries. There is one variable for all
// of them because only one holds the baton; a switch saves and restores it.
var plainG unsafe.Pointer

// plainRunning holds the baton.
var plainRunning *plainThread

type plainThread struct {
	wake chan struct{}
	pcs  [64]uintptr // where it was when it last gave the baton away
	npcs int
}

type plainSlot struct{ held *plainThread }

func hostG() unsafe.Pointer { return plainG }

// hostNoArguments cannot know, and says no.
func hostNoArguments(uintptr) bool { return false }

func hostSetG(p unsafe.Pointer) { plainG = p }

func hostBegin() {
	plainRunning = newPlainThread()
	plainTimers = map[unsafe.Pointer]*timer{}
}

func newPlainThread() *plainThread {
	return &plainThread{wake: make(chan struct{}, 1)}
}

func hostNewCoro(f func()) unsafe.Pointer {
	t := newPlainThread()
	go func() {
		<-t.wake
		plainG = nil
		f()
	}()
	return unsafe.Pointer(&plainSlot{t})
}

func hostSwitch(slot unsafe.Pointer) {
	me, carried := plainRunning, plainG
	me.npcs = runtime.Callers(2, me.pcs[:])
	plainHandOver(slot, me)
	<-me.wake
	plainG = carried
}

func hostExit(slot unsafe.Pointer) {
	plainHandOver(slot, nil)
	select {}
}

func hostLeave(slot unsafe.Pointer) {
	plainHandOver(slot, nil)
	runtime.Goexit()
}

func plainHandOver(slot unsafe.Pointer, me *plainThread) {
	c := (*plainSlot)(slot)
	next := c.held
	c.held = me
	plainRunning = next
	next.wake <- struct{}{}
}

// hostChanMark: nobody marks channels here, so that no wait at one is durable.
func hostChanMark(unsafe.Pointer) uint64 { return 0 }

// plainMarks is how many bubbles there have been, plainObjects what belongs to
// one.
var (
	plainMarks   uint64
	plainObjects = map[unsafe.Pointer]uint64{}
)

func hostBubbleMark() uint64 {
	plainMarks++
	return plainMarks
}

func hostAssociate(p unsafe.Pointer, mark uint64, add bool) int {
	switch has := plainObjects[p]; {
	case has == mark:
		return 1
	case has != 0:
		return 2
	case !add:
		return 0
	}
	plainObjects[p] = mark
	return 1
}

func hostDisassociate(p unsafe.Pointer) { delete(plainObjects, p) }

func hostMain() { panic("this executable is not instrumented") }

func hostGodebug() string { return "" }

func hostSelf() unsafe.Pointer { return unsafe.Pointer(plainRunning) }

func hostCallers(self unsafe.Pointer, pcs []uintptr) int {
	t := (*plainThread)(self)
	return copy(pcs, t.pcs[:t.npcs])
}

// hostCallerPC is where the caller of its caller will go on.
//
//go:noinline
func hostCallerPC() uintptr {
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	return pcs[0]
}

// plainTimers are the timers that send to channels, of the running simulation.
var plainTimers map[unsafe.Pointer]*timer

func hostChanTimer(ch unsafe.Pointer) *timer { return plainTimers[ch] }

func hostSetChanTimer(ch unsafe.Pointer, t *timer) { plainTimers[ch] = t }

// hostChanQueue: channels know nothing of queues here.
func hostChanQueue(t *waitTable, ch unsafe.Pointer) *waitQueue { return t.find(ch) }

func hostSetChanQueue(unsafe.Pointer, *waitQueue) {}

// hostCollect collects twice, because who finalizes takes what one collection has
// found in any order, but not before what an earlier one has.
func hostCollect() {
	for range 2 {
		done := make(chan bool, 2)
		runtime.SetFinalizer(new([4]*int), func(any) { done <- true })
		runtime.AddCleanup(new([4]*int), func(done chan bool) { done <- true }, done)
		runtime.GC()
		<-done
		<-done
	}
}

func hostWeak(p unsafe.Pointer) unsafe.Pointer {
	w := weak.Make((*[1]byte)(p))
	return unsafe.Pointer(&w)
}

func hostStrong(handle unsafe.Pointer) unsafe.Pointer {
	return unsafe.Pointer((*weak.Pointer[[1]byte])(handle).Value())
}

func hostOnHeap(p unsafe.Pointer) bool { return !inBinary(p) }

func hostMethods(*abiType, any) unsafe.Pointer {
	panic("simgen: a finalizer with an interface outside an instrumented program")
}

// hostSelect is a native select. Go has none over a list of cases below package
// reflect, so this one polls; it serves tests only.
func hostSelect(cases []Case, block bool) int {
	for {
		for i, c := range cases {
			if c.channel() != nil && c.try() {
				return i
			}
		}
		if !block {
			return -1
		}
		runtime.Gosched()
	}
}

// hostTry is the native operation of a case, if it does not block. It takes
// package reflect, which only instrumented programs have below them.
func hostTry(*RawCase) bool {
	panic("simgen: a channel of unknown type outside an instrumented program")
}

func hostProgram(string)              {}
func hostUnderTest()                  {}
func hostTypeString(s string) string  { return s }
func hostPkgPath(path string) string  { return path }
func hostFuncName(name string) string { return name }

func hostGOROOT() string { return runtime.GOROOT() }

// hostPanicOnFault does nothing: package runtime/debug, which could, is not below this one.
func hostPanicOnFault(bool) bool { return false }

//go:build simgen_spliced && race

package runtime

import (
	"internal/race"
	"runtime"
	"unsafe"
)

// What the race detector is told. It knows each simulated goroutine as one of
// its own, and learns of one happening before another exactly where the Go memory
// model says so: coroutines that follow each other, the scheduler and the
// simulated machine teach it nothing. Where one goroutine does something for
// another that waits, it speaks in that one's name.

const hostRace = true

// A raceContext is the race detector's name of a goroutine.
type raceContext = uintptr

// A raceState is what the running goroutine of the host was to the detector.
type raceState = runtime.SimgenRaceState

// raceRun is what belongs to one simulation.
type raceRun struct {
	caller raceState   // of Run
	base   raceContext // all that happened before Run; who starts out of nothing starts from here
	errors int         // reports before
	lent   raceState   // of the goroutine on whose stack an event runs

	over   []raceContext // goroutines that are over
	oldest int           // of those in over, when it is full
}

// maxOver is how many goroutines that are over the detector is made to remember.
// Each costs about 10 KB.
const maxOver = 10000

//go:norace
func hostRaceBegin(s *scheduler) {
	s.race.errors = runtime.SimgenRaceErrors()
	s.race.caller, s.race.base = runtime.SimgenRaceBegin(hostCallerPC())
}

// hostRaceEnd orders everything before what the caller of Run does next, and
// returns how many races were reported.
//
//go:norace
func hostRaceEnd(s *scheduler) int {
	for _, ctx := range s.race.over {
		runtime.SimgenRaceEnd(ctx)
	}
	runtime.SimgenRaceFinish(s.race.caller, s.race.base, unsafe.Pointer(s))
	return runtime.SimgenRaceErrors() - s.race.errors
}

// hostFork makes the context of a goroutine that the running one starts at pc.
//
//go:norace
func hostFork(s *scheduler, pc uintptr) raceContext {
	if pc == 0 {
		pc = hostCallerPC()
	}
	return runtime.SimgenRaceFork(s.race.base, pc)
}

// hostBecome makes the running coroutine, which is quiet, carry on as a goroutine
// that has not run before.
//
//go:norace
func hostBecome(ctx raceContext) {
	runtime.SimgenRaceStack()
	runtime.SimgenRaceEnter(ctx)
}

// hostEnd ends a goroutine, the running one or another. Of one that it is told is
// over the detector forgets what it did before long, and how soon depends on
// earlier simulations. So it is told late.
//
//go:norace
func hostEnd(s *scheduler, ctx raceContext) {
	runtime.SimgenRaceLeave(ctx, unsafe.Pointer(s))
	r := &s.race
	if len(r.over) < maxOver {
		r.over = append(r.over, ctx)
		return
	}
	runtime.SimgenRaceEnd(r.over[r.oldest])
	r.over[r.oldest] = ctx
	r.oldest = (r.oldest + 1) % maxOver
}

// hostNobody is called before a coroutine is destroyed.
//
//go:norace
func hostNobody() { runtime.SimgenRaceRestore(raceState{}) }

//go:norace
func hostQuietCoro(slot unsafe.Pointer) { runtime.SimgenRaceWorker(slot) }

// hostHush makes the detector ignore what the running goroutine does until
// hostRestore.
//
//go:norace
func hostHush() raceState { return runtime.SimgenRaceHush() }

// hostAs makes the running goroutine speak in the name of a suspended one, until
// hostRestore.
//
//go:norace
func hostAs(w *waiter) raceState {
	if s := sched; w.g.worker == s.running {
		return runtime.SimgenRaceRestore(s.race.lent)
	}
	return runtime.SimgenRaceAs(w.g.worker.self)
}

// hostLend is hostHush for an event on the stack of a goroutine that waits.
//
//go:norace
func hostLend(s *scheduler) raceState {
	s.race.lent = hostHush()
	return s.race.lent
}

//go:norace
func hostRestore(s raceState) { runtime.SimgenRaceRestore(s) }

// hostRelease and hostAcquire say that what happened before the release of p
// happens before what comes after the acquire.
//
//go:norace
func hostRelease(p unsafe.Pointer) { race.ReleaseMerge(p) }

//go:norace
func hostAcquire(p unsafe.Pointer) { race.Acquire(p) }

// hostFinalizer says that whatever was done to an object happens before its
// finalizer, which the running goroutine is about to run.
//
//go:norace
func hostFinalizer() { runtime.SimgenRaceFinalizer() }

// hostInherit is hostAcquire for a goroutine that does not run yet.
//
//go:norace
func hostInherit(ctx raceContext, p unsafe.Pointer) { runtime.SimgenRaceAcquire(ctx, p) }

// hostMeet is a rendezvous of the running goroutine with a waiting one.
//
//go:norace
func hostMeet(ch unsafe.Pointer, w *waiter) {
	p := unsafe.Pointer(&chanHeader(ch).buffer)
	race.Release(p)
	me := hostAs(w)
	race.Acquire(p)
	race.Release(p)
	hostRestore(me)
	race.Acquire(p)
}

// hostPass makes a waiting goroutine learn what the running one knows.
//
//go:norace
func hostPass(w *waiter) {
	p := unsafe.Pointer(w)
	race.Release(p)
	me := hostAs(w)
	race.Acquire(p)
	hostRestore(me)
}

// hostSending is a send, to whomever: it races with a close.
//
//go:norace
func hostSending(ch unsafe.Pointer) { runtime.SimgenRaceSend(ch, 0) }

// hostClosed tells a goroutine that waits at a channel of its close.
//
//go:norace
func hostClosed(ch unsafe.Pointer, w *waiter) {
	me := hostAs(w)
	race.Acquire(unsafe.Pointer(&chanHeader(ch).buffer))
	hostRestore(me)
}

// hostEnterFrame makes the call of its caller part of the stack that the detector
// shows, where Go's own runtime tells of an access. Until hostLeaveFrame.
//
//go:norace
func hostEnterFrame() (entered struct{}) {
	runtime.SimgenRaceEnterFrame(runtime.SimgenCallerPC())
	return
}

//go:norace
func hostLeaveFrame(struct{}) { runtime.SimgenRaceLeaveFrame() }

// hostTimer makes a timer's function run as a goroutine of its own that knows
// what was known where the timer was set. It runs on a stack that is not its own.
//
//go:norace
func hostTimer(s *scheduler, t *timer) (ctx raceContext, me raceState) {
	ctx = runtime.SimgenRaceFork(s.race.base, hostCallerPC())
	hostInherit(ctx, unsafe.Pointer(t))
	runtime.SimgenRaceStack()
	return ctx, runtime.SimgenRaceEnter(ctx)
}

//go:norace
func hostTimerDone(s *scheduler, ctx raceContext, me raceState) {
	hostEnd(s, ctx)
	hostRestore(me)
	runtime.SimgenRaceStack()
}

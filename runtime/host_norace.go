//go:build !simgen_spliced || !race

package runtime

import "unsafe"

// Without the race detector there is nobody to tell; see host_race.go.

const hostRace = false

type (
	raceContext struct{}
	raceState   struct{}
	raceRun     struct{}
)

//go:norace
func hostRaceBegin(*scheduler) {}

//go:norace
func hostRaceEnd(*scheduler) int { return 0 }

//go:norace
func hostFork(*scheduler, uintptr) (c raceContext) { return }

//go:norace
func hostBecome(raceContext) {}

//go:norace
func hostEnd(*scheduler, raceContext) {}

//go:norace
func hostNobody() {}

//go:norace
func hostQuietCoro(unsafe.Pointer) {}

//go:norace
func hostHush() (s raceState) { return }

//go:norace
func hostLend(*scheduler) (s raceState) { return }

//go:norace
func hostAs(*waiter) (s raceState) { return }

//go:norace
func hostRestore(raceState) {}

//go:norace
func hostRelease(unsafe.Pointer) {}

//go:norace
func hostAcquire(unsafe.Pointer) {}

//go:norace
func hostFinalizer() {}

//go:norace
func hostInherit(raceContext, unsafe.Pointer) {}

//go:norace
func hostMeet(unsafe.Pointer, *waiter) {}

//go:norace
func hostPass(*waiter) {}

//go:norace
func hostSending(unsafe.Pointer) {}

//go:norace
func hostClosed(unsafe.Pointer, *waiter) {}

//go:norace
func hostEnterFrame() (entered struct{}) { return }

//go:norace
func hostLeaveFrame(struct{}) {}

//go:norace
func hostTimer(*scheduler, *timer) (c raceContext, s raceState) { return }

//go:norace
func hostTimerDone(*scheduler, raceContext, raceState) {}

package runtime

import (
	"runtime"
	"unsafe"
)

// The host collects garbage when it likes, and a simulated program must not be
// able to tell. So for a process there is one collection only: the one it asks
// for with runtime.GC. What the program could see of any other is withheld
// until then:
//
//   - Finalizers and cleanups are noted when the host finds their objects. The
//     next runtime.GC of the process runs those noted by then, in the order in
//     which they were registered, on a simulated goroutine.
//   - What a weak pointer points to is held until the next runtime.GC lets go of
//     it, and held again if it is still there afterwards. So are the identities
//     of map keys.
//   - Pools lose items then and only then.
//
// What a collection finds does not depend on the host: a simulated goroutine
// that is not running, or that is in runtime.GC, stands at a call, where the
// compiler knows exactly what it still needs; and no simulated object shares its
// memory with another (see the tiny allocator in rewrite/floor).
//
// A program that never calls runtime.GC sees no finalizer run and no weak
// pointer become nil.
type collector struct {
	over       bool // the process is
	registered uint64
	lock       chan struct{} // of found
	found      *finalizer
	stoppable  map[uint64]*finalizer             // cleanups by the host's number
	weak       map[unsafe.Pointer]unsafe.Pointer // the host's weak pointers, and what they point to
	caches     []Cache
	finalizers finalizerQueue
	cleanups   finalizerQueue
}

// A Cache loses something when garbage is collected.
type Cache interface {
	// Collected reports whether there is something left to lose.
	Collected() bool
}

//go:norace
func (p *Process) collector() *collector {
	if p.gc == nil {
		p.gc = &collector{lock: make(chan struct{}, 1)}
	}
	return p.gc
}

// GC is runtime.GC.
//
//go:norace
func GC() {
	g := current()
	if g == nil {
		runtime.GC()
		return
	}
	g.point()
	kernel(g.process.collect)
	g.process.collections++
	g.process.finalize()
	if !g.events {
		Sleep(collectionTime)
	}
}

// collectionTime is how long a collection takes the program. It is about what it
// takes a busy host, so that a program that collects all the time for a second is
// not simulated for a minute.
const collectionTime = 1_000_000

// OnGC has c told of the next collection of the process, and of those after it
// for as long as it has something to lose.
//
//go:norace
func OnGC(c Cache) {
	gc := sched.cur.process.collector()
	gc.caches = append(gc.caches, c)
}

// collect collects garbage and finds out what of the process was some.
//
//go:norace
func (p *Process) collect() {
	gc := p.collector()
	kept := gc.caches[:0]
	for _, c := range gc.caches {
		if c.Collected() {
			kept = append(kept, c)
		}
	}
	clear(gc.caches[len(kept):])
	gc.caches = kept
	sched.waits.purge()

	weak, keys := gc.letGo(), p.vars.pointers.letGo()
	hostCollect()
	gc.holdAgain(weak)
	p.vars.pointers.holdAgain(keys)
}

// HoldWeak holds what a weak pointer points to until the process collects
// garbage.
//
//go:norace
func HoldWeak(handle, p unsafe.Pointer) {
	gc := sched.cur.process.collector()
	if gc.weak == nil {
		gc.weak = map[unsafe.Pointer]unsafe.Pointer{}
	}
	gc.weak[handle] = p
}

//go:norace
func (gc *collector) letGo() (handles []unsafe.Pointer) {
	for h := range gc.weak {
		handles = append(handles, h)
	}
	clear(gc.weak)
	return handles
}

//go:norace
func (gc *collector) holdAgain(handles []unsafe.Pointer) {
	for _, h := range handles {
		if p := hostStrong(h); p != nil {
			gc.weak[h] = p
		}
	}
}

// A weakID is a pointerID that does not hold on to its object.
type weakID struct {
	handle unsafe.Pointer
	id     uint64
}

// letGo gives up what lies on the heap.
//
//go:norace
func (p *pointerIDs) letGo() (list []weakID) {
	old := p.entries
	p.entries = make([]pointerID, len(old))
	for i := range old {
		e := &old[i]
		switch {
		case e.address == nil:
		case hostOnHeap(e.address):
			list = append(list, weakID{hostWeak(e.address), e.id})
		default:
			*p.entry(e.address) = *e
		}
	}
	return list
}

// holdAgain takes back what is still there. The count goes on: it makes ids.
//
//go:norace
func (p *pointerIDs) holdAgain(list []weakID) {
	for _, w := range list {
		if a := hostStrong(w.handle); a != nil {
			*p.entry(a) = pointerID{a, w.id}
		}
	}
}

// release lets go of everything.
//
//go:norace
func (p *Process) release() {
	gc := p.gc
	if gc == nil {
		return
	}
	lock := gc.lock
	lock <- struct{}{}
	*gc = collector{over: true, lock: lock}
	<-lock
	p.gc = nil
}

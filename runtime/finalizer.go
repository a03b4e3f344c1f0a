package runtime

import (
	"runtime"
	"unsafe"
)

// A finalizer is a finalizer or a cleanup of a simulated process.
type finalizer struct {
	collector *collector
	seq       uint64 // in the order of registration
	object    any    // that was found; of a cleanup, none is left
	call      func(object any)
	host      uint64     // the host's number of a cleanup
	next      *finalizer // in collector.found
}

// A finalizerQueue is worked off by one goroutine, which is there as long as
// there is something to do. The program's own goroutine for finalizers is not
// the one for cleanups, as in Go.
type finalizerQueue struct {
	list []*finalizer
	busy bool
}

// SetFinalizer is runtime.SetFinalizer; see collector.
//
//go:norace
func SetFinalizer(obj, finalizer any) {
	g := current()
	if g == nil || finalizer == nil || obj == nil {
		runtime.SetFinalizer(obj, finalizer)
		return
	}
	f := g.process.collector().register(caller(obj, finalizer))
	runtime.SetFinalizer(obj, func(object any) { f.noted(object) })
}

// AddCleanup is runtime.AddCleanup; see collector.
//
//go:norace
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) runtime.Cleanup {
	c := runtime.AddCleanup(ptr, cleanup, arg) // its panics are Go's own
	g := current()
	if g == nil || hostCleanup(c) == 0 {
		return c
	}
	c.Stop()
	gc := g.process.collector()
	f := gc.register(func(any) { cleanup(arg) })
	c = runtime.AddCleanup(ptr, (*finalizer).gone, f)
	f.host = hostCleanup(c)
	if gc.stoppable == nil {
		gc.stoppable = map[uint64]*finalizer{}
	}
	gc.stoppable[f.host] = f
	runtime.KeepAlive(ptr)
	return c
}

// hostCleanup is the number that a cleanup has, 0 for one that will never run.
//
//go:norace
func hostCleanup(c runtime.Cleanup) uint64 { return *(*uint64)(unsafe.Pointer(&c)) }

// stopped is called when the program stops a cleanup. The host may have noted it
// already, of which the program knows nothing.
//
//go:norace
func stopped(host uint64) {
	if g := current(); g != nil && g.process.gc != nil {
		if f := g.process.gc.stoppable[host]; f != nil {
			f.call = nil
			delete(g.process.gc.stoppable, host)
		}
	}
}

//go:norace
func (gc *collector) register(call func(any)) *finalizer {
	gc.registered++
	return &finalizer{collector: gc, seq: gc.registered, call: call}
}

// gone notes that a cleanup's object is gone.
//
//go:norace
func (f *finalizer) gone() { f.noted(nil) }

// noted runs on a goroutine of the host, at any time.
//
//go:norace
func (f *finalizer) noted(object any) {
	gc := f.collector
	gc.lock <- struct{}{}
	if !gc.over {
		f.object = object
		f.next, gc.found = gc.found, f
	}
	<-gc.lock
}

// take returns what has been noted, in the order of registration.
//
//go:norace
func (gc *collector) take() (list []*finalizer) {
	gc.lock <- struct{}{}
	for f := gc.found; f != nil; f = f.next {
		if f.call != nil {
			list = append(list, f)
		}
	}
	gc.found = nil
	<-gc.lock
	sortBy(list, func(a, b *finalizer) bool { return a.seq < b.seq })
	return list
}

// finalize has everything run that a collection has found.
//
//go:norace
func (p *Process) finalize() {
	gc := p.collector()
	for _, f := range gc.take() {
		f.next = nil
		if f.host == 0 {
			gc.finalizers.list = append(gc.finalizers.list, f)
		} else {
			delete(gc.stoppable, f.host)
			gc.cleanups.list = append(gc.cleanups.list, f)
		}
	}
	for _, q := range []*finalizerQueue{&gc.finalizers, &gc.cleanups} {
		if len(q.list) > 0 && !q.busy {
			q.busy = true
			p.spawn(q.run)
		}
	}
}

//go:norace
func (q *finalizerQueue) run() {
	for len(q.list) > 0 {
		f := q.list[0]
		q.list[0] = nil
		q.list = q.list[1:]
		f.run()
	}
	q.list, q.busy = nil, false
}

// run is a function of its own so that the object does not outlive it.
//
//go:norace
func (f *finalizer) run() {
	call, object := f.call, f.object
	*f = finalizer{}
	hostFinalizer()
	call(object)
}

// waitFinalized waits until the finalizers and cleanups that are due have run, or
// the time is over.
//
//go:norace
func waitFinalized(timeout int64) bool {
	gc, start := current().process.collector(), Now()
	for gc.finalizers.busy || gc.cleanups.busy {
		if Now()-start >= timeout {
			return false
		}
		Sleep(1000)
	}
	return true
}

// caller is finalizer, a function of any type that may be called with obj.
//
//go:norace
func caller(obj, finalizer any) func(object any) {
	t, fn := (*eface)(unsafe.Pointer(&obj)).typ, (*eface)(unsafe.Pointer(&finalizer))
	if t.kind() != kindPointer {
		Fatal("runtime.SetFinalizer: first argument is " + typeName(obj) + ", not a pointer")
	}
	f := (*funcType)(unsafe.Pointer(fn.typ))
	if f.kind() != kindFunc {
		Fatal("runtime.SetFinalizer: second argument is " + typeName(finalizer) + ", not a function")
	}
	if f.in != 1 {
		Fatal("runtime.SetFinalizer: the finalizer does not have one parameter")
	}
	switch p := f.firstParam(); {
	case p == t, p.kind() == kindPointer && (*ptrType)(unsafe.Pointer(p)).elem == (*ptrType)(unsafe.Pointer(t)).elem:
		call := *(*func(unsafe.Pointer) results)(unsafe.Pointer(&fn.data))
		return func(object any) { call((*eface)(unsafe.Pointer(&object)).data) }
	case p.kind() == kindInterface && len((*interfaceType)(unsafe.Pointer(p)).methods) == 0:
		call := *(*func(any) results)(unsafe.Pointer(&fn.data))
		return func(object any) { call(object) }
	case p.kind() == kindInterface:
		table := hostMethods(p, obj)
		call := *(*func(methodValue) results)(unsafe.Pointer(&fn.data))
		return func(object any) { call(methodValue{table, (*eface)(unsafe.Pointer(&object)).data}) }
	}
	Fatal("runtime.SetFinalizer: the finalizer's parameter is of another type than the object")
	return nil
}

// A methodValue is an interface that has methods.
type methodValue struct{ table, data unsafe.Pointer }

// results is the room a function may need for what it returns and nobody looks
// at. An array is never returned in registers, so there is room for what is.
type results [32]uintptr

type funcType struct {
	abiType
	in, out uint16
}

// firstParam is the type of the first parameter. The types of the parameters lie
// behind the descriptor, and behind that of the methods if there is one.
//
//go:norace
func (f *funcType) firstParam() *abiType {
	const hasMethods, methods = 1, 16
	at := unsafe.Sizeof(*f)
	if f.tflag&hasMethods != 0 {
		at += methods
	}
	return *(**abiType)(unsafe.Add(unsafe.Pointer(f), at))
}

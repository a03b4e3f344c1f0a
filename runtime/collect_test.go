package runtime

import (
	"runtime"
	"testing"
	"unsafe"
)

// A thing is big enough to have memory of its own.
type thing struct {
	name string
	next *thing
}

// hostCollects is a collection that the program has not asked for.
func hostCollects() { Kernelly(hostCollect) }

// drop registers n finalizers or cleanups, the i-th by register, of objects that
// nobody reaches afterwards.
//
//go:noinline
func drop(n int, register func(i int, x *thing)) {
	for i := range n {
		register(i, &thing{})
	}
}

var collectScenarios = []struct {
	says string
	want string
	run  func() string
}{
	{"finalizers run when the program collects, in the order of registration", "before: , after: 01234", func() string {
		log := ""
		drop(5, func(i int, x *thing) { SetFinalizer(x, func(*thing) { log += itoa(int64(i)) }) })
		hostCollects()
		Sleep(1e9)
		text := "before: " + log
		GC()
		Sleep(1e9)
		return text + ", after: " + log
	}},
	{"so do cleanups", "before: , after: 01234", func() string {
		log := ""
		drop(5, func(i int, x *thing) { AddCleanup(x, func(i int) { log += itoa(int64(i)) }, i) })
		hostCollects()
		Sleep(1e9)
		text := "before: " + log
		GC()
		waitFinalized(1e9)
		return text + ", after: " + log
	}},
	{"a finalizer gets its object, whatever the type of its parameter", "pointer any results", func() string {
		log := ""
		drop(1, func(_ int, x *thing) { x.name = "pointer"; SetFinalizer(x, func(x *thing) { log += x.name }) })
		drop(1, func(_ int, x *thing) { x.name = " any"; SetFinalizer(x, func(x any) { log += x.(*thing).name }) })
		drop(1, func(_ int, x *thing) {
			x.name = " results"
			SetFinalizer(x, func(x *thing) ([9]string, int, error) { log += x.name; return [9]string{"a", "b"}, 1, nil })
		})
		GC()
		Sleep(1e9)
		return log
	}},
	{"what a finalizer's object reaches is finalized after it", "a, then b", func() string {
		log := ""
		drop(1, func(_ int, b *thing) {
			a := &thing{"a", b}
			SetFinalizer(b, func(*thing) { log += "b" })
			SetFinalizer(a, func(*thing) { log += "a" })
		})
		hostCollects()
		GC()
		Sleep(1e9)
		text := log + ", then "
		log = ""
		GC()
		Sleep(1e9)
		return text + log
	}},
	{"what was taken back does not run", "", func() string {
		log := ""
		drop(1, func(_ int, x *thing) {
			SetFinalizer(x, func(*thing) { log += "finalizer" })
			SetFinalizer(x, nil)
		})
		var c runtime.Cleanup
		drop(1, func(_ int, x *thing) { c = AddCleanup(x, func(int) { log += "cleanup" }, 0) })
		hostCollects()
		stopped(hostCleanup(c))
		GC()
		Sleep(1e9)
		return log
	}},
	{"an object in use is not finalized", "in use", func() string {
		x := &thing{name: "in use"}
		SetFinalizer(x, func(x *thing) { x.name = "finalized" })
		GC()
		Sleep(1e9)
		return x.name
	}},
	{"a process that is over finalizes nothing, nor does another's collection", "", func() string {
		log := ""
		p := NewProcess("server", "")
		p.Go(func() {
			drop(1, func(_ int, x *thing) { SetFinalizer(x, func(*thing) { log += "finalized" }) })
		})
		Sleep(1e9)
		GC()
		p.Kill()
		GC()
		Sleep(1e9)
		return log
	}},
	{"a weak pointer is nil when the program has collected, not before", "there, gone, in use", func() string {
		used := &thing{}
		weak := func(x *thing) unsafe.Pointer {
			h := hostWeak(unsafe.Pointer(x))
			HoldWeak(h, unsafe.Pointer(x))
			return h
		}
		var lost, kept unsafe.Pointer
		drop(1, func(_ int, x *thing) { lost, kept = weak(x), weak(used) })
		text := ""
		say := func(h unsafe.Pointer, there, gone string) {
			if hostStrong(h) != nil {
				gone = there
			}
			text += gone
		}
		hostCollects()
		say(lost, "there", "lost")
		GC()
		say(lost, ", still there", ", gone")
		hostCollects()
		say(kept, ", in use", ", lost")
		runtime.KeepAlive(used)
		return text
	}},
	{"a pointer that was a map key keeps nothing alive, and one that is has the same place", "1 finalized, same", func() string {
		n, kept := 0, &thing{}
		drop(1, func(_ int, x *thing) {
			MapKey(x)
			SetFinalizer(x, func(*thing) { n++ })
		})
		MapKey(kept)
		ids := &current().vars.pointers
		before := ids.get(unsafe.Pointer(kept))
		GC()
		Sleep(1e9)
		if ids.get(unsafe.Pointer(kept)) != before || before == 0 {
			return "another"
		}
		return itoa(int64(n)) + " finalized, same"
	}},
	{"a cache is told for as long as it has something to lose", "2", func() string {
		c := &countdown{2}
		OnGC(c)
		for range 5 {
			GC()
		}
		return itoa(int64(2 - c.left))
	}},
	{"waiting for a finalizer that blocks ends with its time", "false", func() string {
		drop(1, func(_ int, x *thing) { SetFinalizer(x, func(*thing) { Sleep(5e9) }) })
		GC()
		return panicText(waitFinalized(1e9))
	}},
}

type countdown struct{ left int }

func (c *countdown) Collected() bool {
	c.left--
	return c.left > 0
}

// Each collection looks at every goroutine that the tests before have left on
// the plain host, so there are few seeds.
func TestCollections(t *testing.T) {
	for _, s := range collectScenarios {
		t.Run(s.says, func(t *testing.T) {
			for seed := range uint64(3) {
				passes(t, seed, func() {
					if got := s.run(); got != s.want {
						Fail("error", "got "+quote(got)+", want "+quote(s.want))
					}
				})
			}
		})
	}
}

// A finalizer of another type is a fatal error of the program.
func TestBadFinalizers(t *testing.T) {
	for what, set := range map[string]func(){
		"first argument is":  func() { SetFinalizer(1, func(int) {}) },
		"second argument is": func() { SetFinalizer(&thing{}, 1) },
		"one parameter":      func() { SetFinalizer(&thing{}, func() {}) },
		"of another type":    func() { SetFinalizer(&thing{}, func(*int) {}) },
	} {
		fails(t, "fatal", Config{Main: set})
		if r := Run(Config{Main: set}); r.Failure == nil || index(r.Failure.Message, what) < 0 {
			t.Errorf("%v does not say %q", r.Failure, what)
		}
	}
}

// Nobody else runs while the processor is held.
func TestPin(t *testing.T) {
	for seed := range uint64(20) {
		passes(t, seed, func() {
			stop := false
			Go(func() { stop = true })
			Pin()
			Pin()
			Unpin()
			for range 10_000 {
				Point()
			}
			if stop {
				Fail("error", "somebody ran meanwhile")
			}
			Unpin()
			for !stop {
				Point()
			}
		})
	}
}

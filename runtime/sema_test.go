package runtime

import (
	"testing"
	"unsafe"
)

var semaScenarios = []struct {
	says string
	want string
	run  func() string
}{
	{"a semaphore above zero is taken at once", "1", func() string {
		sema := uint32(2)
		Semacquire(&sema, false, "semacquire")
		return itoa(int64(sema))
	}},
	{"first come, first served", "abc", func() string {
		return semaOrder([]bool{false, false, false})
	}},
	{"lifo goes to the head of the line", "cab", func() string {
		return semaOrder([]bool{false, false, true})
	}},
	{"a waiter that was woken in vain waits again", "barger waiter", func() string {
		sema, order, done := uint32(0), "", make(chan bool)
		Go(func() {
			Semacquire(&sema, false, "semacquire")
			order += "waiter"
			Send(done, true)
		})
		Sleep(1e6)
		Semrelease(&sema, false)
		Semacquire(&sema, false, "semacquire") // before the waiter gets to it
		order += "barger "
		Sleep(1e6)
		Semrelease(&sema, false)
		Recv(done)
		return order
	}},
	{"with handoff the waiter has the semaphore, and runs, at once", "waiter releaser", func() string {
		sema, order := uint32(0), ""
		for range 5 {
			Go(func() { Sleep(1e6) }) // others that could run instead
		}
		Go(func() {
			Semacquire(&sema, false, "semacquire")
			order += "waiter "
		})
		Sleep(1e6)
		Semrelease(&sema, true)
		return order + "releaser"
	}},
	{"releases are counted", "3", func() string {
		sema, n, done := uint32(0), 0, make(chan bool)
		for range 3 {
			Go(func() {
				Semacquire(&sema, false, "semacquire")
				n++
				Send(done, true)
			})
		}
		for range 3 {
			Semrelease(&sema, false)
		}
		for range 3 {
			Recv(done)
		}
		return itoa(int64(n))
	}},
	{"a notify list wakes in the order of the tickets", "abc", func() string {
		var l notifyList
		order, done := "", make(chan bool)
		for i, name := range []string{"a", "b", "c"} {
			Go(func() {
				Sleep(int64(i) * 1e6)
				NotifyListWait(unsafe.Pointer(&l), NotifyListAdd(unsafe.Pointer(&l)))
				order += name
				Send(done, true)
			})
		}
		Sleep(1e9)
		for range 3 {
			NotifyListNotifyOne(unsafe.Pointer(&l))
			Recv(done)
		}
		NotifyListNotifyOne(unsafe.Pointer(&l)) // nobody is there
		return order
	}},
	{"a notification between ticket and wait is not lost", "woken", func() string {
		var l notifyList
		t := NotifyListAdd(unsafe.Pointer(&l))
		NotifyListNotifyOne(unsafe.Pointer(&l))
		NotifyListWait(unsafe.Pointer(&l), t)
		return "woken"
	}},
	{"notify all wakes everybody who has a ticket", "3", func() string {
		var l notifyList
		n, done := 0, make(chan bool)
		for range 3 {
			Go(func() {
				NotifyListWait(unsafe.Pointer(&l), NotifyListAdd(unsafe.Pointer(&l)))
				n++
				Send(done, true)
			})
		}
		Sleep(1e6)
		NotifyListNotifyAll(unsafe.Pointer(&l))
		for range 3 {
			Recv(done)
		}
		return itoa(int64(n))
	}},
}

// semaOrder lets a, b and c wait in that order and returns the order in which
// they get a semaphore that is released three times.
func semaOrder(lifo []bool) string {
	sema, order, done := uint32(0), "", make(chan bool)
	for i, l := range lifo {
		Go(func() {
			Sleep(int64(i+1) * 1e6)
			Semacquire(&sema, l, "semacquire")
			order += string(rune('a' + i))
			Send(done, true)
		})
	}
	Sleep(1e9)
	for range lifo {
		Semrelease(&sema, false)
		Recv(done)
	}
	return order
}

func TestSemaphores(t *testing.T) {
	for _, s := range semaScenarios {
		t.Run(s.says, func(t *testing.T) { always(t, s.want, s.run) })
	}
}

// The table of waiters finds who waits wherever the addresses lie, also when it
// has grown, and forgets who does not.
func TestWaitTable(t *testing.T) {
	r := source(1)
	var table waitTable
	table.init()
	keys := make([]int64, 500)
	waiters := map[int]*waiter{}
	for range 20000 {
		i := int(r.below(uint64(len(keys))))
		key := unsafe.Pointer(&keys[i])
		w := waiters[i]
		if got := table.find(key).receiver(); got != w {
			t.Fatalf("found %p, want %p", got, w)
		}
		if w == nil {
			w = &waiter{}
			table.queue(key).add(w, false)
			waiters[i] = w
		} else if r.below(2) == 0 {
			table.remove(w)
			delete(waiters, i)
		}
	}
	for _, w := range waiters {
		table.remove(w)
	}
	table.purge()
	if table.count != 0 {
		t.Errorf("%d entries without a waiter", table.count)
	}
}

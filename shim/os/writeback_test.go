package os

import (
	"fmt"
	"strings"
	"testing"
)

const second = int64(1e9)

// Without any sync, data is on the disk at the first look of the kernel at which it is 30 s old: altogether, the newest with the oldest. What was
// written since is a change of its own.
func TestDataIsWrittenByAge(t *testing.T) {
	for _, c := range []struct {
		wait    int64
		durable bool
	}{
		{29 * second, false},
		{34*second - 1, false}, // it was written at 1 s; the first look after 31 s is at 35 s
		{34 * second, true},
		{3600 * second, true},
	} {
		got := outcomes(t, func(b *bench) {
			b.now = second
			f := b.open("/f")
			f.disk.SyncAll() // its name
			b.append(f, "old")
			b.now += 20 * second
			b.append(f, "new")
			b.now = second + c.wait
		}, func(b *bench) string { return b.content("/f") })
		if durable := len(got) == 1 && got["oldnew"] > 0; durable != c.durable {
			t.Errorf("after %d ns: %v", c.wait, got)
		}
	}
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		f.disk.SyncAll()
		b.append(f, "old")
		b.now += 60 * second
		b.append(f, "new")
		b.now += 29 * second
	}, func(b *bench) string { return b.content("/f") })
	if got["old"] == 0 || got["oldnew"] == 0 || got[""] > 0 {
		t.Errorf("what was written again later: %v", got)
	}
}

// The journal's changes are durable 5 s after the first of them, with those that were made meanwhile.
func TestNamesAreWrittenByAge(t *testing.T) {
	names := func(b *bench) string { return fmt.Sprint(b.content("/a") != "none", b.content("/b") != "none") }
	scenario := func(wait int64) map[string]int {
		return outcomes(t, func(b *bench) {
			b.open("/a")
			b.now += 3 * second
			b.open("/b")
			b.now += wait
		}, names)
	}
	if got := scenario(2*second - 1); got["false false"] == 0 || got["true true"] == 0 || got["true false"] == 0 {
		t.Errorf("before the commit: %v", got)
	}
	if got := scenario(2 * second); len(got) != 1 || got["true true"] == 0 {
		t.Errorf("after the commit: %v", got)
	}
}

// Ages can be others, and never.
func TestAges(t *testing.T) {
	lost := func(age Age, wait int64) (data, name bool) {
		for seed := range uint64(50) {
			b := newBench(t, seed)
			b.age = age
			synced := b.open("/synced")
			b.SyncAll()
			b.append(synced, strings.Repeat("x", 10))
			b.open("/name")
			b.now += wait
			b.Crash()
			data = data || len(b.content("/synced")) < 10
			name = name || b.content("/name") == "none"
		}
		return data, name
	}
	for _, c := range []struct {
		age        Age
		wait       int64
		data, name bool
	}{
		{Age{-1, -1}, 24 * 3600 * second, true, true},
		{Age{-1, 5 * second}, 3600 * second, true, false},
		{Age{30 * second, -1}, 3600 * second, false, true},
		{Age{second, second}, 5 * second, false, false},
		{Age{100 * second, 100 * second}, 99 * second, true, true},
	} {
		if data, name := lost(c.age, c.wait); data != c.data || name != c.name {
			t.Errorf("%+v after %d s: data can be lost %v, a name %v", c.age, c.wait/second, data, name)
		}
	}
}

// What a program may write through memory is not written by age: nobody knows how old it is.
func TestMappedIsNotWrittenByAge(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		b.append(f, "0123456789")
		b.SyncAll()
		m, errno := f.Map(0, pageSize, true)
		b.ok(errno)
		copy(m, "abcde")
		b.now += 3600 * second
	}, func(b *bench) string { return b.content("/f") })
	if got["0123456789"] == 0 || got["abcde56789"] == 0 {
		t.Errorf("%v", got)
	}
}

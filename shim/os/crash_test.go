package os

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// bench is a disk with chance from a seed.
type bench struct {
	*testing.T
	*Disk
	random uint64
	now    int64
}

func (b *bench) Now() int64  { return b.now }
func (b *bench) Wall() int64 { return b.now }
func (b *bench) Draw(kind string, n uint64) uint64 {
	b.random = b.random*6364136223846793005 + 1442695040888963407
	return b.random >> 33 % n
}

func newBench(t *testing.T, seed uint64) *bench {
	b := &bench{T: t, random: seed*0x9e3779b97f4a7c15 + 1}
	b.Disk = NewDisk(b, Age{DefaultDataAge, DefaultNamesAge})
	return b
}

func (b *bench) ok(errno syscall.Errno) {
	b.Helper()
	if errno != 0 {
		b.Fatal(errno)
	}
}

func (b *bench) open(path string) *Inode {
	b.Helper()
	n, errno := b.Open(b.Root(), path, syscall.O_CREAT|syscall.O_RDWR, 0644)
	b.ok(errno)
	return n
}

func (b *bench) append(n *Inode, s string) { b.ok(n.WriteAt([]byte(s), n.Size())) }

// content is what a file holds, or "none".
func (b *bench) content(path string) string {
	n, errno := b.Lookup(b.Root(), path, true)
	if errno != 0 {
		return "none"
	}
	data := make([]byte, n.Size())
	n.ReadAt(data, 0)
	return string(data)
}

// outcomes runs a scenario with many seeds, crashes the disk, and counts what is found afterwards.
func outcomes(t *testing.T, scenario func(b *bench), found func(b *bench) string) map[string]int {
	all := map[string]int{}
	for seed := range uint64(300) {
		b := newBench(t, seed)
		scenario(b)
		b.Crash()
		all[found(b)]++
	}
	return all
}

func wantOutcomes(t *testing.T, got map[string]int, want ...string) {
	t.Helper()
	for _, w := range want {
		if got[w] == 0 {
			t.Errorf("a crash never leaves %q; it leaves %v", w, got)
		}
		delete(got, w)
	}
	if len(got) > 0 {
		t.Errorf("a crash must not leave %v", got)
	}
}

func TestSyncedDataSurvives(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f := b.open("/wal")
		b.append(f, "one ")
		f.Sync()
		b.append(f, "two")
	}, func(b *bench) string { return b.content("/wal") })
	wantOutcomes(t, got, "one ", "one t", "one tw", "one two")
}

func TestUnsyncedCreation(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		b.append(b.open("/a"), "A")
		b.append(b.open("/b"), "B")
	}, func(b *bench) string { return b.content("/a") + " " + b.content("/b") })
	// Names come into being in order; data survives or not independently.
	wantOutcomes(t, got, "none none", "A none", " none", "A B", "A ", " B", " ")
}

func TestReplaceByRename(t *testing.T) {
	write := func(sync bool) map[string]int {
		return outcomes(t, func(b *bench) {
			old := b.open("/conf")
			b.append(old, "old")
			old.Sync()
			tmp := b.open("/conf.tmp")
			b.append(tmp, "new")
			if sync {
				tmp.Sync()
			}
			b.ok(b.Rename(b.Root(), "/conf.tmp", b.Root(), "/conf", 0))
		}, func(b *bench) string { return b.content("/conf") })
	}
	wantOutcomes(t, write(true), "old", "new")
	wantOutcomes(t, write(false), "old", "new", "", "n", "ne") // the classic mistake
}

func TestDirectorySync(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		b.ok(b.Mkdir(b.Root(), "/d", 0755))
		b.open("/d/f")
		b.ok(b.Unlink(b.Root(), "/d/f"))
		b.open("/d/g")
		d, _ := b.Lookup(b.Root(), "/d", true)
		d.Sync()
		b.ok(b.Unlink(b.Root(), "/d/g"))
	}, func(b *bench) string { return fmt.Sprint(b.content("/d/f"), "|", b.content("/d/g")) })
	wantOutcomes(t, got, "none|", "none|none")
}

func TestUnlinkedComesBackWithItsData(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		b.append(f, "precious")
		f.Sync()
		b.ok(b.Unlink(b.Root(), "/f"))
		g := b.open("/f")
		b.append(g, "other")
		g.data.sync() // the data is on the disk, the names are not
	}, func(b *bench) string { return b.content("/f") })
	wantOutcomes(t, got, "precious", "none", "other")
}

func TestTornPage(t *testing.T) {
	old, changed := strings.Repeat("o", pageSize), strings.Repeat("n", pageSize)
	sizes := map[int]bool{}
	outcomes(t, func(b *bench) {
		f := b.open("/page")
		b.append(f, old)
		f.Sync()
		b.ok(f.WriteAt([]byte(changed), 0))
	}, func(b *bench) string {
		s := b.content("/page")
		n := strings.Count(s, "n")
		if s != changed[:n]+old[n:] || n%sectorSize != 0 {
			t.Errorf("a page was torn inside a sector: %d new bytes", n)
		}
		sizes[n] = true
		return ""
	})
	if len(sizes) != pageSize/sectorSize+1 {
		t.Errorf("new bytes after a crash: %v", sizes)
	}
}

func TestTruncation(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		b.append(f, strings.Repeat("x", 3*pageSize))
		f.Sync()
		b.ok(f.Truncate(1))
		b.append(f, "y")
	}, func(b *bench) string {
		if s := b.content("/f"); s != strings.Repeat("x", 3*pageSize) {
			return s
		}
		return "before"
	})
	wantOutcomes(t, got, "before", "xy")
}

func TestOldChangesAreDurable(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		b.open("/old")
		b.now += DefaultNamesAge
		b.open("/new")
	}, func(b *bench) string { return fmt.Sprint(b.content("/old"), "|", b.content("/new")) })
	wantOutcomes(t, got, "|none", "|")
}

func TestRestoredTreeIsConsistent(t *testing.T) {
	outcomes(t, func(b *bench) {
		b.ok(b.Mkdir(b.Root(), "/a", 0755))
		b.ok(b.Mkdir(b.Root(), "/a/b", 0755))
		b.open("/a/b/f")
		b.SyncAll()
		b.ok(b.Rename(b.Root(), "/a/b", b.Root(), "/c", 0))
		b.ok(b.Link(b.Root(), "/c/f", b.Root(), "/g", false))
		b.ok(b.Rename(b.Root(), "/a", b.Root(), "/c/a", 0))
		b.ok(b.Rename(b.Root(), "/c", b.Root(), "/a2", RenameNoReplace))
		b.ok(b.Unlink(b.Root(), "/a2/f"))
	}, func(b *bench) string { checkTree(t, b.Root()); return "" })
}

// checkTree verifies the counts and parents below a directory.
func checkTree(t *testing.T, dir *Inode) {
	t.Helper()
	subdirs := 0
	dir.Entries(firstPosition, func(e Entry) bool {
		if e.Node.links < 1 {
			t.Errorf("%s has %d links", e.Name, e.Node.links)
		}
		if e.Node.IsDir() {
			subdirs++
			if e.Node.dir.parent != dir || e.Node.dir.name != e.Name {
				t.Errorf("%s does not know its parent", e.Name)
			}
			checkTree(t, e.Node)
		}
		return true
	})
	if subdirs != dir.dir.subdirs {
		t.Errorf("%d subdirectories, counted as %d", subdirs, dir.dir.subdirs)
	}
}

func TestMappedPagesAreSavedToo(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		b.append(f, "durable")
		f.Sync()
		if _, errno := f.Map(0, pageSize, false); errno != 0 {
			t.Fatal(errno)
		}
		b.ok(f.WriteAt([]byte("CHANGED"), 0))
	}, func(b *bench) string { return b.content("/f") })
	wantOutcomes(t, got, "durable", "CHANGED")
}

// mapped is a file of three durable pages, a, b and c, that a program may write to in memory.
// Databases map much more than their file has, to read it. That is the host's memory only where there is a file, and no
// part of Go's heap, which would not be collected for as long as that seems to be full.
func TestMappingMoreThanThereIs(t *testing.T) {
	b := newBench(t, 1)
	f := b.open("/f")
	b.append(f, "text")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const much = 10 << 30
	for range 3 {
		memory, errno := f.Map(0, much, false)
		b.ok(errno)
		if len(memory) != much || string(memory[:4]) != "text" {
			t.Fatalf("%d bytes, which begin with %q", len(memory), memory[:4])
		}
		b.ok(f.WriteAt([]byte("T"), 0))
		if memory[0] != 'T' {
			t.Error("a write does not show")
		}
		f.Unmap()
		if b.content("/f") != "Text" {
			t.Errorf("unmapped, the file has %q", b.content("/f"))
		}
		b.ok(f.WriteAt([]byte("t"), 0))
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > much/1000 {
		t.Errorf("%d bytes of Go's heap", after.TotalAlloc-before.TotalAlloc)
	}
}

func mapped(b *bench) (*Inode, []byte) {
	f := b.open("/f")
	for _, s := range []string{"a", "b", "c"} {
		b.append(f, strings.Repeat(s, pageSize))
	}
	b.SyncAll()
	memory, errno := f.Map(0, 4*pageSize, true)
	b.ok(errno)
	return f, memory
}

// firsts is the first byte of each page of the file.
func firsts(b *bench) string {
	s, all := b.content("/f"), ""
	for ; len(s) > 0; s = s[min(pageSize, len(s)):] {
		all += s[:1]
	}
	return all
}

func TestMappedWritesAreLostOrNot(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		_, memory := mapped(b)
		memory[0] = 'A'
		memory[2*pageSize] = 'C'
	}, firsts)
	wantOutcomes(t, got, "abc", "AbC", "Abc", "abC")
}

func TestMappedWritesAreDurableWhenSynced(t *testing.T) {
	for name, sync := range map[string]func(b *bench, f *Inode){
		"fsync":                 func(b *bench, f *Inode) { f.Sync() },
		"sync":                  func(b *bench, f *Inode) { b.SyncAll() },
		"msync":                 func(b *bench, f *Inode) { f.SyncRange(0, 4*pageSize) },
		"msync after unmapping": func(b *bench, f *Inode) { f.SyncRange(0, 4*pageSize); f.Unmap() },
		"fsync after unmapping": func(b *bench, f *Inode) { f.Unmap(); f.Sync() },
	} {
		t.Run(name, func(t *testing.T) {
			wantOutcomes(t, outcomes(t, func(b *bench) {
				f, memory := mapped(b)
				memory[0] = 'A'
				memory[pageSize] = 'B'
				sync(b, f)
			}, firsts), "ABc")
		})
	}
	got := outcomes(t, func(b *bench) {
		f, memory := mapped(b)
		memory[0] = 'A'
		f.Sync()
		memory[0] = '1'
		memory[pageSize] = 'B'
	}, firsts)
	wantOutcomes(t, got, "Abc", "1Bc", "1bc", "ABc")
}

func TestMappedWritesAreDurableInARange(t *testing.T) {
	got := outcomes(t, func(b *bench) {
		f, memory := mapped(b)
		memory[0] = 'A'
		memory[pageSize] = 'B'
		f.SyncRange(pageSize, pageSize)
	}, firsts)
	wantOutcomes(t, got, "aBc", "ABc")
	got = outcomes(t, func(b *bench) {
		f, memory := mapped(b)
		b.ok(f.Truncate(4 * pageSize))
		memory[0] = 'A'
		memory[3*pageSize] = 'D'
		f.SyncRange(0, pageSize)
	}, firsts)
	wantOutcomes(t, got, "Abc\x00", "AbcD")
}

func TestMappedWritesOfAProcessThatDied(t *testing.T) {
	b := newBench(t, 1)
	f, memory := mapped(b)
	memory[0] = 'A'
	f.Unmap()
	if got := firsts(b); got != "Abc" {
		t.Errorf("the file is %q", got)
	}
	memory, errno := f.Map(0, 3*pageSize, true)
	b.ok(errno)
	memory[pageSize] = 'B'
	f.Unmap()
	if got := firsts(b); got != "ABc" {
		t.Errorf("mapped again, the file is %q", got)
	}
}

func TestMappedHole(t *testing.T) {
	const size = 1 << 29 // nobody touches most of it
	got := outcomes(t, func(b *bench) {
		f := b.open("/f")
		b.ok(f.Truncate(size))
		f.Sync()
		memory, errno := f.Map(0, size, true)
		b.ok(errno)
		memory[size/2] = 'x'
		if b.random%2 == 0 {
			f.SyncRange(0, size)
		}
		f.Unmap()
	}, func(b *bench) string {
		f, _ := b.Lookup(b.Root(), "/f", true)
		middle := make([]byte, 1)
		f.ReadAt(middle, size/2)
		return fmt.Sprint(f.Size(), string(middle))
	})
	wantOutcomes(t, got, fmt.Sprint(size, "x"), fmt.Sprint(size, "\x00"))
}

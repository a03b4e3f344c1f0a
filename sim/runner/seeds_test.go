package runner

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParseSeeds(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []uint64
	}{
		{"7", []uint64{7}},
		{"1-4", []uint64{1, 2, 3, 4}},
		{"1,5, 9-11", []uint64{1, 5, 9, 10, 11}},
		{"0", []uint64{0}},
		{"18446744073709551614-18446744073709551615", []uint64{math.MaxUint64 - 1, math.MaxUint64}},
		{"", nil},
	} {
		s, err := ParseSeeds(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := slices.Collect(s.All); !slices.Equal(got, c.want) || s.Len() != len(c.want) {
			t.Errorf("%q: got %v (length %d), want %v", c.in, got, s.Len(), c.want)
		}
		var taken []uint64
		for rest := s; ; {
			seed, ok := rest.take()
			if !ok {
				break
			}
			taken = append(taken, seed)
		}
		if !slices.Equal(taken, c.want) || s.Len() != len(c.want) {
			t.Errorf("%q: took %v, want %v, and the list unchanged", c.in, taken, c.want)
		}
		if again, err := ParseSeeds(s.String()); err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%q: String gives %q", c.in, s.String())
		}
	}
}

func TestParseSeedsErrors(t *testing.T) {
	for _, in := range []string{"x", "-", "1-", "-5", "5-1", "1,,2", "1-2-3", "1.5", "18446744073709551616"} {
		_, err := ParseSeeds(in)
		if err == nil || !strings.Contains(err.Error(), "write a number, a range or a list") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestHugeRange(t *testing.T) {
	if n := Range(0, math.MaxUint64).Len(); n != math.MaxInt {
		t.Errorf("got %d", n)
	}
}

func TestSplitArgs(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"-addr :7000", []string{"-addr", ":7000"}},
		{`-name "a b" -empty '' x'y z'w`, []string{"-name", "a b", "-empty", "", "xy zw"}},
		{" a  b\t", []string{"a", "b"}},
	} {
		got, err := splitArgs(c.in)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, %v, want %q", c.in, got, err, c.want)
		}
	}
	if _, err := splitArgs(`"open`); err == nil {
		t.Error("an open quote is accepted")
	}
}

func TestSplit(t *testing.T) {
	reason, stacks := split(`some output
runtime: goroutine stack exceeds 1000-byte limit
fatal error: stack overflow

runtime stack:
runtime.throw({0x69f0b4?, 0x89cde0?})
	panic.go:1229 +0x48 fp=0x7ffc9e7992a8 sp=0x7ffc9e799278 pc=0x484208

goroutine 0 gp=0x89cde0 m=0 mp=0x89dde0 [idle]:
runtime.futex()

goroutine 7 gp=0x3b864f1c32c1 m=nil [chan receive]:
runtime.gopark(0x1)
	proc.go:462 +0xce
simgen/sim.(*client).serve(0x1)
	simulation.go:168 +0x2d
main.g()
	main.go:50 +0x1

goroutine 8 gp=0x3b864f1c32c1 m=nil [coroutine]:
simgen.(*worker).loop()
	worker.go:12 +0x1

goroutine 26 gp=0x3b864f1c32c0 m=0 mp=0x89dde0 [running]:
main.f(0xa16b2?)
	main.go:39 +0x145 fp=0x3b866f260750 sp=0x3b866f260748 pc=0x60b6c5
`)
	if want := "runtime: goroutine stack exceeds 1000-byte limit\nfatal error: stack overflow"; reason != want {
		t.Errorf("reason %q, want %q", reason, want)
	}
	want := "goroutine 26 [running]:\nmain.f(...)\n\tmain.go:39\n\ngoroutine 7 [chan receive]:\nmain.g()\n\tmain.go:50"
	if stacks != want {
		t.Errorf("stacks %q\nwant %q", stacks, want)
	}
	if reason, _ := split("a\nb\n"); reason != "a\nb" {
		t.Errorf("without last words: %q", reason)
	}
}

func TestTail(t *testing.T) {
	b := newTail(4)
	for _, s := range []string{"ab", "cdef", "ghijkl"} {
		b.Write([]byte(s))
	}
	if got := b.String(); got != "abcd\n[...]\nijkl" {
		t.Errorf("got %q", got)
	}
}

func TestPattern(t *testing.T) {
	if got := Pattern("TestA/n=3"); got != "^TestA$/^n=3$" {
		t.Errorf("got %q", got)
	}
}

func TestTestArgs(t *testing.T) {
	for _, c := range []struct {
		run   string
		tests []string
		want  string
	}{
		{"", nil, "."},
		{"KV", nil, "KV"},
		{"", []string{"TestA", "TestB"}, "^(TestA|TestB)$"},
		{"B", []string{"TestA", "TestB"}, "^(TestB)$"},
		{"^TestA$/^n=1$", []string{"TestA", "TestB"}, "^(TestA)$/^n=1$"},
		{"C", []string{"TestA"}, "^()$"},
	} {
		args, err := testArgs(c.run, c.tests)
		if err != nil || args[0] != "-test.run="+c.want {
			t.Errorf("%q of %q: %q, %v", c.run, c.tests, args, err)
		}
	}
	if _, err := testArgs("(", []string{"TestA"}); err == nil {
		t.Error("a broken expression is accepted")
	}
}

// What a worker wrote in seeds that are over is forgotten, however its output is cut into pieces.
func TestTailOfASeed(t *testing.T) {
	text := "before" + seedMark + "\x00simgen is a word" + seedMark + "panic: now" + seedMark[:3]
	for size := 1; size < len(text); size++ {
		b := newTail(100)
		for rest := []byte(text); len(rest) > 0; {
			n := min(size, len(rest))
			b.Write(rest[:n])
			rest = rest[n:]
		}
		if got := b.String(); got != "panic: now" {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
	}
}

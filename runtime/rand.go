package runtime

import (
	"math/bits"
	"unsafe"
)

// A Stream is an independent source of decisions: a change in how often one is
// asked does not shift the others.
type Stream int

const (
	Schedule Stream = iota
	Network
	Disk
	Clock
	ProcessRand
	Workload
	Faults
	streams
)

const golden = 0x9e3779b97f4a7c15

// source is a splitmix64 generator: one word of state, so that giving every
// process and every map range its own costs nothing.
type source uint64

//go:norace
func (r *source) next() uint64 {
	*r += golden
	return scramble(uint64(*r))
}

// below returns a uniform number in [0, n); n must not be 0. The rejection
// keeps it exactly uniform, which matters to nobody until n is huge.
//
//go:norace
func (r *source) below(n uint64) uint64 {
	hi, lo := bits.Mul64(r.next(), n)
	if lo < n {
		for limit := -n % n; lo < limit; {
			hi, lo = bits.Mul64(r.next(), n)
		}
	}
	return hi
}

// geometric returns a number of the geometric distribution of a given mean * ln 2:
// "stop with the same probability at each point", which no program can get in
// step with. -log2 of a uniform number is exponential; leading zeros are its
// integer part, and linear interpolation of the rest is close enough.
//
//go:norace
func (r *source) geometric(meanLn2 int32) int32 {
	u := r.next() | 1
	zeros := bits.LeadingZeros64(u)
	fraction := 0xffff - (u<<(zeros+1))>>48
	return int32((uint64(zeros)<<16 + fraction) * uint64(meanLn2) >> 16)
}

// scramble is the finaliser of splitmix64: a bijection that spreads every bit.
//
//go:norace
func scramble(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

//go:norace
func seededSource(seed uint64, purpose uint64) source {
	return source(scramble(scramble(seed+golden) ^ purpose*golden))
}

// hashString is FNV-1a, finished with scramble.
//
//go:norace
func hashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return scramble(h)
}

// Draw takes a decision: a uniform number in [0, n), or 64 random bits if n is
// 0. Its name is the path of the goroutine that asks, the kind, and how often
// that goroutine has asked for that kind. The decision goes into the hash.
//
//go:norace
func Draw(stream Stream, kind string, n uint64) uint64 {
	s := sched
	if s == nil {
		return 0
	}
	r := &s.sources[stream]
	var v uint64
	if n == 0 {
		v = r.next()
	} else {
		v = r.below(n)
	}
	s.mix(hashString(kind) ^ v)
	if s.cfg.Trace != nil {
		s.trace(kind, v)
	}
	return v
}

// Rand64 is the calling process's own randomness: math/rand, hash/maphash and
// the like. It is not part of the hash (what a program does with it is), and
// what one process takes does not shift another one's numbers.
//
//go:norace
func Rand64() uint64 {
	if s := sched; s != nil && s.cur != nil {
		return s.cur.process.rand.next()
	}
	return 0
}

// MemHash hashes n bytes at p, depending on nothing but them and the seed.
//
//go:norace
func MemHash(p unsafe.Pointer, seed, n uintptr) uintptr {
	b := unsafe.Slice((*byte)(p), n)
	h := uint64(seed) ^ uint64(n)*golden
	for len(b) >= 8 {
		h = fold(h^load64(b), golden)
		b = b[8:]
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return uintptr(scramble(fold(h^tail, 0xbf58476d1ce4e5b9)))
}

//go:norace
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo ^ a
}

//go:norace
func load64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

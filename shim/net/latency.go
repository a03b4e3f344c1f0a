package net

import (
	"math/bits"
	"time"
)

// Latency is a distribution of the time a packet needs from one host to another. Sample is a pure function of
// 64 random bits: the network draws them, so that a packet costs one decision whatever the distribution.
// It must not use floating point, whose last bit differs between processors.
type Latency interface {
	Sample(random uint64) time.Duration
}

// The latencies used where nothing else is configured: hosts in one data centre, and a host talking to itself.
var (
	DefaultLatency  Latency = Uniform{Min: 100 * time.Microsecond, Max: 600 * time.Microsecond}
	DefaultLoopback Latency = Uniform{Min: 10 * time.Microsecond, Max: 30 * time.Microsecond}
)

// Uniform is equally likely anywhere between Min and Max.
type Uniform struct{ Min, Max time.Duration }

// Sample implements Latency.
func (u Uniform) Sample(random uint64) time.Duration {
	if u.Max <= u.Min {
		return nonNegative(u.Min)
	}
	return nonNegative(u.Min) + scale(random, u.Max-nonNegative(u.Min))
}

// Exponential is Min plus an exponentially distributed time with the given Mean: mostly short, with a long
// tail. It is cut at Min plus 40 means, further than a draw of 64 bits reaches anyway.
type Exponential struct{ Min, Mean time.Duration }

// Sample implements Latency.
func (e Exponential) Sample(random uint64) time.Duration {
	if e.Mean <= 0 {
		return nonNegative(e.Min)
	}
	hi, lo := bits.Mul64(uint64(e.Mean), negLog(random))
	return nonNegative(e.Min) + time.Duration(hi<<(64-fraction)|lo>>fraction)
}

// Bimodal is Fast, except for SlowPercent of the packets, which take Slow: a network with an occasional
// retransmission, a full queue or a paused machine in between.
type Bimodal struct {
	Fast, Slow  Latency
	SlowPercent uint64
}

// Sample implements Latency.
func (b Bimodal) Sample(random uint64) time.Duration {
	// The choice takes the high bits by multiplication; the rest of the product is as random as before.
	choice, rest := bits.Mul64(random, 100)
	if choice < b.SlowPercent {
		return b.Slow.Sample(rest)
	}
	return b.Fast.Sample(rest)
}

// scale maps random to [0, d).
func scale(random uint64, d time.Duration) time.Duration {
	hi, _ := bits.Mul64(random, uint64(d))
	return time.Duration(hi)
}

func nonNegative(d time.Duration) time.Duration {
	if d < 0 {
		return 0
	}
	return d
}

const fraction = 24 // binary places of negLog

// negLog returns -ln(u) for u = random/2^64, as a fixed-point number. log2 is taken bit by bit: squaring the
// mantissa doubles its logarithm, and the carry is the next binary place.
func negLog(random uint64) uint64 {
	if random == 0 {
		random = 1
	}
	zeros := bits.LeadingZeros64(random)
	mantissa := random << zeros // 1.0 <= mantissa/2^63 < 2.0
	log2 := uint64(0)
	for i := 0; i < fraction; i++ {
		hi, lo := bits.Mul64(mantissa, mantissa)
		log2 <<= 1
		if hi>>63 == 1 {
			log2 |= 1
			mantissa = hi
		} else {
			mantissa = hi<<1 | lo>>63
		}
	}
	const ln2 = 11629080 // ln(2) * 2^24
	negLog2 := uint64(zeros+1)<<fraction - log2
	return negLog2 * ln2 >> fraction
}

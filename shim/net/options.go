package net

// Options are the socket options that change what a socket does. The others are accepted and remembered by the
// system call layer.
type Options struct {
	ReuseAddr, ReusePort bool
	V6Only               bool

	KeepAlive     bool
	KeepIdle      int64 // nanoseconds of silence before the first probe
	KeepInterval  int64 // nanoseconds between probes
	KeepCount     int   // unanswered probes until the connection is given up
	UserTimeout   int64 // nanoseconds data may stay unacknowledged; 0: the system's limit
	LingerZero    bool  // close resets the connection
	FinWait       int64 // nanoseconds a closed connection waits for the other end to finish; 0: the system's limit; < 0: none
	SYNs          int   // how often a SYN is sent again; 0: the system's limit
	SendBuffer    int   // bytes
	ReceiveBuffer int   // bytes
}

// SegmentSize is what an Ethernet leaves of 1500 bytes to TCP with timestamps.
const SegmentSize = 1448

// The buffers are fixed; Linux would let them grow.
const (
	defaultBuffer = 64 << 10
	minBuffer     = 4 << 10
	maxBuffer     = 8 << 20
)

func defaultOptions() Options {
	return Options{
		KeepIdle: 7200 * second, KeepInterval: 75 * second, KeepCount: 9,
		SendBuffer: defaultBuffer, ReceiveBuffer: defaultBuffer,
	}
}

// FinWaitTime is the time TCP_LINGER2 reports; less than 0 means none.
func (o *Options) FinWaitTime() int64 {
	if o.FinWait == 0 {
		return finWait
	}
	return o.FinWait
}

// SYNRetries is how often a SYN is sent again.
func (o *Options) SYNRetries() int {
	if o.SYNs == 0 {
		return synRetries
	}
	return o.SYNs
}

// BufferSize is what Linux makes of a requested buffer size: twice as much, within limits.
func BufferSize(requested int) int {
	return min(max(2*min(requested, maxBuffer), minBuffer), maxBuffer)
}

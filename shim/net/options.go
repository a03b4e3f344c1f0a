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
	SendBuffer    int   // bytes
	ReceiveBuffer int   // bytes
}

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

// BufferSize is what Linux makes of a requested buffer size: twice as much, within limits.
func BufferSize(requested int) int {
	return min(max(2*min(requested, maxBuffer), minBuffer), maxBuffer)
}

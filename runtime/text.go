package runtime

// Formatting without package strconv, which a simulation may be busy with.

//go:norace
func utoa(n uint64) string {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + n%10)
		if n /= 10; n == 0 {
			return string(buf[i:])
		}
	}
}

//go:norace
func itoa(n int64) string {
	if n < 0 {
		return "-" + utoa(-uint64(n))
	}
	return utoa(uint64(n))
}

//go:norace
func hex(n uint64) string {
	const digits = "0123456789abcdef"
	var buf [16]byte
	i := len(buf)
	for {
		i--
		buf[i] = digits[n&15]
		if n >>= 4; n == 0 {
			return string(buf[i:])
		}
	}
}

//go:norace
func quote(s string) string { return `"` + s + `"` }

// duration writes nanoseconds as seconds.
//
//go:norace
func duration(ns int64) string {
	millis := utoa(uint64(ns) / 1e6 % 1000)
	for len(millis) < 3 {
		millis = "0" + millis
	}
	return utoa(uint64(ns)/1e9) + "." + millis + "s"
}

//go:norace
func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

//go:norace
func hasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

//go:norace
func lastIndex(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

//go:norace
func index(s, sub string) int {
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i:i+len(sub)] == sub {
			return i
		}
	}
	return -1
}

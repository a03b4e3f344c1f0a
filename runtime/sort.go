package runtime

// sortBy is a stable merge sort over short runs that are sorted by insertion. Package slices is out
// of reach: it imports iter, which the floor builds on this package.
//
//go:norace
func sortBy[T any](x []T, less func(a, b T) bool) {
	const run = 12
	n := len(x)
	for lo := 0; lo < n; lo += run {
		for i, hi := lo+1, min(lo+run, n); i < hi; i++ {
			for j := i; j > lo && less(x[j], x[j-1]); j-- {
				x[j], x[j-1] = x[j-1], x[j]
			}
		}
	}
	if n <= run {
		return
	}
	from, to := x, make([]T, n)
	for width := run; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			merge(to[lo:hi], from[lo:mid], from[mid:hi], less)
		}
		from, to = to, from
	}
	copy(x, from) // no-op if it ended there
}

// merge puts the sorted a and b into to.
//
//go:norace
func merge[T any](to, a, b []T, less func(a, b T) bool) {
	for i := range to {
		if len(a) == 0 || len(b) > 0 && less(b[0], a[0]) {
			to[i], b = b[0], b[1:]
		} else {
			to[i], a = a[0], a[1:]
		}
	}
}

// sortWords is sortBy for numbers, which it compares itself.
//
//go:norace
func sortWords(x []uint64) {
	const run = 16
	n := len(x)
	for lo := 0; lo < n; lo += run {
		for i, hi := lo+1, min(lo+run, n); i < hi; i++ {
			v, j := x[i], i
			for ; j > lo && v < x[j-1]; j-- {
				x[j] = x[j-1]
			}
			x[j] = v
		}
	}
	if n <= run {
		return
	}
	from, to := x, make([]uint64, n)
	for width := run; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			mergeWords(to[lo:hi], from[lo:mid], from[mid:hi])
		}
		from, to = to, from
	}
	copy(x, from)
}

//go:norace
func mergeWords(to, a, b []uint64) {
	for i := range to {
		if len(a) == 0 || len(b) > 0 && b[0] < a[0] {
			to[i], b = b[0], b[1:]
		} else {
			to[i], a = a[0], a[1:]
		}
	}
}

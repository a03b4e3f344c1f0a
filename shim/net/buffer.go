package net

// buffer holds bytes between two points of a stream. It keeps its memory and moves its content to the front
// only when more than half of it is behind the start, so that each byte is moved less than once on average.
type buffer struct {
	data  []byte
	start int
}

func (b *buffer) len() int { return len(b.data) - b.start }

func (b *buffer) bytes() []byte { return b.data[b.start:] }

func (b *buffer) append(p []byte) {
	if b.start > 0 && len(b.data)+len(p) > cap(b.data) && b.start >= len(b.data)/2 {
		n := copy(b.data, b.data[b.start:])
		b.data, b.start = b.data[:n], 0
	}
	b.data = append(b.data, p...)
}

func (b *buffer) discard(n int) {
	b.start += n
	if b.start == len(b.data) {
		b.data, b.start = b.data[:0], 0
	}
}

// fifo is a queue that keeps its memory.
type fifo[T any] struct {
	items []T
	head  int
}

func (q *fifo[T]) len() int { return len(q.items) - q.head }

func (q *fifo[T]) front() *T { return &q.items[q.head] }

func (q *fifo[T]) push(v T) { q.items = append(q.items, v) }

func (q *fifo[T]) pop() T {
	var zero T
	v := q.items[q.head]
	q.items[q.head] = zero
	q.head++
	switch {
	case q.head == len(q.items):
		q.items, q.head = q.items[:0], 0
	case q.head >= 32 && q.head*2 >= len(q.items):
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return v
}

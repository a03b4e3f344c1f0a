package runtime

import "unsafe"

// A MapIter is a range over a map. Go leaves the order open; here it is a
// shuffle of the keys' canonical order, drawn from the seed. What the language
// does promise is kept: an entry deleted before it is reached is not produced,
// one inserted meanwhile may be left out, and values are read when their turn
// comes.
type MapIter[K comparable, V any] struct {
	m     map[K]V
	keys  []K
	nans  []V     // values of keys that no lookup finds, by position in keys; nil if there are none
	order []int32 // positions in keys; nil: as they are
	next  int
	key   K
	value V
}

// RangeMap is range m.
//
//go:norace
func RangeMap[M ~map[K]V, K comparable, V any](m M) *MapIter[K, V] {
	it := &MapIter[K, V]{m: m}
	if len(m) == 0 {
		return it
	}
	it.keys = make([]K, 0, len(m))
	for k, v := range m {
		if k != k {
			if it.nans == nil {
				it.nans = make([]V, len(m))
			}
			it.nans[len(it.keys)] = v
		}
		it.keys = append(it.keys, k)
	}
	if g := current(); g != nil && len(it.keys) > 1 {
		it.shuffle(sched, &g.vars.pointers)
	}
	return it
}

// Next goes to the next entry that still exists.
//
//go:norace
func (it *MapIter[K, V]) Next() bool {
	for it.next < len(it.keys) && len(it.m) > 0 {
		i := it.next
		if it.order != nil {
			i = int(it.order[i])
		}
		it.next++
		it.key = it.keys[i]
		if it.key != it.key {
			it.value = it.nans[i]
			return true
		}
		var ok bool
		if it.value, ok = it.m[it.key]; ok {
			return true
		}
	}
	return false
}

// Key returns the entry's key.
//
//go:norace
func (it *MapIter[K, V]) Key() K { return it.key }

// Value returns the entry's value.
//
//go:norace
func (it *MapIter[K, V]) Value() V { return it.value }

// shuffle puts the keys into the canonical order and draws another one.
//
//go:norace
func (it *MapIter[K, V]) shuffle(s *scheduler, ids *pointerIDs) {
	t := typeOf[K]()
	n := len(it.keys)
	base := unsafe.Pointer(unsafe.SliceData(it.keys))
	switch k := t.kind(); {
	case k == kindString:
		sortOrdered(unsafe.Slice((*string)(base), n))
	case (k == kindInt || k == kindInt64) && t.size == 8:
		sortOrdered(unsafe.Slice((*int64)(base), n))
	case (k == kindUint || k == kindUint64 || k == kindUintptr) && t.size == 8:
		sortOrdered(unsafe.Slice((*uint64)(base), n))
	case k == kindInt32:
		sortOrdered(unsafe.Slice((*int32)(base), n))
	case k == kindUint32:
		sortOrdered(unsafe.Slice((*uint32)(base), n))
	default:
		it.sortAny(ids, t, base)
	}
	r := seededSource(s.picks.next(), 0)
	if it.order == nil {
		for i := n - 1; i > 0; i-- {
			j := r.below(uint64(i + 1))
			it.keys[i], it.keys[j] = it.keys[j], it.keys[i]
		}
		return
	}
	for i := n - 1; i > 0; i-- {
		j := r.below(uint64(i + 1))
		it.order[i], it.order[j] = it.order[j], it.order[i]
	}
}

// sortAny orders keys of any type. Positions are sorted, not the keys, because
// the walk over a type needs addresses that stay. Keys that compare equal can
// only be NaNs: their values decide.
//
//go:norace
func (it *MapIter[K, V]) sortAny(ids *pointerIDs, t *abiType, base unsafe.Pointer) {
	n := len(it.keys)
	if t.hasPointers() {
		ids.adopt(t, base, n)
	}
	it.order = make([]int32, n)
	for i := range it.order {
		it.order[i] = int32(i)
	}
	tv := typeOf[V]()
	values := unsafe.Pointer(unsafe.SliceData(it.nans))
	sortBy(it.order, func(i, j int32) bool {
		c := t.compare(ids, unsafe.Add(base, uintptr(i)*t.size), unsafe.Add(base, uintptr(j)*t.size))
		if c == 0 && values != nil {
			c = tv.compare(ids, unsafe.Add(values, uintptr(i)*tv.size), unsafe.Add(values, uintptr(j)*tv.size))
		}
		return c < 0
	})
}

// MapKey returns k. It is called where a key with pointers in it is put into a
// map, and gives the pointers their ids: the order in which a program inserts
// is the same on every run, their addresses are not.
//
//go:norace
func MapKey[K comparable](k K) K {
	g := current()
	if g == nil {
		return k
	}
	t := typeOf[K]()
	ids := &g.vars.pointers
	if t.kind() == kindPointer {
		ids.register(*(*unsafe.Pointer)(unsafe.Pointer(&k)))
	} else if t.hasPointers() {
		t.walkPointers(unsafe.Pointer(&k), ids.register)
	}
	return k
}

// pointerIDs numbers the addresses that have been map keys in a process. It
// holds on to them for as long as the process lives, so that no address comes
// back as another object's. It is a table of its own, with open addressing,
// because a map would tell the race detector about accesses that the program
// does not make.
type pointerIDs struct {
	entries []pointerID
	count   uint64
}

type pointerID struct {
	address unsafe.Pointer
	id      uint64
}

// entry returns the place of an address, or the empty place where it belongs.
//
//go:norace
func (p *pointerIDs) entry(a unsafe.Pointer) *pointerID {
	mask := uint64(len(p.entries) - 1)
	for i := scramble(uint64(uintptr(a))); ; i++ {
		if e := &p.entries[i&mask]; e.address == a || e.address == nil {
			return e
		}
	}
}

//go:norace
func (p *pointerIDs) register(a unsafe.Pointer) {
	if a == nil {
		return
	}
	if p.count*2 >= uint64(len(p.entries)) {
		old := p.entries
		p.entries = make([]pointerID, max(16, 2*len(old)))
		for _, e := range old {
			if e.address != nil {
				*p.entry(e.address) = e
			}
		}
	}
	if e := p.entry(a); e.address == nil {
		p.count++
		*e = pointerID{a, p.count}
	}
}

// get returns the id of an address, 0 if it has none.
//
//go:norace
func (p *pointerIDs) get(a unsafe.Pointer) uint64 {
	if p.count == 0 || a == nil {
		return 0
	}
	return p.entry(a).id
}

// adopt registers the addresses in n keys that never passed through MapKey
// (another package's native code put them there). They are taken in order of
// address, which is reproducible for what lies in the binary itself, type
// descriptors above all, and the best that can be done for the rest.
//
//go:norace
func (p *pointerIDs) adopt(t *abiType, base unsafe.Pointer, n int) {
	var strange []unsafe.Pointer
	for i := range n {
		t.walkPointers(unsafe.Add(base, uintptr(i)*t.size), func(a unsafe.Pointer) {
			if p.get(a) == 0 {
				strange = append(strange, a)
			}
		})
	}
	sortBy(strange, func(a, b unsafe.Pointer) bool { return uintptr(a) < uintptr(b) })
	for _, a := range strange {
		p.register(a)
	}
}

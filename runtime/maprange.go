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
	nans  []V             // values of keys that no lookup finds, by position in keys; nil if there are none
	order []uint64        // positions in keys, if there are many
	few   [fewKeys]uint64 // the same, if there are few
	next  int
	key   K
	value V
}

// fewKeys is how many keys an iterator has room for in itself.
const fewKeys = 8

// RangeMap is range m. It is small enough to be inlined, so that the iterator
// needs no allocation.
//
//go:norace
func RangeMap[M ~map[K]V, K comparable, V any](m M) *MapIter[K, V] {
	it := &MapIter[K, V]{m: m}
	it.begin()
	return it
}

//go:norace
func (it *MapIter[K, V]) begin() {
	m := it.m
	if len(m) == 0 {
		return
	}
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
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
	n := len(it.keys)
	order := it.few[:min(n, fewKeys)]
	if n > fewKeys {
		it.order = make([]uint64, n)
		order = it.order
	}
	if g := current(); g != nil && n > 1 {
		it.shuffle(sched, &g.vars.pointers, order)
		return
	}
	for i := range order {
		order[i] = uint64(i)
	}
}

// Next goes to the next entry that still exists.
//
//go:norace
func (it *MapIter[K, V]) Next() bool {
	if hostRace {
		defer hostLeaveFrame(hostEnterFrame())
	}
	for it.next < len(it.keys) && len(it.m) > 0 {
		var i int
		if it.order != nil {
			i = int(it.order[it.next])
		} else {
			i = int(it.few[it.next])
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

// shuffle draws an order of the keys that depends on their values alone, not on
// where they lie. Simple keys are ordered by a hash of the key and one drawn
// number. The others, and the rare collision, are put into canonical order and
// then shuffled.
//
//go:norace
func (it *MapIter[K, V]) shuffle(s *scheduler, ids *pointerIDs, order []uint64) {
	t := typeOf[K]()
	base := unsafe.Pointer(unsafe.SliceData(it.keys))
	r := seededSource(s.picks.next(), 0)
	if !orderByHash(order, t, base, uint64(r)) {
		it.sortAny(ids, t, base, order)
		for i := len(order) - 1; i > 0; i-- {
			j := r.below(uint64(i + 1))
			order[i], order[j] = order[j], order[i]
		}
	}
}

// orderByHash orders keys that are strings or integers. It sorts one word per
// key, with the key's position in the low bits, and gives up if two hashes are
// equal: the positions come from the native map.
//
//go:norace
func orderByHash(order []uint64, t *abiType, base unsafe.Pointer, seed uint64) bool {
	const positions = 1 << 16
	n := len(order)
	if n > positions {
		return false
	}
	switch k := t.kind(); {
	case k == kindString:
		for i, key := range unsafe.Slice((*string)(base), n) {
			h := MemHash(unsafe.Pointer(unsafe.StringData(key)), uintptr(seed), uintptr(len(key)))
			order[i] = uint64(h)&^(positions-1) | uint64(i)
		}
	case k >= kindInt && k <= kindUintptr:
		for i := range order {
			key := unsigned(unsafe.Add(base, uintptr(i)*t.size), t.size)
			order[i] = scramble(key^seed)&^(positions-1) | uint64(i)
		}
	default:
		return false
	}
	sortWords(order)
	for i := range order {
		if i > 0 && order[i]/positions == order[i-1]/positions {
			return false
		}
	}
	for i := range order {
		order[i] %= positions
	}
	return true
}

// sortAny orders keys of any type. Positions are sorted, not the keys, because
// the walk over a type needs addresses that stay. Keys that compare equal can
// only be NaNs: their values decide, and where these have no order either, it is
// the host's, which is said.
//
//go:norace
func (it *MapIter[K, V]) sortAny(ids *pointerIDs, t *abiType, base unsafe.Pointer, order []uint64) {
	n := len(order)
	if t.hasPointers() {
		ids.adopt(t, base, n)
	}
	for i := range order {
		order[i] = uint64(i)
	}
	tv := typeOf[V]()
	values := unsafe.Pointer(unsafe.SliceData(it.nans))
	unsure := false
	sortBy(order, func(i, j uint64) bool {
		c := t.compare(ids, unsafe.Add(base, uintptr(i)*t.size), unsafe.Add(base, uintptr(j)*t.size))
		if c == 0 && values != nil && i != j {
			v, w := unsafe.Add(values, uintptr(i)*tv.size), unsafe.Add(values, uintptr(j)*tv.size)
			if c = tv.compare(ids, v, w); c == 0 && tv.apart(v, w) {
				unsure = true
			}
		}
		return c < 0
	})
	if unsure && !ids.warned {
		ids.warned = true
		sched.warn("the order of this range over a map may differ between runs of one seed: several keys are not equal to" +
			" themselves (NaN), and their values cannot be put in an order\n" + callerStack())
	}
}

// MapOrder is the order of a range over a map with these keys, as positions in
// keys. At the position of a key that no lookup finds nans has its value.
//
//go:norace
func MapOrder(keys, nans []any) []uint64 {
	it := MapIter[any, any]{keys: keys, nans: nans}
	order := make([]uint64, len(keys))
	for i := range order {
		order[i] = uint64(i)
	}
	if g := current(); g != nil && len(keys) > 1 {
		it.shuffle(sched, &g.vars.pointers, order)
	}
	return order
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

// Address is what a program prints of an address. To a simulated process the heap
// looks as if it lay at the same place on every run: what is printed first comes
// first.
//
//go:norace
func Address(p unsafe.Pointer) uintptr {
	g := current()
	if g == nil || p == nil {
		return uintptr(p)
	}
	ids := &g.vars.pointers
	ids.register(p)
	return heapStart + uintptr(ids.get(p))*addressStep
}

// Go's heap begins at heapStart on 64-bit systems; addresses that are printed are
// addressStep apart.
const (
	heapStart   = 0xc000000000
	addressStep = 0x40
)

// pointerIDs numbers the addresses that have been map keys, or printed, in a process. It
// holds on to them for as long as the process lives, so that no address comes
// back as another object's. It is a table of its own, with open addressing,
// because a map would tell the race detector about accesses that the program
// does not make.
type pointerIDs struct {
	entries []pointerID
	warned  bool
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
	onHeap := 0
	for _, a := range strange {
		if p.get(a) == 0 && !inBinary(a) {
			onHeap++
		}
		p.register(a)
	}
	if onHeap > 1 && !p.warned {
		p.warned = true
		sched.warn("the order of this range over a map may differ between runs of one seed: " + utoa(uint64(onHeap)) +
			" keys have addresses in them and were inserted by code that is not simulated\n" + callerStack())
	}
}

// inBinary reports whether an address lies in the program's own image, where it
// is the same on every run, and not on the heap, which is terabytes away.
//
//go:norace
func inBinary(a unsafe.Pointer) bool {
	const image = 1 << 30
	return uintptr(a)-uintptr(unsafe.Pointer(&sched))+image < 2*image
}

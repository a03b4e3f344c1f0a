package runtime

import "unsafe"

// HashComparable is a hash of v that is the same on every run and machine: Go's own
// hashes are keyed by the host process, and those of pointers are made of their
// addresses. It reports false for a value that has no hash, because an interface in
// it holds what cannot be compared.
//
//go:norace
func HashComparable[T comparable](v T, seed uint64) (hash uint64, ok bool) {
	h := valueHash{&current().vars.pointers, seed, true}
	h.value(typeOf[T](), unsafe.Pointer(&v))
	return scramble(h.sum), h.ok
}

// valueHash is a hash of values that are equal when Go says so.
type valueHash struct {
	ids *pointerIDs
	sum uint64
	ok  bool
}

//go:norace
func (h *valueHash) word(v uint64) { h.sum = fold(h.sum^v, golden) + v }

//go:norace
func (h *valueHash) value(t *abiType, p unsafe.Pointer) {
	switch k := t.kind(); k {
	case kindBool, kindUint, kindUint8, kindUint16, kindUint32, kindUint64, kindUintptr,
		kindInt, kindInt8, kindInt16, kindInt32, kindInt64:
		h.word(unsigned(p, t.size))
	case kindString:
		s := *(*string)(p)
		h.word(uint64(MemHash(unsafe.Pointer(unsafe.StringData(s)), uintptr(h.sum), uintptr(len(s)))))
	case kindFloat32:
		h.float(float64(*(*float32)(p)))
	case kindFloat64:
		h.float(*(*float64)(p))
	case kindComplex64:
		c := *(*complex64)(p)
		h.float(float64(real(c)))
		h.float(float64(imag(c)))
	case kindComplex128:
		c := *(*complex128)(p)
		h.float(real(c))
		h.float(imag(c))
	case kindChan, kindPointer, kindUnsafePointer:
		a := *(*unsafe.Pointer)(p)
		h.ids.register(a)
		h.word(h.ids.get(a))
	case kindInterface:
		if typ, v := t.dynamic(p); typ != nil {
			h.word(uint64(typ.hash))
			h.value(typ, v)
		}
	case kindArray:
		a := (*arrayType)(unsafe.Pointer(t))
		for i := range a.len {
			h.value(a.elem, unsafe.Add(p, i*a.elem.size))
		}
	case kindStruct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			if !f.blank() {
				h.value(f.typ, unsafe.Add(p, f.offset))
			}
		}
	default:
		h.ok = false
	}
}

// float takes both zeros for one. NaN is equal to nothing, so its hash is drawn.
//
//go:norace
func (h *valueHash) float(f float64) {
	switch {
	case f == 0:
		h.word(0)
	case f != f:
		h.word(Rand64())
	default:
		h.word(*(*uint64)(unsafe.Pointer(&f)))
	}
}

// blank reports whether a field is called _, which comparisons leave out.
//
//go:norace
func (f *structField) blank() bool {
	const length, text = 1, 2 // after the flags
	return *(*byte)(unsafe.Add(unsafe.Pointer(f.name), length)) == 1 && *(*byte)(unsafe.Add(unsafe.Pointer(f.name), text)) == '_'
}

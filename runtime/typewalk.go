package runtime

import (
	"cmp"
	"unsafe"
)

// Map keys have to be put in an order that has nothing to do with their
// addresses, whatever their type. Package reflect is above this one, so the
// types are walked here. The layout of Go's type descriptors is as it has been
// since 1.24; checkLayout looks at it before anything relies on it.

type abiType struct {
	size       uintptr
	ptrBytes   uintptr
	hash       uint32
	tflag      uint8
	align      uint8
	fieldAlign uint8
	kindBits   uint8
	equal      func(unsafe.Pointer, unsafe.Pointer) bool
	gcData     *byte
	str        int32
	ptrToThis  int32
}

type (
	ptrType struct {
		abiType
		elem *abiType
	}
	arrayType struct {
		abiType
		elem, slice *abiType
		len         uintptr
	}
	structType struct {
		abiType
		pkgPath unsafe.Pointer
		fields  []structField
	}
	structField struct {
		name   *byte
		typ    *abiType
		offset uintptr
	}
	interfaceType struct {
		abiType
		pkgPath unsafe.Pointer
		methods []struct{ name, typ int32 }
	}
	eface struct {
		typ  *abiType
		data unsafe.Pointer
	}
	itab struct {
		inter *interfaceType
		typ   *abiType
	}
)

const (
	kindBool = 1 + iota
	kindInt
	kindInt8
	kindInt16
	kindInt32
	kindInt64
	kindUint
	kindUint8
	kindUint16
	kindUint32
	kindUint64
	kindUintptr
	kindFloat32
	kindFloat64
	kindComplex64
	kindComplex128
	kindArray
	kindChan
	kindFunc
	kindInterface
	kindMap
	kindPointer
	kindSlice
	kindString
	kindStruct
	kindUnsafePointer

	kindMask = 31
)

//go:norace
func (t *abiType) kind() uint8 { return t.kindBits & kindMask }

//go:norace
func init() {
	type probe struct {
		a int32
		b [3]any
		c *int8
	}
	t := typeOf[probe]()
	if t.kind() == kindStruct && t.size == unsafe.Sizeof(probe{}) {
		if f := (*structType)(unsafe.Pointer(t)).fields; len(f) == 3 &&
			f[0].typ.kind() == kindInt32 && f[1].offset == 8 && f[1].typ.kind() == kindArray {
			a := (*arrayType)(unsafe.Pointer(f[1].typ))
			if a.len == 3 && a.elem.kind() == kindInterface && f[2].typ.kind() == kindPointer {
				return
			}
		}
	}
	panic("simgen: this release of Go lays types out in another way than simgen knows; see type abiType in simgen's runtime/typewalk.go")
}

// typeOf returns the descriptor of T without making a T.
//
//go:norace
func typeOf[T any]() *abiType {
	var p any = (*T)(nil)
	return (*ptrType)(unsafe.Pointer((*eface)(unsafe.Pointer(&p)).typ)).elem
}

// unpack returns the dynamic type of v and a pointer to the value.
//
//go:norace
func unpack(v any) (*abiType, unsafe.Pointer) {
	e := (*eface)(unsafe.Pointer(&v))
	if e.typ == nil {
		return nil, nil
	}
	if e.typ.pointerShaped() {
		p := new(unsafe.Pointer)
		*p = e.data
		return e.typ, unsafe.Pointer(p)
	}
	return e.typ, e.data
}

// pointerShaped reports whether an interface holds the value itself instead of
// a pointer to it.
//
//go:norace
func (t *abiType) pointerShaped() bool {
	switch t.kind() {
	case kindChan, kindFunc, kindMap, kindPointer, kindUnsafePointer:
		return true
	case kindArray:
		a := (*arrayType)(unsafe.Pointer(t))
		return a.len == 1 && a.elem.pointerShaped()
	case kindStruct:
		f := (*structType)(unsafe.Pointer(t)).fields
		return len(f) == 1 && f[0].typ.pointerShaped()
	}
	return false
}

// hasPointers reports whether the identity of a value of this type may depend
// on an address.
//
//go:norace
func (t *abiType) hasPointers() bool {
	switch t.kind() {
	case kindChan, kindPointer, kindUnsafePointer, kindInterface:
		return true
	case kindArray:
		a := (*arrayType)(unsafe.Pointer(t))
		return a.len > 0 && a.elem.hasPointers()
	case kindStruct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			if f.typ.hasPointers() {
				return true
			}
		}
	}
	return false
}

// dynamic returns type and value of an interface in memory.
//
//go:norace
func (t *abiType) dynamic(p unsafe.Pointer) (*abiType, unsafe.Pointer) {
	typ := *(**abiType)(p)
	if typ == nil {
		return nil, nil
	}
	if len((*interfaceType)(unsafe.Pointer(t)).methods) > 0 {
		typ = (*itab)(unsafe.Pointer(typ)).typ
	}
	data := unsafe.Add(p, unsafe.Sizeof(uintptr(0)))
	if typ.pointerShaped() {
		return typ, data
	}
	return typ, *(*unsafe.Pointer)(data)
}

// walkPointers calls f with every address the identity of a value depends on.
//
//go:norace
func (t *abiType) walkPointers(p unsafe.Pointer, f func(unsafe.Pointer)) {
	switch t.kind() {
	case kindChan, kindPointer, kindUnsafePointer:
		if a := *(*unsafe.Pointer)(p); a != nil {
			f(a)
		}
	case kindInterface:
		if typ, v := t.dynamic(p); typ != nil && typ.hasPointers() {
			typ.walkPointers(v, f)
		}
	case kindArray:
		a := (*arrayType)(unsafe.Pointer(t))
		if !a.elem.hasPointers() {
			return
		}
		for i := range a.len {
			a.elem.walkPointers(unsafe.Add(p, i*a.elem.size), f)
		}
	case kindStruct:
		for _, field := range (*structType)(unsafe.Pointer(t)).fields {
			if field.typ.hasPointers() {
				field.typ.walkPointers(unsafe.Add(p, field.offset), f)
			}
		}
	}
}

// compare orders two values of type t: numbers and strings by value, addresses
// by their ids, interfaces by type first. Values that cannot be map keys, and
// so have no identity, are equal.
//
//go:norace
func (t *abiType) compare(ids *pointerIDs, a, b unsafe.Pointer) int {
	switch k := t.kind(); k {
	case kindBool, kindUint, kindUint8, kindUint16, kindUint32, kindUint64, kindUintptr:
		return cmp.Compare(unsigned(a, t.size), unsigned(b, t.size))
	case kindInt, kindInt8, kindInt16, kindInt32, kindInt64:
		return cmp.Compare(signed(a, t.size), signed(b, t.size))
	case kindString:
		return cmp.Compare(*(*string)(a), *(*string)(b))
	case kindFloat32:
		return compareFloats(float64(*(*float32)(a)), float64(*(*float32)(b)), a, b, 4)
	case kindFloat64:
		return compareFloats(*(*float64)(a), *(*float64)(b), a, b, 8)
	case kindComplex64:
		c := compareFloats(float64(*(*float32)(a)), float64(*(*float32)(b)), a, b, 4)
		if c != 0 {
			return c
		}
		a, b = unsafe.Add(a, 4), unsafe.Add(b, 4)
		return compareFloats(float64(*(*float32)(a)), float64(*(*float32)(b)), a, b, 4)
	case kindComplex128:
		if c := compareFloats(*(*float64)(a), *(*float64)(b), a, b, 8); c != 0 {
			return c
		}
		a, b = unsafe.Add(a, 8), unsafe.Add(b, 8)
		return compareFloats(*(*float64)(a), *(*float64)(b), a, b, 8)
	case kindChan, kindPointer, kindUnsafePointer:
		return cmp.Compare(ids.get(*(*unsafe.Pointer)(a)), ids.get(*(*unsafe.Pointer)(b)))
	case kindInterface:
		return t.compareInterfaces(ids, a, b)
	case kindArray:
		e := (*arrayType)(unsafe.Pointer(t))
		for i := range e.len {
			if c := e.elem.compare(ids, unsafe.Add(a, i*e.elem.size), unsafe.Add(b, i*e.elem.size)); c != 0 {
				return c
			}
		}
	case kindStruct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			if c := f.typ.compare(ids, unsafe.Add(a, f.offset), unsafe.Add(b, f.offset)); c != 0 {
				return c
			}
		}
	}
	return 0
}

// apart reports whether two values that compare equal can be told apart all the
// same: they have addresses without ids in them.
//
//go:norace
func (t *abiType) apart(a, b unsafe.Pointer) bool {
	switch t.kind() {
	case kindChan, kindPointer, kindUnsafePointer, kindFunc, kindMap:
		return *(*unsafe.Pointer)(a) != *(*unsafe.Pointer)(b)
	case kindSlice:
		return *(*[3]uintptr)(a) != *(*[3]uintptr)(b)
	case kindInterface:
		typ, v := t.dynamic(a)
		_, w := t.dynamic(b)
		return typ != nil && typ.apart(v, w)
	case kindArray:
		e := (*arrayType)(unsafe.Pointer(t))
		for i := range e.len {
			if e.elem.apart(unsafe.Add(a, i*e.elem.size), unsafe.Add(b, i*e.elem.size)) {
				return true
			}
		}
	case kindStruct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			if f.typ.apart(unsafe.Add(a, f.offset), unsafe.Add(b, f.offset)) {
				return true
			}
		}
	}
	return false
}

// compareInterfaces uses the hash the compiler made of each type's name: unlike
// the descriptor's address it is the same in every binary.
//
//go:norace
func (t *abiType) compareInterfaces(ids *pointerIDs, a, b unsafe.Pointer) int {
	ta, va := t.dynamic(a)
	tb, vb := t.dynamic(b)
	switch {
	case ta == tb && ta == nil:
		return 0
	case ta == nil:
		return -1
	case tb == nil:
		return 1
	case ta != tb:
		if c := cmp.Compare(ta.hash, tb.hash); c != 0 {
			return c
		}
		return cmp.Compare(ta.size, tb.size)
	}
	return ta.compare(ids, va, vb)
}

// compareFloats puts NaNs first, ordered by their bits.
//
//go:norace
func compareFloats(x, y float64, a, b unsafe.Pointer, size uintptr) int {
	if c := cmp.Compare(x, y); c != 0 || x == x {
		return c
	}
	return cmp.Compare(unsigned(a, size), unsigned(b, size))
}

//go:norace
func unsigned(p unsafe.Pointer, size uintptr) uint64 {
	switch size {
	case 1:
		return uint64(*(*uint8)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case 4:
		return uint64(*(*uint32)(p))
	}
	return *(*uint64)(p)
}

//go:norace
func signed(p unsafe.Pointer, size uintptr) int64 {
	switch size {
	case 1:
		return int64(*(*int8)(p))
	case 2:
		return int64(*(*int16)(p))
	case 4:
		return int64(*(*int32)(p))
	}
	return *(*int64)(p)
}

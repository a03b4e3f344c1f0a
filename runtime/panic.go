package runtime

import (
	"runtime"
)

// panicText writes a panic's value as Go's own runtime does.
//
//go:norace
func panicText(v any) (text string) {
	defer func() {
		if recover() != nil {
			text = typeName(v) + " (its own text panics)"
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int:
		return itoa(int64(v))
	case int8:
		return itoa(int64(v))
	case int16:
		return itoa(int64(v))
	case int32:
		return itoa(int64(v))
	case int64:
		return itoa(v)
	case uint:
		return utoa(uint64(v))
	case uint8:
		return utoa(uint64(v))
	case uint16:
		return utoa(uint64(v))
	case uint32:
		return utoa(uint64(v))
	case uint64:
		return utoa(v)
	case uintptr:
		return utoa(uint64(v))
	case float32:
		return ftoa(float64(v))
	case float64:
		return ftoa(v)
	}
	return customText(v)
}

// customText writes a value of a type the program defined. Go adds the address
// of one that is not basic; an address is nothing a simulation may show.
//
//go:norace
func customText(v any) string {
	name := typeName(v)
	t, p := unpack(v)
	switch k := t.kind(); {
	case k == kindString:
		return name + "(" + quote(*(*string)(p)) + ")"
	case k == kindBool:
		if *(*bool)(p) {
			return name + "(true)"
		}
		return name + "(false)"
	case k >= kindInt && k <= kindInt64:
		return name + "(" + itoa(signed(p, t.size)) + ")"
	case k >= kindUint && k <= kindUintptr:
		return name + "(" + utoa(unsigned(p, t.size)) + ")"
	}
	return "(" + name + ") {...}"
}

// typeName asks Go's runtime for the name of v's type: a failed conversion is
// the one way to get it without package reflect.
//
//go:norace
func typeName(v any) (name string) {
	defer func() {
		if e, ok := recover().(*runtime.TypeAssertionError); ok {
			name = e.Error()
			const before, after = "interface conversion: ", " is not "
			if hasPrefix(name, before) {
				name = name[len(before):]
			}
			if i := index(name, after); i >= 0 {
				name = name[:i]
			}
		}
	}()
	_ = v.(interface{ simgenHasNoSuchMethod() })
	return "unknown type"
}

// ftoa writes a float as Go's print does: +1.500000e+000.
//
//go:norace
func ftoa(f float64) string {
	switch {
	case f != f:
		return "NaN"
	case f > 0 && f == f/2:
		return "+Inf"
	case f < 0 && f == f/2:
		return "-Inf"
	}
	sign := "+"
	if f < 0 {
		sign, f = "-", -f
	}
	exp := 0
	if f != 0 {
		for f >= 10 {
			f /= 10
			exp++
		}
		for f < 1 {
			f *= 10
			exp--
		}
		h := 5.0
		for range 7 {
			h /= 10
		}
		if f += h; f >= 10 {
			f /= 10
			exp++
		}
	}
	digits := utoa(uint64(f * 1e6))
	for len(digits) < 7 {
		digits = "0" + digits
	}
	expSign := "+"
	if exp < 0 {
		expSign, exp = "-", -exp
	}
	e := utoa(uint64(exp))
	for len(e) < 3 {
		e = "0" + e
	}
	return sign + digits[:1] + "." + digits[1:] + "e" + expSign + e
}

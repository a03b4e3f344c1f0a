package runtime

import (
	"strings"
	"testing"
)

// Two packages and a program, as the rewriter would register them: b imports a,
// the program imports b.
var (
	varA    = 1
	handleA = NewVar(&varA)
	varB    []string
	handleB = NewVar(&varB)
	initLog = new([]string)
)

func init() {
	Register(&Package{Path: "test/a", Handles: []Handle{&handleA}, Vars: []Initialiser{{Run: func() { *handleA.At() = 1 }}}, Init: []func(){func() { log("a") }}})
	Register(&Package{
		Path: "test/b", Imports: []string{"test/a", "not/rewritten"}, Handles: []Handle{&handleB},
		Vars: []Initialiser{{Run: func() { *handleB.At() = []string{"b"} }}},
		Init: []func(){func() { *handleA.At() *= 5; log("b") }},
	})
	Register(&Package{Path: "test/unrelated", Init: []func(){func() { log("unrelated") }}})
	Register(&Package{Path: "test/main", Imports: []string{"test/b", "test/a"}, Main: func() {
		log("main in " + CurrentProcess().Name())
		Exit(*handleA.At())
	}})
	Register(&Package{
		Path: "test/a",
		Vars: []Initialiser{{Run: func() { log("a's test variables") }}},
		Init: []func(){func() { log("a's tests") }},
	})
}

func log(s string) { *initLog = append(*initLog, s) }

// A process runs the initialisation of its program's packages again, in Go's
// order, then main; each process has its own variables, and the native ones are
// untouched.
func TestProcessVariables(t *testing.T) {
	*initLog = nil
	simulate(t, 1, func(*machine) {
		for _, name := range []string{"one", "two"} {
			p := NewProcess(name, "test/main")
			p.Start(nil)
			if st := p.Wait(); st.Code != 5 {
				Fail("error", name+" ended with "+itoa(int64(st.Code)))
			}
		}
		p := NewProcess("three", "test/b")
		p.Start(func() {
			(*handleA.At())++
			*handleB.At() = append(*handleB.At(), "three")
			if *handleA.At() != 6 || len(*handleB.At()) != 2 {
				Fail("error", "variables are not this process's")
			}
		})
		p.Wait()
	})
	a := "a's test variables a a's tests"
	want := a + " b main in one " + a + " b main in two " + a + " b"
	if got := strings.Join(*initLog, " "); got != want {
		t.Errorf("initialised %q, want %q", got, want)
	}
	if varA != 1 || varB != nil {
		t.Errorf("native variables have changed: %d, %q", varA, varB)
	}
	if handleA.At() != &varA {
		t.Error("native code does not get the native variable")
	}
}

// The harness's closure is Config.Program's; a workload may share its
// variables. A variable of a package that is not initialised in a process
// starts as a copy of the native one.
func TestSharedVariables(t *testing.T) {
	r := Run(Config{Program: "test/b", Kernel: &machine{t: t}, Main: func() {
		p := NewProcess("workload", "test/b")
		p.ShareGlobals(CurrentProcess())
		p.Start(func() { *handleA.At() = 77 })
		p.Wait()
		if *handleA.At() != 77 {
			Fail("error", "not shared")
		}
		q := NewProcess("bare", "")
		q.Start(func() {
			if *handleA.At() != 1 {
				Fail("error", "not a copy of the native variable")
			}
			*handleA.At() = 5
		})
		q.Wait()
	}})
	if r.Failure != nil {
		t.Error(r.Failure.Message)
	}
	if varA != 1 {
		t.Error("the native variable has changed")
	}
}

// A panic or an exit during initialisation is one of the process.
func TestInitFailure(t *testing.T) {
	Register(&Package{Path: "test/broken", Init: []func(){func() { panicHere("in init") }}, Main: func() {}})
	m := simulate(t, 1, func(*machine) {
		p := NewProcess("broken", "test/broken")
		p.Start(nil)
		if p.Wait().Code != 2 {
			Fail("error", "exit code")
		}
	})
	contains(t, m.stderr.String(), "panic: in init", "panicHere")
	if !Registered("test/broken") || Registered("test/missing") {
		t.Error("Registered")
	}
}

// An initialiser that can wait runs when its variable is used first, in each
// process that does, and not before the variable's turn.
func TestDeferredInitialisers(t *testing.T) {
	var nativeEarly, nativeLate, nativeUnused, nativeBetween int
	early, late, unused := NewVar(&nativeEarly), NewVar(&nativeLate), NewVar(&nativeUnused)
	between := NewVar(&nativeBetween)
	var trail []string
	give := func(v *Var[int], name string, value int) Initialiser {
		return Initialiser{Of: v, Run: func() {
			trail = append(trail, name)
			Point() // nobody gets in between
			*v.At() = value
		}}
	}
	see := func(name string, v *Var[int]) Initialiser {
		return Initialiser{Run: func() { trail = append(trail, name+" "+itoa(int64(*v.At()))) }}
	}
	Register(&Package{
		Path:    "test/deferred",
		Handles: []Handle{&early, &late, &unused, &between},
		Vars: []Initialiser{
			see("first: early is", &early),
			give(&early, "early", 1), give(&late, "late", 2), give(&unused, "unused", 3),
			see("second: early is", &early),
			give(&between, "between", 4),
			{Run: func() { *early.At()++ }},
		},
		Init: []func(){func() { trail = append(trail, "init") }},
		Main: func() {},
	})
	simulate(t, 1, func(*machine) {
		for range 2 {
			p := NewProcess("one", "test/deferred")
			p.Start(func() {
				trail = append(trail, "main")
				if *early.At() != 2 || *late.At() != 2 || *between.At() != 4 || *late.At() != 2 {
					Fail("error", "wrong values")
				}
			})
			p.Wait()
		}
	})
	once := "first: early is 0, early, second: early is 1, init, main, late, between"
	if got := strings.Join(trail, ", "); got != once+", "+once {
		t.Errorf("got  %s\nwant %s, twice", got, once)
	}
	if nativeEarly+nativeLate+nativeUnused+nativeBetween != 0 {
		t.Error("native variables have changed")
	}
}

// Instances of different types do not lie on each other.
func TestInstancesAreApart(t *testing.T) {
	type pair struct{ a, b uint32 }
	n, p, s, b, e := 1, new(int), "s", []byte("b"), error(nil)
	u, q, large := uint8(7), pair{1, 2}, [100]int{99: 1}
	vn, vp, vs, vb, ve := NewVar(&n), NewVar(&p), NewVar(&s), NewVar(&b), NewVar(&e)
	vu, vq, vl := NewVar(&u), NewVar(&q), NewVar(&large)
	var empty struct{}
	vz := NewVar(&empty)
	Register(&Package{Path: "test/apart", Handles: []Handle{&vn, &vp, &vs, &vb, &ve, &vu, &vq, &vl, &vz}})
	simulate(t, 1, func(*machine) {
		*vn.At(), *vp.At(), *vs.At(), *vb.At() = 2, nil, "other", nil
		*ve.At(), *vu.At(), *vq.At() = strangeError{}, 8, pair{3, 4}
		vl.At()[0] = 5
		vz.At()
		if *vn.At() != 2 || *vp.At() != nil || *vs.At() != "other" || *vb.At() != nil || *ve.At() != (strangeError{}) ||
			*vu.At() != 8 || *vq.At() != (pair{3, 4}) || vl.At()[0] != 5 || vl.At()[99] != 1 {
			Fail("error", "values are mixed up")
		}
	})
	if n != 1 || p == nil || s != "s" || string(b) != "b" || e != nil || u != 7 || q != (pair{1, 2}) || large[0] != 0 {
		t.Error("native variables have changed")
	}
}

type strangeError struct{}

func (strangeError) Error() string { return "strange" }

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
	Register(&Package{Path: "test/a", Vars: []func(){func() { *handleA.At() = 1 }}, Init: []func(){func() { log("a") }}})
	Register(&Package{
		Path: "test/b", Imports: []string{"test/a", "not/rewritten"},
		Vars: []func(){func() { *handleB.At() = []string{"b"} }},
		Init: []func(){func() { *handleA.At() *= 5; log("b") }},
	})
	Register(&Package{Path: "test/unrelated", Init: []func(){func() { log("unrelated") }}})
	Register(&Package{Path: "test/main", Imports: []string{"test/b", "test/a"}, Main: func() {
		log("main in " + CurrentProcess().Name())
		Exit(*handleA.At())
	}})
	Register(&Package{
		Path: "test/a",
		Vars: []func(){func() { log("a's test variables") }},
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

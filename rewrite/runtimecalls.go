package rewrite

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Functions of package runtime, called or used as values.
//
//	runtime.Gosched()  =>  simgen.Gosched()
//
// The replacements have the same signatures and do the native thing outside a
// simulation.

// runtimeFuncs lists the functions that are replaced, with the reason.
var runtimeFuncs = map[string]string{
	"Gosched":      "yields to a goroutine that the seed chooses",
	"NumGoroutine": "counts the process's own goroutines",
	"Stack":        "knows simulated goroutines by their own names, states and creators",
	"GOMAXPROCS":   "must not depend on the host",
	"NumCPU":       "must not depend on the host",
	"SetFinalizer": "finalizers run when the program collects, not when the host does",
	"GC":           "the collections of a process are those it asks for",

	"GoroutineProfile": "shows the process's own goroutines",
	"ReadMemStats":     "the memory is the host's",
	"NumCgoCall":       "the calls are the host's",
	"AddCleanup":       "as SetFinalizer",

	"ThreadCreateProfile": "the threads are the host's",
	"MemProfile":          "the allocations are the host's",
	"BlockProfile":        "the waits are the host's",
	"MutexProfile":        "as BlockProfile",

	"SetCPUProfileRate":       "the profile would be the host's",
	"SetBlockProfileRate":     "as SetCPUProfileRate",
	"SetMutexProfileFraction": "as SetCPUProfileRate",
	"StartTrace":              "the trace would be the host's, and its reader would block in Go's runtime",
	"StopTrace":               "as StartTrace",
	"ReadTrace":               "as StartTrace",
	"Breakpoint":              "the signal would end the host's process",

	"LockOSThread":   "simulated goroutines share one thread and must not be bound to it",
	"UnlockOSThread": "as LockOSThread",
	"Goexit":         "the runtime has to know that the goroutine ends",
}

func collectRuntimeCall(f *fileWork, n node) {
	var id *ast.Ident
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if f.importedPackage(n.X) == "runtime" {
			id = n.Sel
		}
	case *ast.Ident:
		if _, ok := f.parent(0).(*ast.SelectorExpr); !ok {
			id = n // dot import
		}
	}
	if id == nil {
		return
	}
	fn, ok := f.Info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "runtime" || runtimeFuncs[fn.Name()] == "" {
		return
	}
	if fn.Signature().Recv() != nil {
		return
	}
	f.claim(n, func(c *astutil.Cursor) {
		if fn.Signature().TypeParams() != nil {
			f.upgrade = true
		}
		c.Replace(f.runtimeFunc(n.Pos(), fn.Name()))
	})
}

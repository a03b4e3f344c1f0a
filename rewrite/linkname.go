package rewrite

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Functions that a package outside the standard library pulls from Go's
// runtime. (Those of the standard library are the floor's.)
//
//	//go:linkname nanotime runtime.nanotime
//	func nanotime() int64
//
// becomes
//
//	//go:linkname simgen_native_nanotime runtime.nanotime
//	func nanotime() int64 {
//	    if simgen.Simulated() {
//	        return simgen.Nanotime()
//	    }
//	    return simgen_native_nanotime()
//	}
//
//	func simgen_native_nanotime() int64
//
// The declaration keeps its name and type, so that callers see no difference.
// Functions that only look at memory and types (mallocgc, memmove,
// typedmemmove) are left alone. Those that reach into the scheduler, the
// poller or the timers cannot work on simulated goroutines and are refused.

// pulled lists the functions with a simulated equivalent: statements, in which
// $1 is the first parameter, $R the type of the result, and simgen the runtime.
var pulled = map[string]string{
	"runtime.nanotime":                 "return $R(simgen.Nanotime())",
	"runtime.nanotime1":                "return $R(simgen.Nanotime())",
	"runtime.cputicks":                 "return $R(simgen.Nanotime())",
	"time.runtimeNano":                 "return $R(simgen.Nanotime())",
	"runtime.walltime":                 "return simgen.Walltime()",
	"time.now":                         "sec, nsec := simgen.Walltime(); return sec, nsec, simgen.Nanotime()",
	"runtime.fastrand":                 "return $R(simgen.Rand64())",
	"runtime.cheaprand":                "return $R(simgen.Rand64())",
	"runtime.fastrandn":                "return $R(uint64(uint32(simgen.Rand64())) * uint64($1) >> 32)",
	"runtime.cheaprandn":               "return $R(uint64(uint32(simgen.Rand64())) * uint64($1) >> 32)",
	"runtime.fastrandu":                "return $R(simgen.Rand64())",
	"runtime.fastrand64":               "return $R(simgen.Rand64())",
	"runtime.rand":                     "return $R(simgen.Rand64())",
	"math/rand.runtime_rand":           "return $R(simgen.Rand64())",
	"math/rand/v2.runtime_rand":        "return $R(simgen.Rand64())",
	"runtime.memhash":                  "return simgen.MemHash($1, $2, $3)",
	"runtime.memhash32":                "return simgen.MemHash($1, $2, 4)",
	"runtime.memhash64":                "return simgen.MemHash($1, $2, 8)",
	"runtime.strhash":                  "s := *(*string)($1); return simgen.MemHash(*(*unsafe.Pointer)($1), $2, uintptr(len(s)))",
	"hash/maphash.runtime_memhash":     "return simgen.MemHash($1, $2, $3)",
	"runtime.procPin":                  "return simgen.Pin()",
	"runtime.procUnpin":                "simgen.Unpin(); return",
	"runtime.procyield":                "simgen.Point(); return",
	"runtime.osyield":                  "simgen.Gosched(); return",
	"runtime.usleep":                   "simgen.Sleep(int64($1) * 1000); return",
	"sync.runtime_procPin":             "return simgen.Pin()",
	"sync.runtime_procUnpin":           "simgen.Unpin(); return",
	"sync/atomic.runtime_procPin":      "return simgen.Pin()",
	"sync/atomic.runtime_procUnpin":    "simgen.Unpin(); return",
	"sync.runtime_canSpin":             "return false",
	"sync.runtime_doSpin":              "simgen.Point(); return",
	"sync.runtime_nanotime":            "return $R(simgen.Nanotime())",
	"sync.runtime_Semacquire":          "simgen.Semacquire($1, false); return",
	"sync.runtime_SemacquireMutex":     "simgen.Semacquire($1, $2); return",
	"sync.runtime_Semrelease":          "simgen.Semrelease($1, $2); return",
	"internal/sync.runtime_nanotime":   "return $R(simgen.Nanotime())",
	"internal/poll.runtime_Semacquire": "simgen.Semacquire($1, false); return",
	"internal/poll.runtime_Semrelease": "simgen.Semrelease($1, false); return",
	"os.runtime_args":                  "return simgen.Args()",
	"syscall.runtime_envs":             "return simgen.Env()",
}

// refusedPulls lists what cannot work on simulated goroutines: a name, or the
// start of several.
var refusedPulls = []string{
	"runtime.gopark", "runtime.goready", "runtime.ready", "runtime.newproc", "runtime.mcall", "runtime.gosched_m",
	"runtime.systemstack", "runtime.stopTheWorld", "runtime.startTheWorld", "runtime.acquirem", "runtime.newcoro",
	"runtime.coroswitch", "runtime.netpoll", "runtime.addtimer", "runtime.deltimer", "runtime.startTimer",
	"runtime.stopTimer", "runtime.resetTimer", "runtime.notetsleep", "runtime.futex", "runtime.lock2", "runtime.casgstatus",
	"time.startTimer", "time.stopTimer", "time.resetTimer", "time.newTimer",
	"internal/poll.runtime_poll", "sync.runtime_notifyList", "sync.runtime_registerPoolCleanup",
}

// collectLinkname handles a function declaration without a body.
func collectLinkname(f *fileWork, n node) {
	d, ok := n.(*ast.FuncDecl)
	if !ok || d.Body != nil || d.Recv != nil || f.Std {
		return
	}
	directive, remote := f.linkname(d.Name.Name)
	if directive == nil {
		return
	}
	if code := pulled[remote]; code != "" {
		f.claimPull(d, directive, remote, code)
		return
	}
	for _, name := range refusedPulls {
		if strings.HasPrefix(remote, name) {
			f.diag(d.Pos(), d.Name.Name+" is linked to "+remote+", which does not know simulated goroutines",
				"use the exported equivalent, or build with a tag that leaves this file out")
			return
		}
	}
}

// linkname finds the directive that links a local name to another package's.
func (f *fileWork) linkname(local string) (directive *ast.Comment, remote string) {
	for _, g := range f.syntax.Comments {
		for _, c := range g.List {
			if fields := strings.Fields(c.Text); len(fields) == 3 && floor.IsLinkname(fields[0]) && fields[1] == local {
				return c, fields[2]
			}
		}
	}
	return nil, ""
}

// claimPull plans the wrapper of a pulled function.
func (f *fileWork) claimPull(d *ast.FuncDecl, directive *ast.Comment, remote, code string) {
	params := f.nameParams(d)
	for i, name := range params {
		code = strings.ReplaceAll(code, "$"+strconv.Itoa(i+1), name)
	}
	code = strings.ReplaceAll(code, "$R", resultType(d))
	native := f.freshName("simgen_native_" + d.Name.Name)
	run := native + "(" + strings.Join(params, ", ") + ")"
	if d.Type.Results != nil {
		run = "return " + run
	}
	body := "if simgen.Simulated() {\n" + code + "\n}\n" + run
	stmts := f.parseStmts(strings.ReplaceAll(body, "simgen.", f.alias+"."), d.Pos())
	if stmts == nil || strings.Contains(code, "$") {
		f.diag(d.Pos(), d.Name.Name+" does not have the type of "+remote, "declare it as the Go runtime does")
		return
	}
	f.usesRuntime = true
	f.claim(d, func(c *astutil.Cursor) {
		c.InsertAfter(f.bodyless(d, native))
		d.Body = block(d.End(), d.End(), stmts...)
		dropNoescape(d.Doc)
		word, _, _ := strings.Cut(directive.Text, " ")
		directive.Text = word + " " + native + " " + remote
	})
}

// resultType is the text of the one result of d, if it has one.
func resultType(d *ast.FuncDecl) string {
	if d.Type.Results == nil || len(d.Type.Results.List) != 1 {
		return ""
	}
	return types.ExprString(d.Type.Results.List[0].Type)
}

// dropNoescape replaces the directive that only declarations without a body
// may have by one that does no harm: removing it would tear the others off.
func dropNoescape(doc *ast.CommentGroup) {
	if doc == nil {
		return
	}
	for _, c := range doc.List {
		if c.Text == "//go:noescape" {
			c.Text = "//go:noinline"
		}
	}
}

// bodyless is the declaration of d under another name.
func (f *fileWork) bodyless(d *ast.FuncDecl, name string) *ast.FuncDecl {
	typ := clone(d.Type)
	reposition(typ, d.End())
	decl := &ast.FuncDecl{Name: ident(d.End(), name), Type: typ}
	f.added[decl] = true
	return decl
}

// nameParams gives every parameter of d a name and returns them.
func (f *fileWork) nameParams(d *ast.FuncDecl) []string {
	fresh := namesIn(d.Type)
	var names []string
	for _, field := range d.Type.Params.List {
		if len(field.Names) == 0 {
			field.Names = []*ast.Ident{ident(field.Pos(), "_")}
		}
		for _, id := range field.Names {
			if id.Name == "_" {
				id.Name = fresh.one("p" + strconv.Itoa(len(names)))
			}
			names = append(names, id.Name)
		}
	}
	return names
}

// parseStmts parses statements and places them at pos; nil if they do not
// parse, because a parameter is missing.
func (f *fileWork) parseStmts(code string, pos token.Pos) []ast.Stmt {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+code+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	body := file.Decls[0].(*ast.FuncDecl).Body
	reposition(body, pos)
	ast.Inspect(body, func(n ast.Node) bool {
		if n != nil {
			f.synthetic[n] = true
		}
		return true
	})
	return body.List
}

package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Which system calls a package makes by name.
//
// A call of unix.EpollCreate1 ends, through the functions of packages unix and syscall that the floor has patched, in a call of the
// simulation runtime's Syscall6 with a constant for its number. So a function has a summary: the calls of Syscall6 that it can come to, in which
// each argument is a constant, one of the function's own parameters, or unknown. The summary of a call is that of the function with the
// arguments in place of its parameters: of unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BUSY_POLL, 50), it is system call 54 with the second
// argument 1 and the third 46.
//
// Calls through interfaces, variables and fields are not followed. That is enough for what people write by name, and no more is claimed.

// An Argument is what is known of one argument of a system call.
type Argument struct {
	Param int    `json:",omitempty"` // which parameter of the function it is, from 1; 0: none
	Known bool   `json:",omitempty"` // it is the constant Value
	Value int64  `json:",omitempty"`
	Name  string `json:",omitempty"` // of the constant, if it has one
}

// A KernelCall is a system call that a function can come to: its number and its arguments.
type KernelCall [7]Argument

// A KernelUse is a place where a package names what comes to a system call.
type KernelUse struct {
	Pos  token.Position
	Call KernelCall
	By   string // the function that is called: unix.EpollCreate1
}

// primitive is the function of the simulation runtime that all system calls end in.
const primitive = "Syscall6"

// otherCalls are functions of the standard library, above package syscall, that come to what the machine does not have whatever they are called
// with.
var otherCalls = map[string]KernelCall{
	"os.StartProcess":            named("SYS_CLONE"),
	"os/exec.Cmd.Start":          named("SYS_CLONE"),
	"os/exec.Cmd.Run":            named("SYS_CLONE"),
	"os/exec.Cmd.Output":         named("SYS_CLONE"),
	"os/exec.Cmd.CombinedOutput": named("SYS_CLONE"),
	"net.ListenMulticastUDP": {
		{Known: true, Value: -1, Name: "SYS_SETSOCKOPT"}, {}, {Known: true, Value: 0, Name: "IPPROTO_IP"}, {Known: true, Value: 35, Name: "IP_ADD_MEMBERSHIP"},
	},
}

// named is a system call whose number depends on the architecture.
func named(name string) KernelCall { return KernelCall{{Known: true, Value: -1, Name: name}} }

// KernelCalls finds the system calls that the functions of a package can come to, and those that it names itself. It is asked before Rewrite,
// which changes the trees. of returns what is known of an imported package.
func KernelCalls(p *Package, of func(path string) map[string][]KernelCall) (summaries map[string][]KernelCall, uses []KernelUse) {
	k := &callFinder{Package: p, of: of, bodies: map[*types.Func]*ast.FuncDecl{}, done: map[*types.Func][]KernelCall{}, busy: map[*types.Func]bool{}}
	var order []*types.Func
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := p.Info.Defs[d.Name].(*types.Func); ok {
					k.bodies[fn] = d
					order = append(order, fn)
				}
			}
		}
	}
	summaries = map[string][]KernelCall{}
	for _, fn := range order { // which decides what functions that call each other know
		if list := k.summary(fn); len(list) > 0 {
			summaries[nameIn(fn)] = list
		}
	}
	if !p.Std && p.Path != floor.XSys {
		for _, f := range p.Files {
			if !f.Test { // what tests do, they often do outside of a simulation
				uses = append(uses, k.usesOf(f)...)
			}
		}
	}
	return summaries, uses
}

type callFinder struct {
	*Package
	of     func(path string) map[string][]KernelCall
	bodies map[*types.Func]*ast.FuncDecl
	done   map[*types.Func][]KernelCall
	busy   map[*types.Func]bool
}

// nameIn is a function's name within its package: F or T.M.
func nameIn(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := recv.Type()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// summary is what a function comes to.
func (k *callFinder) summary(fn *types.Func) []KernelCall {
	fn = fn.Origin()
	switch {
	case fn.Pkg() == nil || k.busy[fn]: // the cycle's other functions have it
		return nil
	case fn.Pkg() != k.Types:
		return k.imported(fn)
	}
	if list, ok := k.done[fn]; ok {
		return list
	}
	d := k.bodies[fn]
	if d == nil {
		return nil
	}
	k.busy[fn] = true
	defer delete(k.busy, fn)
	params := paramsOf(fn)
	var list []KernelCall
	k.eachCallee(simulatedPart(d.Body), func(at ast.Node, callee *types.Func, args []ast.Expr) {
		for _, c := range k.summary(callee) {
			if c = k.substitute(c, args, params); !slices.Contains(list, c) {
				list = append(list, c)
			}
		}
	})
	k.done[fn] = list
	return list
}

// paramsOf are the parameters of a function, from 1.
func paramsOf(fn *types.Func) map[types.Object]int {
	params, list := map[types.Object]int{}, fn.Signature().Params()
	for i := range list.Len() {
		params[list.At(i)] = i + 1
	}
	return params
}

// imported is what is known of another package's function.
func (k *callFinder) imported(fn *types.Func) []KernelCall {
	path, name := fn.Pkg().Path(), nameIn(fn)
	if path == runtimePath && name == primitive {
		var c KernelCall
		for i := range c {
			c[i].Param = i + 1
		}
		return []KernelCall{c}
	}
	if call, ok := otherCalls[path+"."+name]; ok {
		return []KernelCall{call}
	}
	return k.of(path)[name]
}

// simulatedPart is what of a function's body runs in a simulation: where the floor has put a guard in front of it, what that guards.
func simulatedPart(body *ast.BlockStmt) ast.Node {
	if len(body.List) == 0 {
		return body
	}
	guard, ok := body.List[0].(*ast.IfStmt)
	if !ok || guard.Else != nil || len(guard.Body.List) == 0 {
		return body
	}
	call, ok := guard.Cond.(*ast.CallExpr)
	if !ok {
		return body
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Simulated" {
		return body
	}
	if _, returns := guard.Body.List[len(guard.Body.List)-1].(*ast.ReturnStmt); !returns {
		return body
	}
	return guard.Body
}

// eachCallee calls f for every function that is named below n, with the arguments if it is called.
func (k *callFinder) eachCallee(n ast.Node, f func(at ast.Node, callee *types.Func, args []ast.Expr)) {
	called := map[*ast.Ident][]ast.Expr{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id := calleeName(n.Fun); id != nil {
				called[id] = n.Args
			}
		case *ast.Ident:
			if fn, ok := k.Info.Uses[n].(*types.Func); ok {
				f(n, fn, called[n])
			}
		}
		return true
	})
}

func calleeName(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

// substitute puts the arguments of a call in place of the parameters.
func (k *callFinder) substitute(c KernelCall, args []ast.Expr, params map[types.Object]int) KernelCall {
	for i, a := range c {
		switch {
		case a.Param == 0:
		case a.Param <= len(args):
			c[i] = k.argument(args[a.Param-1], params)
		default:
			c[i] = Argument{}
		}
	}
	return c
}

// argument is what is known of an expression.
func (k *callFinder) argument(e ast.Expr, params map[types.Object]int) Argument {
	e = ast.Unparen(e)
	if v := constant.ToInt(constant.ToInt(orUnknown(k.Info.Types[e].Value))); v.Kind() == constant.Int {
		n, exact := constant.Int64Val(v)
		if !exact {
			return Argument{}
		}
		return Argument{Known: true, Value: n, Name: k.constantName(e)}
	}
	switch e := e.(type) {
	case *ast.Ident:
		if i := params[k.Info.Uses[e]]; i > 0 {
			return Argument{Param: i}
		}
	case *ast.CallExpr:
		if k.Info.Types[e.Fun].IsType() && len(e.Args) == 1 { // a conversion
			return k.argument(e.Args[0], params)
		}
	}
	return Argument{}
}

func orUnknown(v constant.Value) constant.Value {
	if v == nil {
		return constant.MakeUnknown()
	}
	return v
}

// constantName is the name of a constant, if an expression is one.
func (k *callFinder) constantName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if c, ok := k.Info.Uses[e].(*types.Const); ok {
			return c.Name()
		}
	case *ast.SelectorExpr:
		return k.constantName(e.Sel)
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			return k.constantName(e.Args[0])
		}
	}
	return ""
}

// usesOf are the places in a file where a system call becomes known: its number, or an argument.
func (k *callFinder) usesOf(f *File) (uses []KernelUse) {
	for _, d := range f.Syntax.Decls {
		var params map[types.Object]int
		if d, ok := d.(*ast.FuncDecl); ok {
			if fn, ok := k.Info.Defs[d.Name].(*types.Func); ok {
				params = paramsOf(fn)
			}
		}
		k.eachCallee(d, func(at ast.Node, callee *types.Func, args []ast.Expr) {
			for _, c := range k.summary(callee) {
				now := k.substitute(c, args, params)
				if !now[0].Known || !tellsNothing(callee) && !now.knowsMore(c) {
					continue // not known yet, or said where the callee stands
				}
				if name := k.numberName(callee.Pkg(), now[0].Value); name != "" {
					now[0].Name = name
				}
				uses = append(uses, KernelUse{Pos: k.Fset.Position(at.Pos()), Call: now, By: callee.Pkg().Name() + "." + nameIn(callee)})
			}
		})
	}
	return uses
}

// tellsNothing reports whether the uses in a function are not told of.
func tellsNothing(fn *types.Func) bool {
	path := fn.Pkg().Path()
	_, other := otherCalls[path+"."+nameIn(fn)]
	return other || path == "syscall" || path == floor.XSys
}

// knowsMore reports whether an argument is known that is not in another form of the same call.
func (c *KernelCall) knowsMore(other KernelCall) bool {
	for i := range c {
		if c[i].Known && !other[i].Known {
			return true
		}
	}
	return false
}

// numberName is the constant of a system call's number, in a package that has them.
func (k *callFinder) numberName(pkg *types.Package, number int64) string {
	for _, p := range append([]*types.Package{pkg}, k.Types.Imports()...) {
		if p.Path() != "syscall" && p.Path() != floor.XSys {
			continue
		}
		for _, name := range p.Scope().Names() {
			c, ok := p.Scope().Lookup(name).(*types.Const)
			if !ok || !strings.HasPrefix(name, "SYS_") {
				continue
			}
			if v, exact := constant.Int64Val(constant.ToInt(c.Val())); exact && v == number {
				return name
			}
		}
	}
	return ""
}

package rewrite

import (
	"go/ast"
	"go/types"
)

// Where a reference may go without harm: to a parameter, a receiver or a local
// variable through which it is only read in place, too.

// reads reports whether fn only reads through its i-th parameter, -1 being the
// receiver: it changes nothing there and keeps no reference.
func (w *work) reads(fn *types.Func, i int) bool {
	fn = fn.Origin()
	decl, sig := w.funcs[fn], fn.Signature()
	if decl == nil {
		if i < 0 { // the table is about arguments, and receivers passed by value
			switch sig.Recv().Type().Underlying().(type) {
			case *types.Pointer, *types.Interface:
				return false
			}
		}
		return readers[fn.FullName()] != ""
	}
	if decl.Body == nil {
		return false
	}
	if i < 0 {
		return w.readsVar(sig.Recv(), decl.Body)
	}
	if i >= sig.Params().Len() {
		return false
	}
	return w.readsVar(sig.Params().At(i), decl.Body)
}

// readsVar reports whether every use of a local variable reads in place.
// Recursion is answered with no.
func (w *work) readsVar(v *types.Var, body ast.Node) bool {
	switch w.reading[v] {
	case inProgress, isMutable:
		return false
	case isImmutable:
		return true
	}
	w.reading[v] = inProgress
	var use usage
	w.eachUse(body, func(id *ast.Ident, stack []ast.Node) {
		if use.escapes == "" && w.Info.Uses[id] == v {
			u := useWalk{w: w, stack: stack, at: id, typ: v.Type(), direct: true}
			u.classify(&use)
		}
	})
	w.reading[v] = isMutable
	if use.escapes == "" {
		w.reading[v] = isImmutable
	}
	return use.escapes == ""
}

// eachUse calls do for every identifier below root, with its ancestors.
func (w *work) eachUse(root ast.Node, do func(id *ast.Ident, stack []ast.Node)) {
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok {
			do(id, stack)
		}
		stack = append(stack, n)
		return true
	})
}

// readByCall reports whether the callee only reads through the argument that
// the walk has reached.
func (u *useWalk) readByCall(call *ast.CallExpr) bool {
	fn := u.w.calledFunc(call)
	if fn == nil {
		return false
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if s := u.w.Info.Selections[sel]; s != nil && s.Kind() != types.MethodVal {
			return false
		}
	}
	sig := fn.Signature()
	for i, arg := range call.Args {
		if arg != u.at {
			continue
		}
		if sig.Variadic() && i >= sig.Params().Len()-1 && !call.Ellipsis.IsValid() {
			return false // becomes an element of a new slice
		}
		// What an interface holds, its methods and assertions can reach.
		return i < sig.Params().Len() && !types.IsInterface(sig.Params().At(i).Type()) && u.w.reads(fn, i)
	}
	return false
}

// readByMethod reports whether p, a method of the value the walk has reached,
// is called and only reads through its receiver.
func (u *useWalk) readByMethod(p *ast.SelectorExpr, fn *types.Func) bool {
	above := u.above(p)
	if len(above) == 0 {
		return false
	}
	call, ok := above[len(above)-1].(*ast.CallExpr)
	return ok && call.Fun == p && u.w.reads(fn, -1)
}

// readByLocal reports whether a statement gives the value to local variables
// that only read through it.
func (u *useWalk) readByLocal(lhs ast.Expr) bool {
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return false
	}
	if id.Name == "_" {
		return true
	}
	v, ok := u.w.Info.Defs[id].(*types.Var)
	if !ok {
		return false
	}
	for _, n := range u.stack { // from the outside
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Body != nil {
			return u.w.readsVar(v, fn.Body)
		}
	}
	return false
}

// readers lists functions of other packages that only read through their
// arguments and keep none, with the reason.
var readers = map[string]string{
	"bytes.Compare":                     "reads bytes",
	"bytes.Contains":                    "reads bytes",
	"bytes.ContainsAny":                 "reads bytes",
	"bytes.Count":                       "reads bytes",
	"bytes.Equal":                       "reads bytes",
	"bytes.EqualFold":                   "reads bytes",
	"bytes.HasPrefix":                   "reads bytes",
	"bytes.HasSuffix":                   "reads bytes",
	"bytes.Index":                       "reads bytes",
	"bytes.IndexByte":                   "reads bytes",
	"bytes.LastIndex":                   "reads bytes",
	"bytes.LastIndexByte":               "reads bytes",
	"strings.Join":                      "reads strings",
	"strings.NewReplacer":               "copies the strings",
	"slices.Contains":                   "reads elements",
	"slices.Index":                      "reads elements",
	"slices.Equal":                      "reads elements",
	"slices.BinarySearch":               "reads elements",
	"sort.SearchStrings":                "reads elements",
	"sort.SearchInts":                   "reads elements",
	"crypto/subtle.ConstantTimeCompare": "reads bytes",

	"(io.Writer).Write":               "the contract of io.Writer",
	"(*bufio.Writer).Write":           "copies bytes, or passes them to an io.Writer",
	"(*bytes.Buffer).Write":           "copies bytes",
	"(*strings.Builder).Write":        "copies bytes",
	"(hash.Hash).Write":               "the contract of io.Writer",
	"(net.Conn).Write":                "the contract of io.Writer",
	"(net/http.ResponseWriter).Write": "the contract of io.Writer",
	"(*os.File).Write":                "the contract of io.Writer",

	"(encoding/asn1.ObjectIdentifier).Equal":  "reads integers",
	"(encoding/asn1.ObjectIdentifier).String": "reads integers",
	"(encoding/binary.littleEndian).Uint16":   "reads bytes",
	"(encoding/binary.littleEndian).Uint32":   "reads bytes",
	"(encoding/binary.littleEndian).Uint64":   "reads bytes",
	"(encoding/binary.bigEndian).Uint16":      "reads bytes",
	"(encoding/binary.bigEndian).Uint32":      "reads bytes",
	"(encoding/binary.bigEndian).Uint64":      "reads bytes",
}

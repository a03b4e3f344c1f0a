package rewrite

import (
	"go/ast"
	"go/types"
)

// Programs that do nothing until a process of theirs starts.
//
//	var conn = open()    =>  var conn = *new(net.Conn)
//	func init() { ... }  =>  func simgen_init_0() { ... }    and no init that calls it
//
// A test binary links servers in, and Go would initialise them when the binary starts: outside of any simulation,
// with the binary's own arguments, files and network, and in vain where two servers define the same flag. Nobody can
// import a program, so nobody misses those instances; only a program with tests of its own is initialised as ever.
//
// Initialisers without effects stay. So does that of a variable whose type cannot be written in its file,
// and with it those that come before it, since it may need what they make.

// sleeps reports whether the package is initialised in simulated processes only.
func (w *work) sleeps() bool { return w.opt.Dormant && isProgram(w.Name) && !w.hasTests() }

// findDormant notes what stands in the place of each initialiser that goes.
func (w *work) findDormant() {
	if !w.sleeps() {
		return
	}
	for i := len(w.Info.InitOrder) - 1; i >= 0; i-- {
		in := w.Info.InitOrder[i]
		d, ok := w.declared[in.Lhs[0].Pos()]
		if !ok || !w.needsRepeating(in) || w.deferred[in] != nil {
			continue
		}
		zero := d.zeroValues(in)
		if zero == nil {
			return
		}
		w.dormant[in] = zero
	}
}

// zeroValues are  *new(T)  for each variable of an initialiser, or nil if T cannot be written.
func (d declaration) zeroValues(in *types.Initializer) []ast.Expr {
	pos := d.spec.Values[0].Pos()
	if !d.file.visible(types.Universe.Lookup("new"), pos) {
		return nil
	}
	var zero []ast.Expr
	for _, obj := range in.Lhs {
		t, ok := d.file.typeExpr(obj.Type(), pos)
		if !ok {
			return nil
		}
		zero = append(zero, star(pos, call(pos, pos, ident(pos, "new"), ast.Unparen(t))))
	}
	return zero
}

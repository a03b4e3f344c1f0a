package rewrite

import (
	"go/ast"
	"go/types"
)

// Packages that do nothing until a process of theirs starts.
//
//	var conn = open()    =>  var conn = *new(net.Conn)
//	func init() { ... }  =>  func simgen_init_0() { ... }    and no init that calls it
//
// A simulator links servers in, and Go would initialise them when it starts: outside of any simulation, with the
// simulator's own arguments, environment, files and network, and in vain where two servers define the same flag.
// What only programs import nobody uses there, so nobody misses those instances.
//
// Initialisers without effects stay. So do that of a variable whose type cannot be written in its file, and one
// that a process does not repeat though nothing is known about it, because assembly knows the variable. With them
// stay those that come before, which may make what they need; and the packages that they mention, or functions that
// they call, have to be initialised, too.

// findDormant notes what stands in the place of each initialiser that goes.
func (w *work) findDormant() {
	if !w.opt.Dormant {
		return
	}
	for i := len(w.Info.InitOrder) - 1; i >= 0; i-- {
		in := w.Info.InitOrder[i]
		d, ok := w.declared[in.Lhs[0].Pos()]
		if !ok || w.deferred[in] != nil {
			continue
		}
		if !w.needsRepeating(in) {
			if w.wakeful(in) {
				w.rouse(i)
				return
			}
			continue
		}
		zero := d.zeroValues(in)
		if zero == nil {
			w.rouse(i)
			return
		}
		w.dormant[in] = zero
	}
}

// rouse notes what the initialisers up to the last that stays need.
func (w *work) rouse(last int) {
	for _, in := range w.Info.InitOrder[:last+1] {
		if w.deferred[in] == nil && (w.needsRepeating(in) || w.wakeful(in)) {
			for path := range w.mentions[in] {
				w.rouses[path] = true
			}
		}
	}
}

// findMentions finds for each initialiser the packages that it mentions, itself or in the package's functions that it
// refers to. It has to look before anything is changed.
func (w *work) findMentions() {
	if !w.opt.Dormant {
		return
	}
	for _, in := range w.Info.InitOrder {
		paths, seen := map[string]bool{}, map[*types.Func]bool{}
		var visit func(n ast.Node) bool
		visit = func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := w.Info.Uses[id]
			f, _ := obj.(*types.Func)
			if f != nil {
				f = f.Origin()
			}
			switch {
			case obj == nil || obj.Pkg() == nil:
			case obj.Pkg() != w.Types:
				paths[obj.Pkg().Path()] = true
			case w.funcs[f] != nil && !seen[f]:
				seen[f] = true
				ast.Inspect(w.funcs[f], visit)
			}
			return true
		}
		ast.Inspect(in.Rhs, visit)
		w.mentions[in] = paths
	}
}

// wakeful reports whether an initialiser that is not repeated may have effects, or read what changes: if the
// analysis has not seen that its variable can be shared.
func (w *work) wakeful(in *types.Initializer) bool {
	if w.pure[in] {
		return false
	}
	for _, obj := range in.Lhs {
		if v := w.vars[obj]; v == nil || v.given {
			return true
		}
	}
	return false
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

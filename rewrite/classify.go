package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Which package-level variables become per-process.
//
// The rule is: per-process unless it is proven that no process can see what
// another one did. A variable may stay shared when nothing assigns it after its
// initialiser, its initialiser has no effect and the same result in every
// process, and nothing that is reachable from it can change. The classes:
//
//	never set    no initialiser, no assignment, no address taken: always zero
//	immutable    the initialiser is a value with nothing mutable behind it:
//	             constants, functions, structs and arrays of such
//	sentinel     an error made by errors.New or the like. Exported too: nobody
//	             assigns another package's error, and a diagnostic says so if
//	             somebody does
//	read in place  an unexported table (slice, map, pointer) of immutable
//	             elements, where every use reads an element on the spot: the
//	             reference itself goes nowhere, so nothing writes through it
//	embedded     //go:embed of a string or a file system
//	pinned       assembly or a linkname directive knows the native variable; a
//	             directive that only allows others to link to it does not count
//	policy       a row of the policy table says so, with its reason
//
// Exported variables that are none of these are per-process, as other packages
// may assign them.

// A Var tells what was decided about one package-level variable.
type Var struct {
	Name       string
	Pos        token.Position
	PerProcess bool
	Class      string // why it is shared or not
}

type variable struct {
	obj  *types.Var
	name *ast.Ident // the declaring identifier
	file *fileWork
	init *types.Initializer // nil without an initialiser
	expr ast.Expr           // its own initialiser expression, nil if it shares one or has none

	use        usage
	perProcess bool   // becomes per-process
	given      bool   // shared whatever its initialiser is
	class      string // why it is shared or not
	handle     string // name of the handle, if per-process

	embed bool // has a //go:embed directive
	state int  // of the value analysis: see value.go
}

// classifyVars decides about every package-level variable of the package.
func (w *work) classifyVars() {
	w.declareVars()
	w.findUses()
	w.judgeBlanks()
	pinned := w.pinnedNames()
	for _, v := range w.order {
		v.class, v.perProcess = w.classify(v, pinned)
		w.checkPull(v)
	}
	for _, v := range w.order {
		if !v.perProcess {
			continue
		}
		base := "simgen_"
		if v.obj.Exported() {
			base = "Simgen_"
			if w.names[base+v.obj.Name()] {
				w.diag(v.name.Pos(), "the name "+base+v.obj.Name()+" is taken; importers expect the handle of this variable there",
					"rename one of the two")
			}
		}
		v.handle = w.freshName(base + v.obj.Name())
	}
	w.findDeferred()
}

// declareVars lists the variables in declaration order.
func (w *work) declareVars() {
	for _, f := range w.files {
		for _, d := range f.syntax.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, s := range gen.Specs {
				spec := s.(*ast.ValueSpec)
				for i, id := range spec.Names {
					w.declared[id.Pos()] = declaration{spec, f}
					obj, ok := w.Info.Defs[id].(*types.Var)
					if !ok || id.Name == "_" {
						continue
					}
					v := &variable{obj: obj, name: id, file: f, embed: isEmbed(gen.Doc) || isEmbed(spec.Doc)}
					if len(spec.Values) == len(spec.Names) {
						v.expr = spec.Values[i]
					}
					w.vars[obj] = v
					w.order = append(w.order, v)
				}
			}
		}
	}
	for _, in := range w.Info.InitOrder {
		for _, obj := range in.Lhs {
			if v := w.vars[obj]; v != nil {
				v.init = in
			}
		}
	}
}

func (w *work) classify(v *variable, pinned map[string]string) (class string, perProcess bool) {
	name := v.obj.Name()
	if why := pinned[name]; why != "" {
		v.given = true
		return "pinned: " + why, false
	}
	if why := w.policy.shared(w.Path, name); why != "" {
		v.given = true
		return "policy: " + why, false
	}
	if v.embed {
		if _, slice := v.obj.Type().Underlying().(*types.Slice); !slice {
			return "embedded", false
		}
	}
	switch {
	case v.use.written != "":
		return v.use.written, true
	case v.obj.Exported() && !w.sentinel(v):
		return "exported", true
	case v.init == nil && !v.embed:
		return "never set", false
	case v.embed && v.use.escapes == "":
		return "embedded, read in place", false
	case w.immutableVar(v):
		if v.obj.Exported() {
			return "sentinel", false
		}
		return "immutable", false
	case v.expr != nil && v.use.escapes == "" && w.freshValue(v.expr, v.obj.Type()):
		return "read in place", false
	case v.use.escapes != "":
		return v.use.escapes, true
	}
	return "initialiser is not known to be immutable", true
}

// sentinel reports whether v is an error value that nobody is expected to
// assign.
func (w *work) sentinel(v *variable) bool {
	return v.init != nil && isError(v.obj.Type()) && w.immutableVar(v)
}

// isError reports whether t is the type error or implements it.
func isError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

func isEmbed(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

var asmSymbol = regexp.MustCompile(`(?:^|[^\pL\pN_·./∕])·([\pL_][\pL\pN_]*)`)

// pinnedNames returns the names that something outside Go's type system knows,
// with what that is.
func (w *work) pinnedNames() map[string]string {
	pinned := map[string]string{}
	for _, asm := range w.Asm {
		for _, m := range asmSymbol.FindAllSubmatch(asm, -1) {
			pinned[string(m[1])] = "assembly refers to it"
		}
	}
	for _, f := range w.files {
		for _, g := range f.syntax.Comments {
			for _, c := range g.List {
				if fields := strings.Fields(c.Text); len(fields) == 3 && floor.IsLinkname(fields[0]) {
					pinned[fields[1]] = "a linkname directive refers to it"
				}
			}
		}
	}
	return pinned
}

// checkPull refuses a variable that is another package's under a linked name, if
// of that one each process has its own: nobody would see what the other sets. So
// it does one that is the host's.
func (w *work) checkPull(v *variable) {
	_, remote := v.file.linkname(v.obj.Name())
	if !w.Std {
		w.refusePull(v.name.Pos(), v.obj.Name(), remote)
	}
	dot := strings.LastIndexByte(remote, '.')
	if dot < 0 || !slices.Contains(w.importPaths(v.file.file.Test), remote[:dot]) {
		return
	}
	if vars, _ := w.dep(remote[:dot]); vars[remote[dot+1:]] {
		w.diag(v.name.Pos(), v.obj.Name()+" is linked to "+remote+", of which each simulated process has its own",
			"use what the package exports, or build with a tag that leaves this file out")
	}
}

func (w *work) facts() []string {
	var names []string
	for _, v := range w.order {
		if v.perProcess {
			names = append(names, v.obj.Name())
		}
	}
	sort.Strings(names)
	return names
}

func (w *work) varReport() []Var {
	var report []Var
	for _, v := range w.order {
		report = append(report, Var{
			Name: v.obj.Name(), Pos: w.Fset.Position(v.name.Pos()), PerProcess: v.perProcess, Class: v.class,
		})
	}
	return report
}

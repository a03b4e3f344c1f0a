package build

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"strings"

	"github.com/simgen-dev/simgen/rewrite"
	"github.com/simgen-dev/simgen/rewrite/textedit"
)

// The linker's -X importpath.name=value gives a string variable another value
// than its declaration does. In a simulation the declaration counts, since each
// process is initialised by it; so it is the declaration that changes. The
// linker's own rules hold: the variable is of type string, and it is declared
// without a value or with a constant one.

// A definition is one -X.
type definition struct{ pkg, name, value string }

// definitions are those of -ldflags. Before the flags may stand a pattern of
// packages; there is one executable, which it matches or not.
func (c Config) definitions() ([]definition, error) {
	flags := strings.TrimSpace(c.LDFlags)
	if !strings.HasPrefix(flags, "-") {
		_, flags, _ = strings.Cut(flags, "=")
	}
	words, err := splitQuoted(flags)
	if err != nil {
		return nil, errorf("-ldflags %s: %v", c.LDFlags, err)
	}
	var list []definition
	for i := 0; i < len(words); i++ {
		name, def, together := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(words[i], "-"), "-"), "=")
		if name != "X" || !strings.HasPrefix(words[i], "-") {
			continue
		}
		if i++; !together && i < len(words) {
			def = words[i]
		} else {
			i--
		}
		target, value, ok := strings.Cut(def, "=")
		dot := strings.LastIndexByte(target, '.')
		if !ok || dot < 0 {
			return nil, errorf("-ldflags %s: -X %s is not of the form importpath.name=value", c.LDFlags, def)
		}
		list = append(list, definition{target[:dot], target[dot+1:], value})
	}
	return list, nil
}

// define tells the packages of a program which of their variables -X means. Main
// packages are called main, except in their own tests.
func (g *graph) define(list []definition, underTest bool) {
	for _, d := range list {
		for path, n := range g.nodes {
			if path == d.pkg || d.pkg == "main" && n.Name == "main" && !underTest {
				if n.strings == nil {
					n.strings = map[string]string{}
				}
				n.strings[d.name] = d.value
			}
		}
	}
}

// setStrings changes the declarations of variables in a source that was
// type-checked, and reports whether there are any.
func (s *source) setStrings(p *rewrite.Package) bool {
	changed := false
	for _, f := range p.Files {
		if f.Test {
			continue
		}
		var edits []textedit.Edit
		at := func(e ast.Node, end bool) int {
			if end {
				return p.Fset.PositionFor(e.End(), false).Offset
			}
			return p.Fset.PositionFor(e.Pos(), false).Offset
		}
		for _, spec := range variables(f.Syntax) {
			for i, name := range spec.Names {
				value, ok := s.node.strings[name.Name]
				obj := p.Info.Defs[name]
				if !ok || obj == nil || !types.Identical(obj.Type(), types.Typ[types.String]) {
					continue
				}
				switch {
				case len(spec.Values) == 0:
					all := make([]string, len(spec.Names))
					for k, other := range spec.Names {
						all[k] = strconv.Quote(s.node.strings[other.Name])
					}
					if i == len(all)-1 || !s.definesAny(spec.Names[i+1:]) { // once for all of them
						edits = append(edits, textedit.Edit{From: at(spec.Type, true), To: at(spec.Type, true), Text: " = " + strings.Join(all, ", ")})
					}
				case len(spec.Values) == len(spec.Names) && isConstant(p, spec.Values[i]):
					edits = append(edits, textedit.Edit{From: at(spec.Values[i], false), To: at(spec.Values[i], true), Text: strconv.Quote(value)})
				}
			}
		}
		if len(edits) > 0 {
			now := textedit.Apply(f.Src, edits)
			s.files[f.Path], s.patch[f.Path] = now, now
			changed = true
		}
	}
	return changed
}

func (s *source) definesAny(names []*ast.Ident) bool {
	for _, n := range names {
		if _, ok := s.node.strings[n.Name]; ok {
			return true
		}
	}
	return false
}

// variables are the declarations of package-level variables in a file.
func variables(f *ast.File) (list []*ast.ValueSpec) {
	for _, d := range f.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok.String() == "var" {
			for _, s := range d.Specs {
				list = append(list, s.(*ast.ValueSpec))
			}
		}
	}
	return list
}

func isConstant(p *rewrite.Package, e ast.Expr) bool {
	v := p.Info.Types[e].Value
	return v != nil && v.Kind() == constant.String
}

package build

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// A source is what is rewritten of one node: the files after the floor was
// put in and imports of simgen's packages were mapped.
type source struct {
	node  *node
	files map[string][]byte // contents by absolute path, those that are compiled
	patch map[string][]byte // of them and of assembly files, those that differ from the original; and added ones
}

// read reads the sources of n.
func (g *graph) read(n *node) (*source, error) {
	s := &source{node: n, files: map[string][]byte{}, patch: map[string][]byte{}}
	for _, file := range n.files {
		if data, ok := n.sources[file]; ok {
			s.files[file] = data
			s.patch[file] = data
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s.files[file] = data
	}
	if err := s.putFloor(g.env.target()); err != nil {
		return nil, err
	}
	for file, data := range s.files {
		now := mapImports(data)
		if !bytes.Equal(now, data) {
			s.files[file], s.patch[file] = now, now
		}
	}
	return s, s.renameAside()
}

var packageMain = regexp.MustCompile(`(?m)^package main(_test)?\b`)

// renameAside renames the clause of test files that are not built: the go
// command looks at the clauses of a whole folder.
func (s *source) renameAside() error {
	for _, file := range s.node.aside {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if loc := packageMain.FindSubmatchIndex(data); loc != nil {
			end := loc[0] + len("package main")
			s.patch[file] = slices.Concat(data[:end], []byte("_"), data[end:])
		}
	}
	return nil
}

// putFloor applies the rows of the floor.
func (s *source) putFloor(t floor.Target) error {
	n := s.node
	isRuntime := contains(floor.RuntimePackages, n.Path)
	isXSys := n.Path == floor.XSys
	if !isXSys && (!n.Std || !isRuntime && !contains(floor.Needed(t), n.Path)) {
		return nil
	}
	files := floor.Files{}
	for file, data := range s.files {
		files[filepath.Base(file)] = data
	}
	for _, file := range n.asm {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		files[filepath.Base(file)] = data
	}
	var out floor.Files
	var err error
	switch {
	case isXSys:
		out, err = floor.PatchXSys(files)
	case n.Path == "runtime":
		out, err = floor.GoRuntime(t, files)
	case isRuntime:
		out, err = floor.Pushes(t, files)
	default:
		out, err = floor.Patch(n.Path, t, files)
	}
	if err != nil {
		return err
	}
	for name, data := range out {
		file := filepath.Join(n.Dir, name)
		s.patch[file] = data
		if strings.HasSuffix(name, ".go") {
			s.files[file] = data
		}
	}
	return nil
}

// mapImports changes imports of simgen's own packages to the spliced ones.
func mapImports(data []byte) []byte {
	if !bytes.Contains(data, []byte(`"github.com/simgen-dev/simgen/`)) {
		return data
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", data, parser.ImportsOnly)
	if err != nil {
		return data // reported when the file is parsed as a whole
	}
	out, shift := data, 0
	for _, s := range f.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			continue
		}
		if to, ours := mapImport(p); ours {
			from, end := fset.Position(s.Path.Pos()).Offset+shift, fset.Position(s.Path.End()).Offset+shift
			text := strconv.Quote(to)
			out = append(append(append([]byte{}, out[:from]...), text...), out[end:]...)
			shift += len(text) - (end - from)
		}
	}
	return out
}

// readAll reads files.
func readAll(files []string) ([][]byte, error) {
	var list [][]byte
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		list = append(list, data)
	}
	return list, nil
}

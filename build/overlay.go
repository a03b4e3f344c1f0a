package build

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// overlay is the go command's map of original files to the files that stand
// in for them.
type overlay map[string]string

// overlayOf maps every node's files to its cache entry. Modules of the module
// cache are not among them: see shadow.go.
func (g *graph) overlayOf(entries map[string]*entry) overlay {
	o := overlay{}
	for path, e := range entries {
		if g.inModCache(g.nodes[path]) {
			continue
		}
		for _, name := range e.Replace {
			o[filepath.Join(g.nodes[path].Dir, name)] = filepath.Join(e.Dir, name)
		}
	}
	return o
}

// write writes the overlay as the go command reads it.
func (o overlay) write(file string) error {
	data, err := json.Marshal(map[string]any{"Replace": o})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}

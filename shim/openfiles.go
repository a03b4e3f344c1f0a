package shim

import (
	"cmp"
	"path"
	"slices"

	rt "github.com/simgen-dev/simgen/runtime"
)

// OpenFiles are descriptors of one kind that a program has.
type OpenFiles struct {
	What  string // "sockets", "pipes", "files in /data"
	Count int
	Late  int // how many of them were opened in the later half of a time
}

// OpenFiles counts the descriptors of the running program that it has opened since a time, by kind, with those of the later half
// of the time until end.
func (n *Node) OpenFiles(since, end int64) (list []OpenFiles) {
	rt.Kernelly(func() {
		if n.main == nil || n.main.over {
			return
		}
		files := &n.main.files
		for fd := range files.len() {
			f := files.slot(fd).file
			if f == nil || f.opened <= since {
				continue
			}
			what := f.kind()
			i := slices.IndexFunc(list, func(o OpenFiles) bool { return o.What == what })
			if i < 0 {
				i = len(list)
				list = append(list, OpenFiles{What: what})
			}
			list[i].Count++
			if f.opened > since+(end-since)/2 {
				list[i].Late++
			}
		}
	})
	slices.SortFunc(list, func(a, b OpenFiles) int { return cmp.Compare(a.What, b.What) })
	return list
}

// kind says what sort of thing an open file is.
func (f *openFile) kind() string {
	switch f.path {
	case "socket:":
		return "sockets"
	case "pipe:":
		return "pipes"
	}
	return "files in " + path.Dir(f.path)
}

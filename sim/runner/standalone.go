package runner

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simgen-dev/simgen/sim/report"
)

// Standalone is a self-contained simulator executable, as "simgen build" makes it: parent and
// worker in one file.
type Standalone struct {
	// Package is the import path of the server or of the tests.
	Package string
	// Tests are the simulation tests of the package. Nil means that the executable simulates a server, and has
	// the flags -nodes, -args, -env.
	Tests []string
	// Ordinary are the tests of the package that are left out.
	Ordinary []string
}

// placeholders are what -args and -env know of a copy.
const placeholders = "{index} (from 0), {number} (from 1), {name}, {ip}, {servers} (the addresses of all copies) and {others} (those of all others)"

// Cluster is what a worker of a server's simulator is told on top of the protocol, in its environment.
type Cluster struct {
	Nodes int      `json:"nodes"`
	Args  []string `json:"args"`
	Env   []string `json:"env"` // NAME=value

	// Host files and directories, by the paths on each copy's machine.
	Files map[string]string `json:"files,omitempty"`
	Dirs  map[string]string `json:"dirs,omitempty"`
	Stdin string            `json:"stdin,omitempty"` // a host file
}

// clusterEnv holds a Cluster as JSON.
const clusterEnv = "SIMGEN_CLUSTER"

// ClusterFromEnv is the Cluster this worker was started with.
func ClusterFromEnv() (Cluster, error) {
	var c Cluster
	err := json.Unmarshal([]byte(os.Getenv(clusterEnv)), &c)
	return c, err
}

// Main is the parent. It returns the exit code: 0 all seeds passed, 1 one failed, 2 usage, 128 and more: interrupted.
func (s Standalone) Main(args []string, stdout, stderr io.Writer) int {
	name := filepath.Base(os.Args[0])
	o, console, err := s.parse(name, args, stdout, stderr)
	if err == flag.ErrHelp {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return 2
	}
	if len(s.Ordinary) > 0 {
		fmt.Fprintf(stderr, "%s: leaves out %s, which are ordinary tests: go test runs them\n", name, strings.Join(s.Ordinary, ", "))
	}
	ctx := Interruptible()
	rep, err := Run(ctx, o)
	if rep != nil {
		console.Report(rep)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return 2
	}
	if !rep.OK() {
		return 1
	}
	if code, interrupted := InterruptCode(ctx); interrupted {
		return code
	}
	return 0
}

// parse turns the command line into options.
func (s Standalone) parse(name string, args []string, stdout, stderr io.Writer) (Options, *report.Console, error) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	var flags Flags
	flags.Register(fs, "")
	var template string
	cluster := Cluster{Nodes: 1}
	if s.Tests != nil {
		flags.RegisterRun(fs)
	} else {
		fs.IntVar(&cluster.Nodes, "nodes", 1, "run `n` copies of the server")
		fs.StringVar(&template, "args", "", "`arguments` of each copy, split as a shell does; "+placeholders+" are filled in")
		fs.Func("env", "`NAME=value` for the environment of each copy, filled in like -args; can be repeated", func(v string) error {
			if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
				return errors.New("want NAME=value")
			}
			cluster.Env = append(cluster.Env, v)
			return nil
		})
		fs.Func("file", "`PATH=FILE`: each copy's machine has the file FILE as PATH; can be repeated", given(&cluster.Files, false))
		fs.Func("dir", "`PATH=DIR`: each copy's machine has the directory DIR as PATH; can be repeated", given(&cluster.Dirs, true))
		fs.Func("stdin", "each copy reads `FILE` from its standard input", func(v string) (err error) {
			cluster.Stdin, err = hostPath(v, false)
			return err
		})
	}
	if err := fs.Parse(args); err != nil {
		if err == flag.ErrHelp {
			fmt.Fprintf(stdout, "%s simulates %s.\n\n", name, s.Package)
			fs.SetOutput(stdout)
			fs.PrintDefaults()
		}
		return Options{}, nil, err
	}
	if fs.NArg() > 0 {
		return Options{}, nil, fmt.Errorf("unexpected argument %q; arguments of the server go into -args \"...\"", fs.Arg(0))
	}
	if cluster.Nodes < 1 {
		return Options{}, nil, fmt.Errorf("-nodes %d: at least one copy is needed", cluster.Nodes)
	}
	if err := flags.Check(); err != nil {
		return Options{}, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return Options{}, nil, err
	}
	console := &report.Console{Out: stdout, Err: stderr, JSON: flags.JSON, Verbose: flags.Verbose, Terminal: isTerminal(stderr)}
	o := flags.Options()
	o.Binary, o.Package, o.Tests, o.Observer = self, s.Package, s.Tests, console
	o.Replay = func(test string, seed uint64) string { return s.replay(test, seed, flags, cluster, template) }
	if s.Tests == nil {
		o.Args = []string{}
		if cluster.Args, err = splitArgs(template); err != nil {
			return Options{}, nil, err
		}
		env, err := json.Marshal(cluster)
		if err != nil {
			return Options{}, nil, err
		}
		o.Env = []string{clusterEnv + "=" + string(env)}
	}
	return o, console, nil
}

// replay is the command line that runs one seed of this executable again.
func (s Standalone) replay(test string, seed uint64, flags Flags, cluster Cluster, template string) string {
	words := []string{os.Args[0], "-seeds", fmt.Sprint(seed)}
	if s.Tests != nil {
		words = append(words, "-run", Pattern(test))
	} else {
		words = append(words, "-nodes", fmt.Sprint(cluster.Nodes))
		if template != "" {
			words = append(words, "-args", template)
		}
		for _, v := range cluster.Env {
			words = append(words, "-env", v)
		}
		for _, path := range slices.Sorted(maps.Keys(cluster.Files)) {
			words = append(words, "-file", path+"="+cluster.Files[path])
		}
		for _, path := range slices.Sorted(maps.Keys(cluster.Dirs)) {
			words = append(words, "-dir", path+"="+cluster.Dirs[path])
		}
		if cluster.Stdin != "" {
			words = append(words, "-stdin", cluster.Stdin)
		}
	}
	return QuoteAll(append(words, flags.Words()...))
}

// given reads PATH=FILE or PATH=DIR into a map.
func given(to *map[string]string, dir bool) func(string) error {
	return func(v string) error {
		path, file, ok := strings.Cut(v, "=")
		if !ok || !strings.HasPrefix(path, "/") || file == "" {
			return errors.New("want an absolute path of the simulated machine, =, and what is on this one")
		}
		file, err := hostPath(file, dir)
		if err != nil {
			return err
		}
		if *to == nil {
			*to = map[string]string{}
		}
		(*to)[path] = file
		return nil
	}
}

// hostPath is the absolute path of a file or directory that exists.
func hostPath(file string, dir bool) (string, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	fi, err := os.Stat(file)
	switch {
	case err != nil:
		return "", err
	case fi.IsDir() && !dir:
		return "", fmt.Errorf("%s is a directory: use -dir", file)
	case !fi.IsDir() && dir:
		return "", fmt.Errorf("%s is a file: use -file", file)
	}
	return file, nil
}

// splitArgs splits a command line at spaces, except inside single or double quotes.
func splitArgs(s string) ([]string, error) {
	var out []string
	var word []rune
	var quote rune
	inWord := false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word = append(word, r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				out = append(out, string(word))
			}
			word, inWord = word[:0], false
		default:
			word, inWord = append(word, r), true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("-args %q: a quote is not closed", s)
	}
	if inWord {
		out = append(out, string(word))
	}
	return out, nil
}

// isTerminal says whether w is a character device such as a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

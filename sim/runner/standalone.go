package runner

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// Standalone is a self-contained simulator executable, as "simgen build" makes it: parent and
// worker in one file.
type Standalone struct {
	// Package is the import path of the server or of the tests.
	Package string
	// Tests says that the executable is a test binary. Otherwise it simulates a server, and has
	// the flags -nodes, -args and -env.
	Tests bool
}

// Cluster is what a worker of a server's simulator is told on top of the protocol, in its environment.
type Cluster struct {
	Nodes int      `json:"nodes"`
	Args  []string `json:"args"`
	Env   []string `json:"env"` // NAME=value
}

// clusterEnv holds a Cluster as JSON.
const clusterEnv = "SIMGEN_CLUSTER"

// ClusterFromEnv is the Cluster this worker was started with.
func ClusterFromEnv() (Cluster, error) {
	var c Cluster
	err := json.Unmarshal([]byte(os.Getenv(clusterEnv)), &c)
	return c, err
}

// Main is the parent. It returns the exit code: 0 all seeds passed, 1 one failed, 2 usage.
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
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
	return 0
}

// parse turns the command line into options.
func (s Standalone) parse(name string, args []string, stdout, stderr io.Writer) (Options, *report.Console, error) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	seeds := fs.String("seeds", "", "seeds to run: 7, 1-100 or 1,5,9-12 (default: 1 to the number the simulation asks for)")
	workers := fs.Int("workers", 0, "parallel worker processes (default: one for each CPU)")
	jsonOut := fs.Bool("json", false, "write one JSON object per line")
	verbose := fs.Bool("v", false, "show the timeline of every seed")
	verify := fs.Bool("verify", false, "run every seed twice, in different surroundings, and compare")
	timeout := fs.Duration("seed-timeout", time.Minute, "how long a seed may take by the clock on the wall")
	var run, template string
	cluster := Cluster{Nodes: 1}
	if s.Tests {
		fs.StringVar(&run, "run", "", "run the tests that match this regular expression")
	} else {
		fs.IntVar(&cluster.Nodes, "nodes", 1, "number of copies of the server")
		fs.StringVar(&template, "args", "", "arguments of each copy; {ip}, {name}, {index} and {servers} are filled in")
		fs.Func("env", "`NAME=value` for the environment of each copy, filled in like -args; can be repeated", func(v string) error {
			if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
				return errors.New("want NAME=value")
			}
			cluster.Env = append(cluster.Env, v)
			return nil
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
	list, err := ParseSeeds(*seeds)
	if err != nil {
		return Options{}, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return Options{}, nil, err
	}
	console := &report.Console{Out: stdout, Err: stderr, JSON: *jsonOut, Verbose: *verbose, Terminal: isTerminal(stderr)}
	o := Options{
		Binary: self, Package: s.Package, Run: run, Seeds: list, Workers: *workers, Verify: *verify,
		SeedTimeout: *timeout, Verbose: *verbose, Observer: console,
		Replay: func(test string, seed uint64) string { return s.replay(test, seed, cluster, template) },
	}
	if !s.Tests {
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
func (s Standalone) replay(test string, seed uint64, cluster Cluster, template string) string {
	cmd := fmt.Sprintf("%s -seeds %d", os.Args[0], seed)
	if s.Tests {
		return cmd + fmt.Sprintf(" -run '%s'", Pattern(test))
	}
	cmd += fmt.Sprintf(" -nodes %d", cluster.Nodes)
	if template != "" {
		cmd += " -args " + shellQuote(template)
	}
	for _, v := range cluster.Env {
		cmd += " -env " + shellQuote(v)
	}
	return cmd
}

// shellQuote makes one word of s for a shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
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

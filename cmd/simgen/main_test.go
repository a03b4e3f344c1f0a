package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestMain makes this test binary the command itself when a script runs it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simgen": main})
}

// TestScripts runs the command as people do. Each script is a module of its
// own; what it builds shares the caches of the go command and of simgen.
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", repo)
			env.Setenv("XDG_CACHE_HOME", cache)
			env.Setenv("GOWORK", "off")
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN", "GOSUMDB"} {
				value, err := goEnv(name)
				if err != nil {
					return err
				}
				env.Setenv(name, value)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "simulating" {
				return !testing.Short(), nil
			}
			return false, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"require-simgen": requireSimgen,
			"oneline":        oneLine,
			"modules":        serveModules,
		},
	})
}

func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	return strings.TrimSpace(string(out)), err
}

// requireSimgen adds this checkout to the go.mod of a script.
func requireSimgen(ts *testscript.TestScript, neg bool, args []string) {
	file := ts.MkAbs("go.mod")
	if len(args) == 1 {
		file = ts.MkAbs(args[0])
	}
	mod := ts.ReadFile(file)
	mod += "\nrequire " + modulePath + " v0.0.0\n\nreplace " + modulePath + " => " + ts.Getenv("REPO") + "\n"
	ts.Check(os.WriteFile(file, []byte(mod), 0o666))
}

// serveModules makes the modules in a directory of a script those that the go
// command knows, and gives it a module cache of its own.
func serveModules(ts *testscript.TestScript, neg bool, args []string) {
	server, err := goproxytest.NewServer(ts.MkAbs(args[0]), "")
	ts.Check(err)
	ts.Defer(server.Close)
	for name, value := range map[string]string{
		"GOPROXY": server.URL, "GONOSUMDB": "*", "GOMODCACHE": ts.MkAbs("modcache"), "GOFLAGS": "-mod=mod -modcacherw",
	} {
		ts.Setenv(name, value)
	}
}

// oneLine requires that the last command wrote exactly one line to standard
// error, apart from progress: what every error of the command does.
func oneLine(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile("stderr")
	n := 0
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, " ...\n") {
			n++
		}
	}
	if n != 1 {
		ts.Fatalf("standard error is not one line but %d:\n%s", n, text)
	}
}

// TestHelp pins the help of every command.
func TestHelp(t *testing.T) {
	pages := map[string][]string{"overview": {"help"}}
	for _, c := range commands() {
		pages[c.name] = []string{"help", c.name}
	}
	for name, args := range pages {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(context.Background(), args, stdio{nil, &out, &errs}); code != exitOK || errs.Len() > 0 {
				t.Fatalf("exit code %d, standard error %q", code, &errs)
			}
			golden(t, filepath.Join("testdata", "help", name+".golden"), out.Bytes())
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (make it with: go test ./cmd/simgen -run TestHelp -update)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from:\n%s(if that is right: go test ./cmd/simgen -run TestHelp -update)", path, got)
	}
}

// TestDocumentedFlags requires that docs/command.md names every flag.
func TestDocumentedFlags(t *testing.T) {
	doc, err := os.ReadFile("../../docs/command.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		flags, _ := c.flagSet()
		flags.VisitAll(func(f *flag.Flag) {
			if !strings.Contains(string(doc), "`-"+f.Name) {
				t.Errorf("docs/command.md does not name -%s of simgen %s", f.Name, c.name)
			}
		})
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim/runner"
)

func TestTargets(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"cmd/server", "examples/kv/cmd", "examples/web"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, mod := range []string{".", "examples/kv", "examples/web"} {
		if err := os.WriteFile(filepath.Join(root, mod, "go.mod"), []byte("module m\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ name, args, want string }{
		{"nothing", "", ".: ."},
		{"own module", "./cmd/server ./...", ".: ./cmd/server ./..."},
		{"import path", "example.com/x", ".: example.com/x"},
		{"root of another module", "./examples/kv", "examples/kv: ."},
		{"package of another module", "./examples/kv/cmd", "examples/kv: ./cmd"},
		{"tree of another module", "./examples/kv/...", "examples/kv: ./..."},
		{"trailing slash", "./examples/kv/", "examples/kv: ."},
		{"several modules", "./examples/kv . ./examples/web ./examples/kv/cmd", "examples/kv: . ./cmd; .: .; examples/web: ."},
		{"missing", "./nowhere", "error"},
		{"missing below another module", "./examples/kv/nowhere/...", "error"},
		{"file", "./go.mod", "error"},
		{"outside of any module", filepath.Dir(root), "error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			groups, err := targets(root, strings.Fields(tt.args))
			var got []string
			for _, g := range groups {
				got = append(got, relativeTo(root, g.dir)+": "+strings.Join(g.patterns, " "))
			}
			if err != nil {
				got = []string{"error"}
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("targets(%s) = %s (%v), want %s", tt.args, text, err, tt.want)
			}
		})
	}
}

func TestWrapper(t *testing.T) {
	for _, tt := range []struct{ parent, own, want string }{
		{"go run ./cmd/simgen test -v .", "test -v .", "go run ./cmd/simgen"},
		{"/usr/local/go/bin/go tool simgen test", "test", "go tool simgen"},
		{"go test ./...", "test", ""},
		{"go run -mod=mod github.com/simgen-dev/simgen/cmd/simgen help", "help", "go run -mod=mod github.com/simgen-dev/simgen/cmd/simgen"},
		{"bash script test", "test", ""},
		{"", "test", ""},
	} {
		got := runner.QuoteAll(wrapper(strings.Fields(tt.parent), strings.Fields(tt.own)))
		if got != tt.want {
			t.Errorf("wrapper(%s) = %q, want %q", tt.parent, got, tt.want)
		}
	}
}

func TestReplayCommand(t *testing.T) {
	self := selfCommand()
	for _, tt := range []struct {
		target, test string
		o            testOptions
		want         string
	}{
		{".", "TestKV", testOptions{}, "test -seeds 7 -run '^TestKV$'"},
		{"./examples/kv", "TestKV", testOptions{tags: "a,b"}, "test -seeds 7 -run '^TestKV$' -tags a,b ./examples/kv"},
		{".", "TestKV/one.two", testOptions{Flags: runner.Flags{Verify: true, Timeout: time.Second, Memory: 1 << 30}}, `test -seeds 7 -run '^TestKV$/^one\.two$' -verify -timeout 1s -memory 1GiB`},
	} {
		if got, want := tt.o.replay("test", tt.target, tt.test, 7), self+" "+tt.want; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestStressReplayCommand(t *testing.T) {
	o := stressOptions{scheduler: "pct", leaks: false, lasting: []string{"p.poll", "p.(*T).run"}}
	want := selfCommand() + " stress -seeds 7 -run '^TestKV$' -scheduler pct -leaks off -leaks-ignore p.poll -leaks-ignore 'p.(*T).run' ./p"
	if got := o.replay("./p", "TestKV", 7); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExecutableName(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/kv/cmd/server": "server",
		"example.com/kv/v2":         "kv",
		"example.com/victor":        "victor",
		"server":                    "server",
	} {
		if got := executableName(path); got != want {
			t.Errorf("executableName(%s) = %s, want %s", path, got, want)
		}
	}
}

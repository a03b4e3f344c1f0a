package runner

import (
	"bytes"
	"strings"
	"testing"
)

func TestStandaloneOptions(t *testing.T) {
	server := Standalone{Package: "example.com/kv"}
	o, console, err := server.parse("kv.sim", []string{"-seeds", "1-3", "-nodes", "3", "-args", `-addr ":7000" -peers {servers}`, "-env", "A=1 2", "-env", "B={ip}", "-json", "-verify"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if o.Seeds.Len() != 3 || !o.Verify || !console.JSON || o.Args == nil || len(o.Args) != 0 {
		t.Errorf("got %+v", o)
	}
	if want := `SIMGEN_CLUSTER={"nodes":3,"args":["-addr",":7000","-peers","{servers}"],"env":["A=1 2","B={ip}"]}`; len(o.Env) != 1 || o.Env[0] != want {
		t.Errorf("got %q, want %s", o.Env, want)
	}
	if replay := o.Replay("kv", 7); !strings.HasSuffix(replay, ` -seeds 7 -nodes 3 -args '-addr ":7000" -peers {servers}' -env 'A=1 2' -env 'B={ip}' -verify`) {
		t.Errorf("replay: %s", replay)
	}
	tests := Standalone{Package: "example.com/kv", Tests: []string{"TestKV"}}
	if o, _, err = tests.parse("kv.sim", []string{"-run", "KV"}, nil, nil); err != nil || o.Run != "KV" || o.Args != nil || len(o.Tests) != 1 {
		t.Errorf("tests: %+v, %v", o, err)
	}
}

func TestStandaloneUsage(t *testing.T) {
	server := Standalone{Package: "example.com/kv"}
	for _, c := range []struct{ args, want string }{
		{"-seeds 5-1", "ends before it begins"},
		{"-nodes 0", "at least one copy"},
		{"-addr :7000", "flag provided but not defined"},
		{"serve", `unexpected argument "serve"`},
	} {
		var stdout, stderr bytes.Buffer
		code := server.Main(strings.Fields(c.args), &stdout, &stderr)
		if code != 2 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: exit code %d, %q, want 2 and one line with %q", c.args, code, stderr.String(), c.want)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := server.Main([]string{"-h"}, &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), "-nodes") {
		t.Errorf("-h: exit code %d, %q", code, stdout.String())
	}
}

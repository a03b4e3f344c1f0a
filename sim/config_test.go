package sim

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var nothing = Func("nothing", func(*Context) error { return nil })

func TestConfigDefaults(t *testing.T) {
	given := Config{Servers: []Server{{Program: "example.com/kv/cmd/kvd"}}, Workload: nothing, Faults: AllFaults()}
	cfg := given.withDefaults()
	if err := cfg.validate(); err != nil {
		t.Fatal(err)
	}
	s := cfg.Servers[0]
	if s.Name != "kvd" || s.Count != Exactly(1) || cfg.Iterations != 100 || cfg.MaxSimTime != time.Hour {
		t.Errorf("got %+v", cfg)
	}
	if given.Servers[0].Name != "" || given.Faults.Attrition.MaxDead != 0 {
		t.Error("the caller's values were changed")
	}
	if a := cfg.Faults.Attrition; a.MaxDead != 1 || a.Crash != 1 || a.Kill != 1 || a.Graceful != 1 || a.Wipe != 0 || a.Recovery != (Span{time.Second, 10 * time.Second}) {
		t.Errorf("attrition %+v", a)
	}
}

func TestConfigErrors(t *testing.T) {
	kv := Server{Name: "kv", Program: "example.com/kv"}
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Servers: []Server{kv}}, "no workload"},
		{Config{Servers: []Server{{Name: "a"}}, Workload: nothing}, "set Program (the import path of a main package) or Main"},
		{Config{Servers: []Server{{Name: "a", Program: "p", Main: func() {}}}, Workload: nothing}, "not both"},
		{Config{Servers: []Server{kv, kv}, Workload: nothing}, "used twice"},
		{Config{Servers: []Server{{Name: "a b", Program: "p"}}, Workload: nothing}, "host name"},
		{Config{Servers: []Server{{Name: "a", Program: "p", Count: Between(3, 2)}}, Workload: nothing}, "count 3 to 2 is no range"},
		{Config{Servers: []Server{{Name: "a", Program: "p", Tags: Tags{"role": nil}}}, Workload: nothing}, `tag "role" has no values`},
		{Config{Workload: nothing, Latency: Latency{2, 1}}, "is no range"},
		{Config{Workload: nothing, Iterations: -1}, "negative"},
		{Config{Workloads: make([]Group, 1)}, "use sim.Fresh"},
		{Config{Workload: nothing, Faults: Faults{Partitions: &Partitions{For: Span{2, 1}}}}, "Faults.Partitions.For"},
		{Config{Workload: nothing, Faults: Faults{Attrition: &Attrition{Crash: -1}}}, "cannot be negative"},
	} {
		err := c.cfg.withDefaults().validate()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want an error with %q", err, c.want)
		}
	}
}

func TestServerCopies(t *testing.T) {
	s := Server{Name: "kv", Tags: Tags{"role": {"leader", "follower"}, "dc": {"east", "west", "eu"}}, Count: Between(1, 4)}
	var got []string
	for i := range 4 {
		tags := s.tagsOf(i)
		got = append(got, s.copyName(i)+" "+tags["role"]+" "+tags["dc"])
	}
	want := []string{"kv-0 leader east", "kv-1 follower west", "kv-2 leader eu", "kv-3 follower east"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if name := (Server{Name: "kv", Count: Exactly(1)}).copyName(0); name != "kv" {
		t.Errorf("a single copy is called %q", name)
	}
}

func TestExpand(t *testing.T) {
	copies := []Peer{{"kv-0", "10.0.1.1"}, {"kv-1", "10.0.1.2"}}
	got := expand([]string{"-addr={ip}:1", "{name}/{index}", "{servers}", "{other}"}, copies[1], 1, copies)
	want := []string{"-addr=10.0.1.2:1", "kv-1/1", "10.0.1.1,10.0.1.2", "{other}"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTopology(t *testing.T) {
	top := &Topology{
		servers: []Peer{{"kv-0", "10.0.1.1"}, {"kv-1", "10.0.1.2"}},
		clients: []Peer{{"client", "10.0.0.1"}},
		tags:    map[string]map[string]string{"10.0.1.1": {"role": "leader"}, "10.0.1.2": {"role": "follower"}},
		group:   map[string]string{"10.0.1.1": "kv", "10.0.1.2": "kv"},
	}
	if got := top.IPsTagged("role", "follower"); !slices.Equal(got, []string{"10.0.1.2"}) {
		t.Errorf("IPsTagged: %q", got)
	}
	if got := top.IPsTagged("zone", ""); got != nil {
		t.Errorf("IPsTagged of a tag nobody has: %q", got)
	}
	if ip, ok := top.Peer("client"); ip != "10.0.0.1" || !ok {
		t.Errorf("Peer: %q, %v", ip, ok)
	}
	if _, ok := top.Peer("nobody"); ok {
		t.Error("Peer of nobody")
	}
	if got := top.ServerIPs("kv"); len(got) != 2 {
		t.Errorf("ServerIPs: %q", got)
	}
	top.TagsFor("10.0.1.1")["role"] = "changed"
	if top.TagsFor("10.0.1.1")["role"] != "leader" {
		t.Error("TagsFor returns the topology's own map")
	}
}

func TestAddress(t *testing.T) {
	for i, want := range map[int]string{0: "10.0.1.1", 249: "10.0.1.250", 250: "10.1.1.1"} {
		if got := address(1, i); got != want {
			t.Errorf("machine %d: %s, want %s", i, got, want)
		}
	}
}

func TestPackageOf(t *testing.T) {
	for in, want := range map[string]string{
		"example.com/kv.TestKV":              "example.com/kv",
		"example.com/kv_test.TestKV.func1":   "example.com/kv_test",
		"gopkg.in/yaml%2ev3.TestX":           "gopkg.in/yaml.v3",
		"example.com/a.b/kv.(*Suite).TestKV": "example.com/a.b/kv",
		"main.main":                          "main",
		"":                                   "",
	} {
		if got := packageOf(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
	if got := testPackage(); got != "github.com/simgen-dev/simgen/sim" {
		t.Errorf("testPackage: %q", got)
	}
	t.Run("sub", func(t *testing.T) {
		if got := func() string { return testPackage() }(); got != "github.com/simgen-dev/simgen/sim" {
			t.Errorf("testPackage in a subtest: %q", got)
		}
	})
}

func TestProgramNamesServer(t *testing.T) {
	for program, want := range map[Program]string{
		"example.com/kv/cmd/server": "server",
		"example.com/etcd/v3":       "etcd",
		"server":                    "server",
		"v8":                        "v8",
	} {
		if got := (Server{Program: program}).withDefaults().Name; got != want {
			t.Errorf("%s: %s, want %s", program, got, want)
		}
	}
}

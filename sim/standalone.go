package sim

import (
	"fmt"
	"os"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim/runner"
)

// Standalone is the main function of the executable that "simgen build" makes of a server: copies of
// the program under faults, with a client that knows nothing of what the server does but opens and closes
// connections to whatever it listens on. A seed fails on a panic, an unexpected exit, a
// deadlock, a livelock, and connections left open. It does not return.
func Standalone(program Program) {
	if os.Getenv(runner.WorkerEnv) == "" {
		s := runner.Standalone{Package: string(program)}
		os.Exit(s.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	if err := standaloneWorker(program); err != nil {
		fmt.Fprintln(os.Stderr, "simgen worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// StandaloneTests makes a test binary a self-contained simulator. It is called from an init
// function: in the parent it does not return, in a worker it does nothing.
//
// Of the package's tests, those that are simulations are run, the ordinary ones are left out.
func StandaloneTests(pkg string, simulations, ordinary []string) {
	if os.Getenv(runner.WorkerEnv) != "" {
		return
	}
	s := runner.Standalone{Package: pkg, Tests: simulations, Ordinary: ordinary}
	os.Exit(s.Main(os.Args[1:], os.Stdout, os.Stderr))
}

func standaloneWorker(program Program) error {
	cluster, err := runner.ClusterFromEnv()
	if err != nil {
		return err
	}
	if !rt.Spliced {
		return fmt.Errorf("this executable is not instrumented: make it with \"simgen build\"")
	}
	cfg := ClusterConfig(program, cluster.Nodes, cluster.Args)
	server := &cfg.Servers[0]
	server.Env, server.Dirs = cluster.Env, cluster.Dirs
	server.Files = map[string]string{}
	for path, file := range cluster.Files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		server.Files[path] = string(data)
	}
	if cluster.Stdin != "" {
		data, err := os.ReadFile(cluster.Stdin)
		if err != nil {
			return err
		}
		server.Stdin = string(data)
	}
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return err
	}
	t := newTrial(program.base(), cfg, "")
	return serve(runner.Message{Test: t.name, Iterations: cfg.Iterations, Strict: cfg.StrictCoverage, Assertions: declared[""]}, t)
}

// standaloneChaos is the simulated time under faults of a server nobody wrote a test for.
const standaloneChaos = 30 * time.Second

// ClusterConfig is the simulation of a server nobody has written a test for: copies of
// it under crashes, graceful restarts, partitions and a slow network, and a client that
// opens and closes connections. It is what the executables of "simgen build" run, and a configuration to start from.
func ClusterConfig(program Program, copies int, args []string) Config {
	return Config{
		Servers: []Server{{
			Program: program, Args: args, Count: Exactly(copies), readyOptional: true,
		}},
		Workload: &Prober{},
		Faults: Faults{
			Attrition:  &Attrition{MaxDead: max(1, (copies-1)/2)},
			Partitions: &Partitions{},
			Slow:       &Slow{},
			Swarm:      true,
		},
		ChaosFor:    standaloneChaos,
		RunFor:      standaloneChaos + 5*time.Second,
		FailOnLeaks: true,
	}
}

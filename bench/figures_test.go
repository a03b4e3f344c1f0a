package bench

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/sim"
)

// figuresFile names the environment variable with the file that the simulated figures go to.
const figuresFile = "SIMGEN_BENCH_FIGURES"

// TestFigures is the simulated half: one seed whose workload measures every operation by the host's clock.
func TestFigures(t *testing.T) {
	file := os.Getenv(figuresFile)
	if file == "" {
		t.Skip("run by: go test -bench . -benchtime 1x")
	}
	figures := make(map[string]float64)
	sim.Test(t, sim.Config{
		Servers: []sim.Server{
			{Name: "echo", Main: serve(":7", ServeEcho)},
			{Name: "http", Main: serve(":80", ServeHTTP)},
		},
		Workload:   sim.Func("client", func(*sim.Context) error { return measureAll(figures) }),
		Latency:    sim.Latency{Min: time.Microsecond, Max: 10 * time.Microsecond},
		Iterations: 1,
		MaxSteps:   1 << 62,
		MaxSimTime: 1000 * time.Hour,
	})
	if len(figures) == 0 {
		return // not in this process
	}
	text, err := json.Marshal(figures)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func measureAll(figures map[string]float64) error {
	for _, op := range Ops {
		ns, err := Measure(op, Servers{Echo: "echo:7", HTTP: "http:80", Process: startLarge}, sim.HostNow, atLeast)
		if err != nil {
			return fmt.Errorf("%s: %w", op.Name, err)
		}
		figures[op.Name] = ns
	}
	return nil
}

// atLeast is how long a round of a measurement takes.
const atLeast = 3 * time.Millisecond

// large is linked into the instrumented binary.
const large sim.Program = "github.com/simgen-dev/simgen/bench/cmd/large"

// startLarge runs a simulated process of it.
func startLarge() error {
	p := runtime.NewProcess("large", string(large))
	p.Start(nil)
	if status := p.Wait(); status.Code != 0 {
		return fmt.Errorf("process of %s: %+v", large, status)
	}
	return nil
}

// serve makes the main function of a server.
func serve(addr string, handle func(net.Listener)) func() {
	return func() {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		handle(l)
	}
}

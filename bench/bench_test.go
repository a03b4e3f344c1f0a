package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// BenchmarkOps prints for each operation the time it takes natively, in the simulation, and the ratio of the two.
func BenchmarkOps(b *testing.B) {
	figures, err := simulated()
	if err != nil {
		b.Fatal(err)
	}
	servers := Servers{Echo: listen(b, ServeEcho), HTTP: listen(b, ServeHTTP), Process: command(b, "./cmd/large")}
	for _, op := range Ops {
		native, err := Measure(op, servers, time.Now, atLeast)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(op.Name, func(b *testing.B) {
			b.ReportMetric(0, "ns/op") // leaves the column out
			b.ReportMetric(native, "native-ns")
			b.ReportMetric(figures[op.Name], "simulated-ns")
			b.ReportMetric(figures[op.Name]/native, "ratio")
		})
	}
}

// command builds a program and returns what runs it.
func command(b *testing.B, dir string) func() error {
	file := filepath.Join(b.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", file, dir).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return func() error { return exec.Command(file).Run() }
}

// simulated returns the figures of TestFigures, which it runs in an instrumented binary, once.
var simulated = sync.OnceValues(func() (map[string]float64, error) {
	dir, err := os.MkdirTemp("", "simgen-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "figures.json")
	if _, err := simgen(".", []string{figuresFile + "=" + file}, "test", "-seeds", "1", "-run", "^TestFigures$", "."); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var figures map[string]float64
	return figures, json.Unmarshal(text, &figures)
})

func listen(b *testing.B, handle func(net.Listener)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go handle(l)
	return l.Addr().String()
}

// BenchmarkKV is whole seeds of examples/kv: three servers with logs, two clients, every fault.
func BenchmarkKV(b *testing.B) { benchmarkSeeds(b, "../examples/kv", "^TestKV$", "1-100") }

// BenchmarkHTTPCrash is a net/http server, a few requests, a crash and a restart.
func BenchmarkHTTPCrash(b *testing.B) {
	benchmarkSeeds(b, "../examples/httpkv", "^TestCrash$", "1-500")
}

// benchmarkSeeds runs seeds of a simulation test in one worker, and reports the mean of a seed.
func benchmarkSeeds(b *testing.B, dir, run, seeds string) {
	out, err := simgen(dir, nil, "test", "-json", "-workers", "1", "-seeds", seeds, "-run", run, ".")
	if err != nil {
		b.Fatal(err)
	}
	var n, simulated, wall float64
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var seed struct {
			Event       string  `json:"event"`
			SimSeconds  float64 `json:"sim_seconds"`
			WallSeconds float64 `json:"wall_seconds"`
		}
		if err := json.Unmarshal(lines.Bytes(), &seed); err != nil {
			b.Fatal(err)
		}
		if seed.Event == "seed" {
			n++
			simulated += seed.SimSeconds
			wall += seed.WallSeconds
		}
	}
	if n == 0 {
		b.Fatalf("no seeds in the output:\n%s", out)
	}
	b.ReportMetric(0, "ns/op") // leaves the column out
	b.ReportMetric(wall/n*1e6, "µs/seed")
	b.ReportMetric(n/wall, "seeds/s")
	b.ReportMetric(simulated/wall, "sim-s/s")
}

// simgen runs the command in dir and returns its standard output.
func simgen(dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"tool", "simgen"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.Join(err, errors.New(stderr.String()), errors.New(string(out)))
	}
	return out, nil
}

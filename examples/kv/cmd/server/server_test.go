package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/kv/client"
)

// The test binary is the server when this variable is set, so that the tests can start, kill and stop a real process.
const asServer = "KV_TEST_AS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// start runs a server and returns its process and address.
func start(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), asServer+"=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if _, addr, ok := strings.Cut(lines.Text(), "listening on "); ok {
			return cmd, addr
		}
	}
	t.Fatal("the server ended before it listened")
	return nil, ""
}

func dial(t *testing.T, addr string) *client.Client {
	t.Helper()
	c := client.New([]string{addr}, 5*time.Second)
	t.Cleanup(c.Close)
	return c
}

func mustSet(t *testing.T, c *client.Client, key, value string) {
	t.Helper()
	if err := c.Set(key, value); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t *testing.T, c *client.Client, key, want string) {
	t.Helper()
	value, found, err := c.Get(key)
	if err != nil {
		t.Fatal(err)
	}
	if !found || value != want {
		t.Errorf("get %s: %q, %v; want %q", key, value, found, want)
	}
}

func TestProtocol(t *testing.T) {
	_, addr := start(t)
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lines := bufio.NewReader(conn)
	for _, c := range [][2]string{
		{"PING", "PONG"},
		{"GET a", "NONE"},
		{"SET a 1", "OK"},
		{"GET a", "VALUE 1"},
		{"SET a two words", "OK"},
		{"GET a", "VALUE two words"},
		{"SET a ", "OK"},
		{"GET a", "VALUE "},
		{"SET a", "ERR usage: SET key value"},
		{"GET", "ERR usage: GET key"},
		{"GET a b", "ERR usage: GET key"},
		{"DROP a", "ERR unknown command DROP"},
		{"", "ERR unknown command "},
	} {
		fmt.Fprintf(conn, "%s\n", c[0])
		answer, err := lines.ReadString('\n')
		if err != nil || answer != c[1]+"\n" {
			t.Errorf("%s: %q, %v; want %q", c[0], answer, err, c[1])
		}
	}

	fmt.Fprintf(conn, "SET a %s\n", strings.Repeat("x", maxLine))
	if answer, _ := lines.ReadString('\n'); !strings.HasPrefix(answer, "ERR line longer than") {
		t.Errorf("a line that is too long: %q", answer)
	}
}

func TestKilledServerKeepsAcknowledgedSets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wal")
	cmd, addr := start(t, "-wal", file)
	c := dial(t, addr)
	for i := range 20 {
		mustSet(t, c, fmt.Sprintf("key%d", i%7), fmt.Sprint(i))
	}
	cmd.Process.Kill()
	cmd.Wait()

	_, addr = start(t, "-wal", file)
	c = dial(t, addr)
	for i := 13; i < 20; i++ {
		wantValue(t, c, fmt.Sprintf("key%d", i%7), fmt.Sprint(i))
	}
}

func TestGracefulStop(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wal")
	cmd, addr := start(t, "-wal", file, "-sync=false")
	c := dial(t, addr)
	mustSet(t, c, "a", "1") // leaves an idle connection behind, which must not hold up the stop
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("exit after SIGTERM: %v", err)
	}
	if err := c.Set("a", "2"); err == nil {
		t.Error("a stopped server acknowledged a set")
	}
	_, addr = start(t, "-wal", file)
	wantValue(t, dial(t, addr), "a", "1")
}

// What a connection ends with is no request if its newline is missing: "SET key 1" may be the beginning of "SET key 10".
func TestHalfALineIsNoRequest(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		near, far := net.Pipe()
		st, _ := openStore("", true)
		s := newServer(nil, st)
		s.lenient = lenient
		s.handlers.Add(1)
		done := make(chan struct{})
		go func() { s.handle(far); close(done) }()
		answers := bufio.NewReader(near)
		fmt.Fprint(near, "SET key 10\n")
		if answer, err := answers.ReadString('\n'); answer != "OK\n" {
			t.Fatalf("a whole line: %q, %v", answer, err)
		}
		fmt.Fprint(near, "SET key 1")
		go io.Copy(io.Discard, answers) // the answer of a lenient server
		far.SetReadDeadline(time.Now()) // as stop does
		<-done
		near.Close()
		if value, _ := st.get("key"); (value == "10") == lenient {
			t.Errorf("lenient %v: key is %q after half of a line", lenient, value)
		}
	}
}

func TestStopCutsOffSlowConnections(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	st, _ := openStore("", true)
	s := newServer(l, st)
	go s.serve()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "SET half-a-requ")

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	done := make(chan struct{})
	go func() { s.stop(50 * time.Millisecond); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		t.Error("stop still waits for a connection that sends nothing")
	}
}

package kv

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"example.com/kv/client"
)

// The server, the client and the model without a simulation: a real process on a real disk, killed from time to time. This
// says that the three fit together; what it cannot say is in kv_test.go.
func TestNative(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command("go", "build", "-o", binary, "example.com/kv/cmd/server").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	wal := filepath.Join(t.TempDir(), "wal")
	addr := freeAddr(t)
	server := startNative(t, binary, addr, wal)

	c := client.New([]string{addr}, time.Second)
	defer c.Close()
	m := NewModel()
	for range 500 {
		key := fmt.Sprintf("k%d", rand.IntN(8))
		switch n := rand.IntN(100); {
		case n < 2:
			server.Process.Kill()
			server.Wait()
			server = startNative(t, binary, addr, wal)
		case n < 50:
			m.Sent++
			value := fmt.Sprintf("v%d", m.Sent)
			if err := c.Set(key, value); err == nil {
				m.Set(key, value, 0)
			} else if errors.Is(err, client.ErrUnknown) {
				m.MaybeSet(key, value)
			}
		default:
			value, found, err := c.Get(key)
			if err != nil {
				continue
			}
			if _, err := m.Get(key, value, found, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	if m.Acknowledged == 0 {
		t.Error("no set was acknowledged")
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func startNative(t *testing.T, binary, addr, wal string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(binary, "-addr", addr, "-wal", wal)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return cmd
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the server does not listen on %s", addr)
	return nil
}

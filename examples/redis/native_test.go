package redis

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Both servers as they are, outside the simulation, with the same client and the same model.
func TestNative(t *testing.T) {
	for _, s := range []struct{ name, program, addr string }{
		{"freecache", "github.com/coocood/freecache/server", "127.0.0.1:7788"},
		{"redcon", "github.com/tidwall/redcon/example", "127.0.0.1:6380"},
	} {
		t.Run(s.name, func(t *testing.T) {
			if conn, err := net.Dial("tcp", s.addr); err == nil {
				conn.Close()
				t.Skipf("something else listens on %s, the server's only port", s.addr)
			}
			binary := filepath.Join(t.TempDir(), "server")
			if out, err := exec.Command("go", "build", "-o", binary, s.program).CombinedOutput(); err != nil {
				t.Fatalf("go build %s: %v\n%s", s.program, err, out)
			}
			cmd := exec.Command(binary)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
			exercise(t, s.addr)
		})
	}
}

func exercise(t *testing.T, addr string) {
	ctx := context.Background()
	c := newClient(addr)
	defer c.Close()
	for try := 0; c.Ping(ctx).Err() != nil; try++ {
		if try == 100 {
			t.Fatalf("%s does not answer", addr)
		}
		time.Sleep(50 * time.Millisecond)
	}

	m := NewModel()
	for _, w := range [][2]string{{"a", "1"}, {"b", "2"}, {"a", "3"}, {"b", ""}, {"c", ""}, {"a", "4"}} {
		op := m.Write(w[0], w[1])
		var err error
		if w[1] == "" {
			err = c.Del(ctx, w[0]).Err()
		} else {
			err = c.Set(ctx, w[0], w[1], 0).Err()
		}
		if err != nil {
			t.Fatal(err)
		}
		op.Written(true)
		for _, key := range []string{"a", "b", "c"} {
			op := m.Read(key)
			value, err := get(ctx, c, key)
			if err == nil {
				err = op.Got(value)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
}

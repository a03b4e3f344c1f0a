package client

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"
)

// serve answers each request line with what answer returns; an empty answer closes the connection instead.
func serve(t *testing.T, answer func(request string) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					a := answer(lines.Text())
					if a == "" {
						return
					}
					fmt.Fprintln(conn, a)
				}
			}()
		}
	}()
	return l.Addr().String()
}

func TestShards(t *testing.T) {
	a := serve(t, func(string) string { return "VALUE from a" })
	b := serve(t, func(string) string { return "VALUE from b" })
	c := New([]string{a, b}, time.Second)
	defer c.Close()
	seen := map[string]int{}
	for i := range 64 {
		key := fmt.Sprintf("key%d", i)
		value, _, err := c.Get(key)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]string{a: "from a", b: "from b"}[c.Server(key)]; value != want {
			t.Errorf("%s is on %s, and was read %s", key, c.Server(key), value)
		}
		seen[value]++
	}
	if len(seen) != 2 {
		t.Errorf("64 keys are all %v", seen)
	}
}

func TestSetOutcomes(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		unknown      bool
	}{
		{"no answer", "", true},
		{"error", "ERR disk", true},
		{"acknowledged", "OK", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl := New([]string{serve(t, func(string) string { return c.answer })}, time.Second)
			defer cl.Close()
			if err := cl.Set("a", "1"); errors.Is(err, ErrUnknown) != c.unknown {
				t.Errorf("set: %v; unknown should be %v", err, c.unknown)
			}
		})
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	cl := New([]string{l.Addr().String()}, time.Second)
	if err := cl.Set("a", "1"); err == nil || errors.Is(err, ErrUnknown) {
		t.Errorf("set where nobody listens: %v; it surely did not happen", err)
	}
}

// A late answer must not become the answer to the next request.
func TestTimeoutDropsConnection(t *testing.T) {
	first := true
	addr := serve(t, func(string) string {
		if first {
			first = false
			time.Sleep(200 * time.Millisecond)
			return "VALUE late"
		}
		return "VALUE right"
	})
	c := New([]string{addr}, 50*time.Millisecond)
	defer c.Close()
	if _, _, err := c.Get("a"); err == nil {
		t.Fatal("the first get has an answer")
	}
	c.timeout = 5 * time.Second
	time.Sleep(300 * time.Millisecond)
	if value, _, err := c.Get("a"); err != nil || value != "right" {
		t.Errorf("the second get: %q, %v", value, err)
	}
}

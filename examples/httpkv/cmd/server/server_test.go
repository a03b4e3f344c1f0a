package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func request(t *testing.T, base, method, path, match, body string) string {
	t.Helper()
	req, err := http.NewRequest(method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if match != "" {
		req.Header.Set("If-Match", match)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", res.StatusCode, text))
}

func TestRequests(t *testing.T) {
	for _, data := range []string{"", filepath.Join(t.TempDir(), "data.json")} {
		store, err := openStore(data)
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(handler(store))
		defer srv.Close()
		for _, c := range []struct{ method, path, match, body, want string }{
			{"GET", "/healthz", "", "", "204"},
			{"GET", "/keys/a", "", "", `404 {"error":"no such key"}`},
			{"PUT", "/keys/a", "", `{"value":1}`, `200 {"value":1,"version":1}`},
			{"PUT", "/keys/a", "1", `{"value":{"x":[1,2]}}`, `200 {"value":{"x":[1,2]},"version":2}`},
			{"PUT", "/keys/a", "1", `{"value":3}`, `412 {"error":"the key has another version"}`},
			{"GET", "/keys/a", "", "", `200 {"value":{"x":[1,2]},"version":2}`},
			{"PUT", "/keys/b", "0", `{"value":"new"}`, `200 {"value":"new","version":1}`},
			{"PUT", "/keys/b", "0", `{"value":"new"}`, `412 {"error":"the key has another version"}`},
			{"PUT", "/keys/c", "x", `{"value":1}`, `400 {"error":"If-Match is not a version"}`},
			{"PUT", "/keys/c", "", `{}`, `400 {"error":"no value"}`},
			{"PUT", "/keys/c", "", `{`, `400 {"error":"unexpected EOF"}`},
			{"DELETE", "/keys/a", "", "", `405 Method Not Allowed`},
		} {
			if got := request(t, srv.URL, c.method, c.path, c.match, c.body); got != c.want {
				t.Errorf("%s %s %s: %s; want %s", c.method, c.path, c.body, got, c.want)
			}
		}
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.json")
	s, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := s.put("a", []byte(fmt.Sprint(i)), i); err != nil {
			t.Fatal(err)
		}
	}
	if s, err = openStore(path); err != nil {
		t.Fatal(err)
	}
	if it, ok := s.get("a"); !ok || string(it.Value) != "2" || it.Version != 3 {
		t.Errorf("after reopening: %s version %d, %v", it.Value, it.Version, ok)
	}
}

func TestFailedSaveChangesNothing(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "missing", "data.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.put("a", []byte("1"), anyVersion); err == nil {
		t.Error("a put that was not saved succeeded")
	}
	if _, ok := s.get("a"); ok {
		t.Error("a put that was not saved is visible")
	}
}

func TestStop(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- run(ctx, "127.0.0.1:0", "") }()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("run: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server does not stop")
	}
}

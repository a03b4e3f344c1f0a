package client

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestClient(t *testing.T) {
	var seen, answer string
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = strings.TrimSpace(r.Method + " " + r.URL.EscapedPath() + " " + r.Header.Get("If-Match") + " " + string(body))
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	defer srv.Close()
	c := New(strings.TrimPrefix(srv.URL, "http://"), 5*time.Second)
	defer c.Close()

	answer = `{"value":7,"version":3}`
	var n int
	if version, err := c.Get("a b", &n); n != 7 || version != 3 || err != nil || seen != "GET /keys/a%20b" {
		t.Errorf("get: %d, version %d, %v; the server saw %s", n, version, err, seen)
	}
	if version, err := c.Put("a", 7, 2); version != 3 || err != nil || seen != `PUT /keys/a 2 {"value":7}` {
		t.Errorf("put: version %d, %v; the server saw %s", version, err, seen)
	}
	status = http.StatusNotFound
	if version, err := c.Get("a", &n); version != 0 || err != nil {
		t.Errorf("get of nothing: version %d, %v", version, err)
	}
	status = http.StatusPreconditionFailed
	if _, err := c.Put("a", 7, 2); !errors.Is(err, ErrVersion) {
		t.Errorf("put with an old version: %v", err)
	}
	status = http.StatusInternalServerError
	if _, err := c.Put("a", 7, 2); err == nil || errors.Is(err, ErrVersion) {
		t.Errorf("put that the server could not do: %v", err)
	}
}

func TestTimeout(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	c := New(strings.TrimPrefix(srv.URL, "http://"), 20*time.Millisecond)
	if _, err := c.Get("a", nil); err == nil {
		t.Error("a get without an answer ended well")
	}
}

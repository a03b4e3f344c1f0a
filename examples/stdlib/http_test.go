package stdlib

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// handler echoes bodies; /slow takes long, /stream answers in pieces, /panic panics.
var handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow":
		select {
		case <-time.After(time.Minute):
		case <-r.Context().Done():
		}
	case "/stream":
		for i := range 10 {
			fmt.Fprint(w, i)
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	case "/panic":
		panic(http.ErrAbortHandler)
	default:
		body, err := io.ReadAll(r.Body) // HTTP/1 cannot answer before it has read all
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
		w.Write(body)
	}
})

func httpServer(c *check) {
	s := httptest.NewServer(handler)
	exercise(c, s)
}

func httpsServer(c *check) {
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = true
	s.StartTLS()
	exercise(c, s)
}

func exercise(c *check, s *httptest.Server) {
	client := s.Client()
	get := func(path string) (string, error) {
		resp, err := client.Get(s.URL + path)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return string(b), err
	}
	for i := range 3 {
		text := strings.Repeat("body", i*10_000+1)
		resp, err := client.Post(s.URL, "text/plain", strings.NewReader(text))
		if c.ok("post", err) {
			b, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			c.equal("echo", fmt.Sprint(string(b) == text, err), "true <nil>")
		}
	}
	text, err := get("/stream")
	c.equal("stream", fmt.Sprint(text, err), "0123456789<nil>")
	_, err = get("/panic")
	c.equal("aborted", err != nil, true)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/slow", nil)
	c.ok("request", err)
	_, err = client.Do(req)
	c.is("slow", err, context.DeadlineExceeded)
	s.Close()
	_, err = get("/")
	c.equal("closed", err != nil, true)
}

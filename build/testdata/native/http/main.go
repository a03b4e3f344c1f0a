// Command http serves and fetches over loopback, with what a server usually
// touches on the way: contexts, timers, mutexes, JSON, maps, select, errors.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	count   atomic.Int64
	visits  = map[string]int{}
	mu      sync.Mutex
	errGone = errors.New("gone")
	started = time.Now()
)

func init() { visits["init"]++ }

func handle(w http.ResponseWriter, r *http.Request) {
	count.Add(1)
	mu.Lock()
	visits[r.URL.Path]++
	mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	json.NewEncoder(w).Encode(map[string]any{"path": r.URL.Path, "method": r.Method, "body": string(body)})
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	srv := &http.Server{Handler: http.HandlerFunc(handle)}
	done := make(chan error)
	go func() { done <- srv.Serve(l) }()
	for i := 0; i < 3; i++ {
		resp, err := http.Post(fmt.Sprintf("http://%s/%d", l.Addr(), i), "text/plain", strings.NewReader("hello"))
		if err != nil {
			fmt.Println(err)
			return
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Print(resp.Status, " ", string(b))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	case <-time.After(10 * time.Second):
		fmt.Println("slept through")
	}
	srv.Shutdown(context.Background())
	fmt.Println(<-done, count.Load(), errors.Is(fmt.Errorf("so: %w", errGone), errGone), time.Since(started) > 0)
	keys := []string{}
	for k := range visits {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)
	_, err = net.Dial("tcp", "127.0.0.1:1")
	fmt.Println(err)
	if _, err := os.Open("/does/not/exist"); err != nil {
		fmt.Println(err, errors.Is(err, os.ErrNotExist))
	}
}

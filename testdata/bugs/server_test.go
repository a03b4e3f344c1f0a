package bugs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// tickets serves the next number to whoever asks.
func tickets(fixed bool) http.Handler {
	var whole sync.Mutex
	var last atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fixed {
			whole.Lock()
			defer whole.Unlock()
		}
		n := last.Load() + 1
		last.Store(n)
		io.WriteString(w, strconv.FormatInt(n, 10))
	})
}

func ticketServer(t *testing.T, fixed bool) {
	server := httptest.NewServer(tickets(fixed))
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	var mu sync.Mutex
	seen := map[string]bool{}
	ask := func() {
		for range 2 {
			r, err := server.Client().Get(server.URL)
			if err != nil {
				t.Error(err)
				return
			}
			text, err := io.ReadAll(r.Body)
			r.Body.Close()
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			if seen[string(text)] {
				t.Errorf("number %s was given out twice", text)
			}
			seen[string(text)] = true
			mu.Unlock()
		}
	}
	parallel(ask, ask)
}

// A handler of an HTTP server is not made for two at once.
//
// Class: atomicity violation in the handler of an HTTP server.
//
//want:fail
func TestServer(t *testing.T)      { ticketServer(t, false) }
func TestServerFixed(t *testing.T) { ticketServer(t, true) }

// A hub sends what it gets to all subscribers.
type hub struct {
	mu          sync.RWMutex
	subscribers map[int]chan int
}

func (h *hub) subscribe(id int) <-chan int {
	ch := make(chan int, 4)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscribers[id] = ch
	return ch
}

func (h *hub) unsubscribe(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.subscribers[id])
	delete(h.subscribers, id)
}

func (h *hub) publish(v int, fixed bool) {
	h.mu.RLock()
	var all []chan int
	for _, ch := range h.subscribers {
		all = append(all, ch)
	}
	if fixed {
		defer h.mu.RUnlock()
	} else {
		h.mu.RUnlock() // not to hold the lock while sending
	}
	for _, ch := range all {
		select {
		case ch <- v:
		default:
		}
	}
}

func pubSub(fixed bool) {
	h := hub{subscribers: map[int]chan int{}}
	var fs []func()
	for id := range 4 {
		fs = append(fs, func() {
			ch := h.subscribe(id)
			<-ch
			h.unsubscribe(id)
		})
	}
	var left atomic.Int32
	left.Store(int32(len(fs)))
	for i, f := range fs {
		fs[i] = func() { f(); left.Add(-1) }
	}
	fs = append(fs, func() {
		for i := 0; left.Load() > 0; i++ {
			h.publish(i, fixed)
		}
	})
	parallel(fs...)
}

// A hub sends to subscribers that were there when it looked.
//
// Class: send on a closed channel, among many goroutines.
//
//want:panic
func TestHub(t *testing.T)      { pubSub(false) }
func TestHubFixed(t *testing.T) { pubSub(true) }

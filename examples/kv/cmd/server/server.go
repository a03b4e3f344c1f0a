package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"sync"
	"time"
)

// maxLine bounds a request, so that one client cannot make the server hold an endless line.
const maxLine = 64 << 10

// server answers the line protocol on one listener, with a goroutine for each connection.
type server struct {
	listener net.Listener
	store    *store
	lenient  bool // a request at the end of a connection need not end in a newline

	mu       sync.Mutex
	stopping bool
	conns    map[net.Conn]bool
	handlers sync.WaitGroup
	stopped  chan struct{} // closed when stop has finished
}

func newServer(l net.Listener, st *store) *server {
	return &server{listener: l, store: st, conns: make(map[net.Conn]bool), stopped: make(chan struct{})}
}

// serve accepts connections until stop is called, and returns when the last of them is gone.
func (s *server) serve() error {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			<-s.stopped
			return nil
		}
		if err != nil {
			// Such as a connection that was reset while it waited, or too many open files: neither is a
			// reason to give up on the other clients.
			log.Printf("accept: %v", err)
			time.Sleep(10 * time.Millisecond)
			continue
		}
		if !s.track(conn) {
			conn.Close()
			continue
		}
		go s.handle(conn)
	}
}

func (s *server) track(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.conns[conn] = true
	s.handlers.Add(1)
	return true
}

// stop closes the listener, lets each connection finish the request it is in, and cuts off those that take longer than grace.
func (s *server) stop(grace time.Duration) {
	defer close(s.stopped)
	s.mu.Lock()
	s.stopping = true
	for conn := range s.conns {
		conn.SetReadDeadline(time.Now())
	}
	s.mu.Unlock()
	s.listener.Close()

	cut := time.AfterFunc(grace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for conn := range s.conns {
			conn.Close()
		}
	})
	defer cut.Stop()
	s.handlers.Wait()
}

func (s *server) handle(conn net.Conn) {
	defer s.handlers.Done()
	defer func() {
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
		conn.Close()
	}()

	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 512), maxLine)
	if !s.lenient {
		lines.Split(wholeLines)
	}
	for lines.Scan() {
		if _, err := fmt.Fprintf(conn, "%s\n", s.answer(lines.Text())); err != nil {
			return
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		fmt.Fprintf(conn, "ERR line longer than %d bytes\n", maxLine)
	}
}

// wholeLines is bufio.ScanLines without its last line if that does not end in a newline: the rest of a request that was cut off, by the
// client's end or by the read deadline that stop sets, is none.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if bytes.IndexByte(data, '\n') < 0 {
		if atEOF {
			return len(data), nil, nil
		}
		return 0, nil, nil
	}
	return bufio.ScanLines(data, atEOF)
}

// answer carries out one request and returns the line to send back.
func (s *server) answer(line string) string {
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case "PING":
		return "PONG"
	case "GET":
		if rest == "" || strings.Contains(rest, " ") {
			return "ERR usage: GET key"
		}
		if value, ok := s.store.get(rest); ok {
			return "VALUE " + value
		}
		return "NONE"
	case "SET":
		key, value, ok := strings.Cut(rest, " ")
		if !ok || key == "" {
			return "ERR usage: SET key value"
		}
		if err := s.store.set(key, value); err != nil {
			log.Printf("set %s: %v", key, err)
			return "ERR " + err.Error()
		}
		return "OK"
	}
	return "ERR unknown command " + command
}

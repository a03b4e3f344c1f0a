// Command websocket is a chat room: what a client says, everybody in the room hears, in the same order.
package main

import (
	"flag"
	"log"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader websocket.Upgrader

type room struct {
	mu      sync.Mutex
	members map[*member]bool
}

type member struct {
	conn *websocket.Conn
	out  chan []byte
}

func main() {
	addr := flag.String("addr", ":8080", "where to listen")
	flag.Parse()
	r := &room{members: map[*member]bool{}}
	http.HandleFunc("/room", r.serve)
	log.Fatal(http.ListenAndServe(*addr, nil))
}

func (r *room) serve(w http.ResponseWriter, req *http.Request) {
	conn, err := upgrader.Upgrade(w, req, nil)
	if err != nil {
		return // the client knows
	}
	m := &member{conn, make(chan []byte, 256)}
	r.mu.Lock()
	r.members[m] = true
	r.mu.Unlock()
	go m.write()
	defer r.leave(m)
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		r.say(text)
	}
}

// say tells everybody. Who does not keep up has to leave.
func (r *room) say(text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for m := range r.members {
		select {
		case m.out <- text:
		default:
			m.conn.Close()
		}
	}
}

func (r *room) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, m)
	close(m.out)
	m.conn.Close()
}

func (m *member) write() {
	for text := range m.out {
		if m.conn.WriteMessage(websocket.TextMessage, text) != nil {
			m.conn.Close() // ends the reader, which leaves the room
		}
	}
}

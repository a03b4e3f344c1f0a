// Command storage is a key-value server over HTTP (PUT and GET of /key) that keeps its data in badger, pebble or bbolt. A PUT is
// answered when it is on the disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os/signal"
	"syscall"
)

// A store keeps values. What set has returned for survives a crash of the machine.
type store interface {
	set(key, value []byte) error
	get(key []byte) ([]byte, error) // errNotFound if there is none
	Close() error
}

var errNotFound = errors.New("not found")

var engines = map[string]func(dir string, sync bool) (store, error){
	"badger": openBadger,
	"pebble": openPebble,
	"bbolt":  openBolt,
}

func main() {
	addr := flag.String("addr", ":8080", "where to listen")
	engine := flag.String("engine", "bbolt", "badger, pebble or bbolt")
	dir := flag.String("dir", "/var/lib/storage", "where the data is")
	sync := flag.Bool("sync", true, "wait for the disk before a PUT is answered")
	flag.Parse()
	if err := run(*addr, *engine, *dir, *sync); err != nil {
		log.Fatal(err)
	}
}

func run(addr, engine, dir string, sync bool) error {
	open := engines[engine]
	if open == nil {
		return fmt.Errorf("no engine %q", engine)
	}
	s, err := open(dir, sync)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: addr, Handler: handler(s)}
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return s.Close()
}

func handler(s store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{key}", func(w http.ResponseWriter, r *http.Request) {
		value, err := io.ReadAll(r.Body)
		if err == nil {
			err = s.set([]byte(r.PathValue("key")), value)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /{key}", func(w http.ResponseWriter, r *http.Request) {
		value, err := s.get([]byte(r.PathValue("key")))
		switch {
		case errors.Is(err, errNotFound):
			http.Error(w, err.Error(), http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			w.Write(value)
		}
	})
	return mux
}

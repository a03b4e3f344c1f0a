package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopGrace is how long a graceful stop waits for connections to finish the request they are in.
const stopGrace = time.Second

func main() {
	addr := flag.String("addr", ":7000", "`address` to listen on")
	walPath := flag.String("wal", "", "keep the data in this `file` (default: memory only)")
	sync := flag.Bool("sync", true, "with -wal: fsync before a set is acknowledged")
	lenient := flag.Bool("lenient", false, "a request at the end of a connection need not end in a newline")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("unexpected argument %q; run with -h for the flags", flag.Arg(0))
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, *addr, *walPath, *sync, *lenient); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, addr, walPath string, sync, lenient bool) error {
	store, err := openStore(walPath, sync)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		store.close()
		return err
	}
	log.Printf("listening on %s", l.Addr())

	s := newServer(l, store)
	s.lenient = lenient
	go func() {
		<-ctx.Done()
		s.stop(stopGrace)
	}()
	if err := s.serve(); err != nil {
		store.close()
		return err
	}
	log.Print("stopped")
	return store.close()
}

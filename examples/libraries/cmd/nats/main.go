// Command nats is a NATS server embedded in a program, with JetStream, which stores messages on disk before it acknowledges them.
package main

import (
	"flag"
	"log"

	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	port := flag.Int("port", 4222, "where to listen")
	dir := flag.String("dir", "/var/lib/nats", "where JetStream stores messages")
	flag.Parse()
	s, err := server.NewServer(&server.Options{
		Host:       "0.0.0.0",
		Port:       *port,
		JetStream:  true,
		StoreDir:   *dir,
		SyncAlways: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	s.Start() // and stops at SIGTERM by itself
	s.WaitForShutdown()
}

package main

import (
	"flag"
	"io"
	"log"
	"net"
)

func main() {
	addr := flag.String("addr", "localhost:7000", "listen address")
	peer := flag.String("peer", "localhost:7001", "another server")
	flag.Parse()
	_ = peer
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() { defer conn.Close(); io.Copy(conn, conn) }()
	}
}

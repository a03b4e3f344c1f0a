package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	port := os.Getenv("PORT")
	go http.ListenAndServe(":6060", nil)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}

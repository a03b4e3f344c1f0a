// Command memberlist is one member of a group that hashicorp/memberlist keeps together. GET /members lists who it believes alive.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/memberlist"
)

func main() {
	name := flag.String("name", "", "of this member")
	ip := flag.String("ip", "", "its address")
	join := flag.String("join", "", "addresses of members, with commas between")
	addr := flag.String("addr", ":8080", "where to listen for HTTP")
	flag.Parse()

	cfg := memberlist.DefaultLANConfig()
	cfg.Name = *name
	cfg.BindAddr = *ip
	cfg.LogOutput = io.Discard
	list, err := memberlist.Create(cfg)
	if err != nil {
		log.Fatal(err)
	}
	go keepJoined(list, strings.Split(*join, ","))
	http.HandleFunc("GET /members", func(w http.ResponseWriter, r *http.Request) {
		var names []string
		for _, m := range list.Members() {
			names = append(names, m.Name)
		}
		slices.Sort(names)
		fmt.Fprint(w, strings.Join(names, " "))
	})
	log.Fatal(http.ListenAndServe(*addr, nil))
}

// keepJoined joins the others again and again: who was cut off for long has been given up by them.
func keepJoined(list *memberlist.Memberlist, others []string) {
	for {
		if _, err := list.Join(others); err != nil {
			log.Print("join: ", err)
		}
		time.Sleep(5 * time.Second)
	}
}

// Command raft is a key-value server (PUT and GET of /key) that hashicorp/raft replicates over several machines. The leader answers;
// others answer 421 (Misdirected Request). What was answered with 200 is agreed upon: a majority has it on disk.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/raft"
	boltdb "github.com/hashicorp/raft-boltdb/v2"
)

const (
	raftPort = "7000"
	patience = 2 * time.Second
)

func main() {
	ip := flag.String("ip", "", "this server's address")
	servers := flag.String("servers", "", "all servers' addresses, with commas between")
	addr := flag.String("addr", ":8080", "where to listen for HTTP")
	dir := flag.String("dir", "/var/lib/raft", "where the log and the snapshots are")
	flag.Parse()
	s := &store{values: map[string]string{}}
	node, err := start(*ip, strings.Split(*servers, ","), *dir, s)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(*addr, handler(node, s)))
}

func start(ip string, servers []string, dir string, fsm raft.FSM) (*raft.Raft, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	db, err := boltdb.NewBoltStore(filepath.Join(dir, "raft.db"))
	if err != nil {
		return nil, err
	}
	snapshots, err := raft.NewFileSnapshotStore(dir, 2, io.Discard)
	if err != nil {
		return nil, err
	}
	self := net.JoinHostPort(ip, raftPort)
	transport, err := raft.NewTCPTransport(self, nil, 3, patience, io.Discard)
	if err != nil {
		return nil, err
	}
	cfg := raft.DefaultConfig()
	cfg.LocalID = raft.ServerID(ip)
	cfg.LogOutput = io.Discard
	cfg.SnapshotThreshold, cfg.SnapshotInterval, cfg.TrailingLogs = 20, 2*time.Second, 5 // so that a short test has snapshots
	node, err := raft.NewRaft(cfg, fsm, db, db, snapshots, transport)
	if err != nil {
		return nil, err
	}
	var all raft.Configuration
	for _, ip := range servers {
		all.Servers = append(all.Servers, raft.Server{ID: raft.ServerID(ip), Address: raft.ServerAddress(net.JoinHostPort(ip, raftPort))})
	}
	// The same on every server, and refused by one that has been started before.
	if err := node.BootstrapCluster(all).Error(); err != nil && !errors.Is(err, raft.ErrCantBootstrap) {
		return nil, err
	}
	return node, nil
}

func handler(node *raft.Raft, s *store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{key}", func(w http.ResponseWriter, r *http.Request) {
		value, err := io.ReadAll(r.Body)
		if err == nil {
			err = node.Apply([]byte(r.PathValue("key")+"="+string(value)), patience).Error()
		}
		answer(w, "", err)
	})
	mux.HandleFunc("GET /{key}", func(w http.ResponseWriter, r *http.Request) {
		// A new leader may not have applied all that was agreed upon before it; an old one may not know that it is none any more.
		err := node.Barrier(patience).Error()
		value := s.get(r.PathValue("key"))
		if err == nil {
			err = node.VerifyLeader().Error()
		}
		answer(w, value, err)
	})
	return mux
}

func answer(w http.ResponseWriter, value string, err error) {
	switch {
	case errors.Is(err, raft.ErrNotLeader):
		http.Error(w, err.Error(), http.StatusMisdirectedRequest)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		fmt.Fprint(w, value)
	}
}

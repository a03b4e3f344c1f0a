// Package client talks to key-value servers (cmd/server). The keys are sharded: each key lives on one of the servers, chosen by
// its hash. There is no replication.
package client

import (
	"bufio"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"strings"
	"time"
)

// ErrUnknown is in the error of a set that may or may not have been carried out: the request may have left, the answer did not
// come. A set that fails without it was not carried out and never will be.
var ErrUnknown = errors.New("outcome unknown")

// A Client keeps one connection to each server and opens it again after an error. It is for one goroutine at a time.
type Client struct {
	servers []string
	timeout time.Duration // of one operation, with the dial if one is needed
	conns   map[string]*conn
}

type conn struct {
	net.Conn
	lines *bufio.Reader
}

// New returns a client of the servers at these addresses (host:port). It does not connect yet.
func New(servers []string, timeout time.Duration) *Client {
	return &Client{servers: servers, timeout: timeout, conns: make(map[string]*conn)}
}

// Server returns the address of the server that holds key.
func (c *Client) Server(key string) string {
	h := fnv.New32a()
	h.Write([]byte(key))
	return c.servers[int(h.Sum32()%uint32(len(c.servers)))]
}

// Get returns the value of key, and whether it has one.
func (c *Client) Get(key string) (value string, found bool, err error) {
	answer, _, err := c.do(c.Server(key), "GET "+key)
	if err != nil {
		return "", false, fmt.Errorf("get %s: %w", key, err)
	}
	if answer == "NONE" {
		return "", false, nil
	}
	value, ok := strings.CutPrefix(answer, "VALUE ")
	if !ok {
		return "", false, fmt.Errorf("get %s: %s answered %q", key, c.Server(key), answer)
	}
	return value, true, nil
}

// Set gives key a value. Keys contain no spaces, and neither contains a line break.
func (c *Client) Set(key, value string) error {
	answer, sent, err := c.do(c.Server(key), "SET "+key+" "+value)
	switch {
	case err != nil && sent:
		return fmt.Errorf("set %s: %w: %w", key, ErrUnknown, err)
	case err != nil:
		return fmt.Errorf("set %s: %w", key, err)
	}
	if answer != "OK" {
		// The server could not write its log; what is in the file may come back at its next start.
		return fmt.Errorf("set %s: %s answered %q: %w", key, c.Server(key), answer, ErrUnknown)
	}
	return nil
}

// Ping asks one server for a sign of life.
func (c *Client) Ping(server string) error {
	answer, _, err := c.do(server, "PING")
	if err == nil && answer != "PONG" {
		err = fmt.Errorf("%s answered %q", server, answer)
	}
	return err
}

// Close closes all connections.
func (c *Client) Close() {
	for _, server := range c.servers {
		c.drop(server)
	}
}

// do sends one request and returns the answer without its line break; sent says whether the request may have left. After an
// error the connection is not used again: a late answer to this request would be taken for the answer to the next one.
func (c *Client) do(server, request string) (answer string, sent bool, err error) {
	deadline := time.Now().Add(c.timeout)
	cn, err := c.conn(server, deadline)
	if err != nil {
		return "", false, err
	}
	cn.SetDeadline(deadline)
	if _, err = fmt.Fprintf(cn, "%s\n", request); err == nil {
		answer, err = cn.lines.ReadString('\n')
	}
	if err != nil {
		c.drop(server)
		return "", true, err
	}
	return strings.TrimSuffix(answer, "\n"), true, nil
}

func (c *Client) conn(server string, deadline time.Time) (*conn, error) {
	if cn := c.conns[server]; cn != nil {
		return cn, nil
	}
	d := net.Dialer{Deadline: deadline}
	nc, err := d.Dial("tcp", server)
	if err != nil {
		return nil, err
	}
	cn := &conn{Conn: nc, lines: bufio.NewReader(nc)}
	c.conns[server] = cn
	return cn, nil
}

func (c *Client) drop(server string) {
	if cn := c.conns[server]; cn != nil {
		cn.Close()
		delete(c.conns, server)
	}
}

// Package client talks to the server of cmd/server.
package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// ErrVersion is the error of a put whose key does not have the version that was asked for. It was not carried out.
var ErrVersion = errors.New("the key has another version")

// Client is a client of one server. It can be used by many goroutines at once.
type Client struct {
	base string
	http *http.Client
}

// New returns a client of the server at addr (host:port). A request that takes longer than timeout fails.
func New(addr string, timeout time.Duration) *Client {
	return &Client{
		base: "http://" + addr,
		http: &http.Client{Timeout: timeout, Transport: &http.Transport{MaxIdleConnsPerHost: 4}},
	}
}

// Close closes the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Get decodes the value of key into v and returns its version: 0, with v left alone, when there is none.
func (c *Client) Get(key string, v any) (version int, err error) {
	return c.do(http.MethodGet, key, nil, nil, v)
}

// Put gives key a value if it has this version now, and returns the new version. After an error other than ErrVersion it may or
// may not have been carried out.
func (c *Client) Put(key string, v any, version int) (int, error) {
	body, err := json.Marshal(map[string]any{"value": v})
	if err != nil {
		return 0, err
	}
	return c.do(http.MethodPut, key, http.Header{"If-Match": {strconv.Itoa(version)}}, body, nil)
}

func (c *Client) do(method, key string, header http.Header, body []byte, v any) (version int, err error) {
	req, err := http.NewRequest(method, c.base+"/keys/"+url.PathEscape(key), bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	switch {
	case res.StatusCode == http.StatusNotFound && method == http.MethodGet:
		return 0, nil
	case res.StatusCode == http.StatusPreconditionFailed:
		return 0, ErrVersion
	case res.StatusCode != http.StatusOK:
		return 0, fmt.Errorf("%s %s: %s: %s", method, key, res.Status, bytes.TrimSpace(text))
	}
	answer := struct {
		Value   any `json:"value"`
		Version int `json:"version"`
	}{Value: v}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, fmt.Errorf("%s %s: %w", method, key, err)
	}
	return answer.Version, nil
}

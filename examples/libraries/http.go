package libraries

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// timeout is how long the clients wait for an answer. A crash or a partition makes them wait in vain.
const timeout = 2 * time.Second

var errNoAnswer = errors.New("no answer")

// newHTTP returns a client with connections of its own.
func newHTTP() *http.Client { return &http.Client{Timeout: timeout, Transport: &http.Transport{}} }

// do sends a request and returns the status and the text of the answer.
func do(c *http.Client, method, url, body string) (status int, text string, err error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

package stdlib

import (
	"archive/tar"
	"bytes"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// drivers: what init functions tell other packages.
func drivers(c *check) {
	c.equal("registered", slices.Contains(sql.Drivers(), "none"), true)
	db, err := sql.Open("none", "")
	if c.ok("open", err) {
		c.is("connect", db.Ping(), errNoDatabase)
	}
}

func init() { sql.Register("none", noDatabase{}) }

var errNoDatabase = errors.New("there is no database")

type noDatabase struct{}

func (noDatabase) Open(string) (driver.Conn, error) { return nil, errNoDatabase }

// settings: $GODEBUG counts from the moment that it is changed.
func settings(c *check) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	c.ok("header", w.WriteHeader(&tar.Header{Name: "../x"}))
	c.ok("close", w.Close())
	read := func() error {
		_, err := tar.NewReader(bytes.NewReader(archive.Bytes())).Next()
		return err
	}
	old := os.Getenv("GODEBUG")
	defer os.Setenv("GODEBUG", old)
	c.ok("read", read())
	c.ok("setenv", os.Setenv("GODEBUG", "tarinsecurepath=0"))
	c.is("read carefully", read(), tar.ErrInsecurePath)
	c.ok("unsetenv", os.Unsetenv("GODEBUG"))
	c.ok("read again", read())
}

// positions: a function knows the file it was written in.
func positions(c *check) {
	for range map[int]int{1: 1} {
		_, file, line, _ := runtime.Caller(0)
		c.equal("position", fmt.Sprintf("%t %s:%d", filepath.IsAbs(file), filepath.Base(file), line), "true packages_test.go:55")
	}
}

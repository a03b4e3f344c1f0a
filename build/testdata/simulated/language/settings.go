//go:debug tarinsecurepath=0
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
)

// settings are those of this program, whatever executable it is part of.
func settings() error {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: "../x", Mode: 0o600}), w.Close()); err != nil {
		return err
	}
	read := func() error {
		_, err := tar.NewReader(bytes.NewReader(b.Bytes())).Next()
		return err
	}
	own := read()
	os.Setenv("GODEBUG", "tarinsecurepath=1")
	changed := read()
	os.Unsetenv("GODEBUG")
	return errors.Join(want("own", own, tar.ErrInsecurePath), want("changed", changed, nil), want("own again", read(), own))
}

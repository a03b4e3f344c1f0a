package main

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// wal is an append-only log of sets. A record is a line: the checksum of the rest, the key, the value.
//
//	8f3c01aa key value
//
// A crash can leave the last record torn. Replay stops at the first line that is incomplete or has the wrong checksum,
// and cuts the file there, so that new records follow good ones.
type wal struct {
	file    *os.File
	sync    bool
	records int   // replayed
	dropped int64 // bytes cut off behind the last good record
}

// openWAL opens or creates the log, calls apply for every good record in it, and makes it ready to append.
func openWAL(path string, sync bool, apply func(key, value string)) (*wal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	w := &wal{file: file, sync: sync}
	if err := w.replay(apply); err != nil {
		file.Close()
		return nil, fmt.Errorf("replay %s: %w", path, err)
	}
	// A new file is only safe when the directory that names it is.
	if err := syncDir(filepath.Dir(path)); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

func (w *wal) replay(apply func(key, value string)) error {
	var good int64
	r := bufio.NewReader(w.file)
	for {
		line, err := r.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		key, value, ok := parseRecord(line)
		if !ok {
			break
		}
		apply(key, value)
		w.records++
		good += int64(len(line))
	}

	size, err := w.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if w.dropped = size - good; w.dropped > 0 {
		if err := w.file.Truncate(good); err != nil {
			return err
		}
	}
	return w.file.Sync()
}

func (w *wal) append(key, value string) error {
	if _, err := io.WriteString(w.file, formatRecord(key, value)); err != nil {
		return err
	}
	if !w.sync {
		return nil
	}
	return w.file.Sync()
}

func (w *wal) close() error {
	return errors.Join(w.file.Sync(), w.file.Close())
}

func formatRecord(key, value string) string {
	body := key + " " + value
	return fmt.Sprintf("%08x %s\n", crc32.ChecksumIEEE([]byte(body)), body)
}

func parseRecord(line string) (key, value string, ok bool) {
	line, ok = strings.CutSuffix(line, "\n")
	if !ok {
		return "", "", false
	}
	sum, body, _ := strings.Cut(line, " ")
	if sum != fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))) {
		return "", "", false
	}
	return strings.Cut(body, " ")
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

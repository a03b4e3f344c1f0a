package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a crash leaves behind the last synced record, replay finds every record before it, and the log goes on from there.
func TestReplayTornLog(t *testing.T) {
	whole := formatRecord("a", "1") + formatRecord("b", "2")
	last := formatRecord("a", "3")
	tails := map[string]string{
		"nothing":             "",
		"cut off":             last[:len(last)/2],
		"without line break":  strings.TrimSuffix(last, "\n"),
		"zeros":               "\x00\x00\x00\x00",
		"zeros and a line":    "\x00\x00\n" + last,
		"flipped bit":         strings.Replace(last, "3", "2", 1),
		"checksum alone":      last[:8],
		"an empty line":       "\n",
		"no value, right sum": "", // replaced below
	}
	tails["no value, right sum"] = strings.Replace(formatRecord("a", ""), " \n", "\n", 1)

	for name, tail := range tails {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "wal")
			if err := os.WriteFile(path, []byte(whole+tail), 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := openStore(path, true)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string]string{"a": "1", "b": "2"}; !maps.Equal(s.values, want) {
				t.Errorf("replayed %v, want %v", s.values, want)
			}
			if s.wal.dropped != int64(len(tail)) {
				t.Errorf("dropped %d bytes, want %d", s.wal.dropped, len(tail))
			}
			if err := s.set("c", "4"); err != nil {
				t.Fatal(err)
			}
			s.close()

			s, err = openStore(path, true)
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			if want := map[string]string{"a": "1", "b": "2", "c": "4"}; !maps.Equal(s.values, want) {
				t.Errorf("after an append: %v, want %v", s.values, want)
			}
		})
	}
}

func TestSetAfterFailedAppend(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "wal"), true)
	if err != nil {
		t.Fatal(err)
	}
	s.wal.file.Close() // every write fails from here on
	if err := s.set("a", "1"); err == nil {
		t.Error("a set that is not in the log was acknowledged")
	}
	if err := s.set("a", "2"); err != errReadOnly {
		t.Errorf("the next set: %v, want %v", err, errReadOnly)
	}
	if value, ok := s.get("a"); ok {
		t.Errorf("get returns %q, which was never acknowledged", value)
	}
}

package unsynced

import (
	"testing"

	"example.com/kv/internal/finds"
)

func TestLostWriteIsFound(t *testing.T) { finds.Bug(t, "TestKVUnsynced", "1-40") }

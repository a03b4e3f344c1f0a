package halfline

import (
	"testing"

	"example.com/kv/internal/finds"
)

func TestHalfLineIsFound(t *testing.T) { finds.Bug(t, "TestKVHalfLine", "1-60") }

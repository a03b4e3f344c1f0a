package time

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	var c Clock
	show := func(elapsed time.Duration) string {
		return time.Unix(0, c.Wall(Start+int64(elapsed))).UTC().Format(time.RFC3339Nano)
	}
	check := func(elapsed time.Duration, want string) {
		t.Helper()
		if got := show(elapsed); got != want {
			t.Errorf("after %v the clock shows %s, want %s", elapsed, got, want)
		}
	}
	check(0, "2020-01-01T00:00:00Z")
	check(90*time.Second, "2020-01-01T00:01:30Z")
	c.Step(-int64(time.Hour))
	check(90*time.Second, "2019-12-31T23:01:30Z")
	c.Step(int64(time.Hour))
	c.SetDrift(Start+int64(90*time.Second), int64(time.Millisecond))
	check(90*time.Second, "2020-01-01T00:01:30Z")
	check(190*time.Second, "2020-01-01T00:03:10.1Z")
	c.SetDrift(Start+int64(190*time.Second), -int64(2*time.Millisecond))
	check(290*time.Second, "2020-01-01T00:04:49.9Z")
	if off := c.Offset(Start + int64(290*time.Second)); off != -int64(100*time.Millisecond) {
		t.Errorf("offset %v", time.Duration(off))
	}
}

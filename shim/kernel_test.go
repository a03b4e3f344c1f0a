package shim

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// Two rows for one system call, of which one would silently win, stop the program.
func TestTwoRowsForOneSystemCall(t *testing.T) {
	modelled := map[uintptr]call{2: {name: "open", do: func(*process, args) (uintptr, syscall.Errno) { return 0, 0 }}}
	refused := map[uintptr]call{2: {name: "open too", fails: syscall.ENOSYS}}
	for _, c := range []struct {
		tables []map[uintptr]call
		want   string
	}{
		{[]map[uintptr]call{modelled, refused}, "system call 2 has two rows: open and open too"},
		{[]map[uintptr]call{refused, modelled}, "system call 2 has two rows: open and open too"},
		{[]map[uintptr]call{{9999: {name: "far"}}}, "system call 9999 (far): the table ends at 512"},
		{[]map[uintptr]call{modelled, {3: {name: "close"}}}, "<nil>"},
	} {
		if got := panicOf(func() { join(c.tables...) }); !strings.HasPrefix(got, c.want) {
			t.Errorf("join(%v): %s, want %s", c.tables, got, c.want)
		}
	}
}

func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return
}

// A row is carried out, or it has a name for the report.
func TestEveryRowHasAName(t *testing.T) {
	for nr, c := range calls {
		if c.name == "" && (c.do != nil || c.fails != 0) {
			t.Errorf("system call %d has no name", nr)
		}
	}
}

package libraries

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
)

// Three members find each other; one crashes, and the others notice; it comes back, and they take it back. Then anything may happen for
// a while, and at the end they are together again.
func TestMemberlist(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers: []sim.Server{{
			Name:    "member",
			Program: "example.com/libraries/cmd/memberlist",
			Args:    []string{"-name", "{name}", "-ip", "{ip}", "-join", "{servers}"},
			Count:   sim.Exactly(3),
		}},
		Workload:   &watching{},
		Iterations: 10,
	})
}

type watching struct{ http *http.Client }

func (*watching) Name() string { return "client" }

func (w *watching) Setup(ctx *sim.Context) error {
	w.http = newHTTP()
	return w.agree(ctx, "member-0 member-1 member-2")
}

func (w *watching) Run(ctx *sim.Context) error {
	all := []string{"member-0", "member-1", "member-2"}
	victim := ctx.Rand().IntN(len(all))
	ctx.Faults().Crash(all[victim])
	rest := append(append([]string{}, all[:victim]...), all[victim+1:]...)
	if err := w.agree(ctx, strings.Join(rest, " ")); err != nil {
		return err
	}
	ctx.Faults().Restart(all[victim])
	if err := w.agree(ctx, strings.Join(all, " ")); err != nil {
		return err
	}
	victim = ctx.Rand().IntN(len(all))
	ctx.Faults().Isolate(all[victim])
	time.Sleep(time.Duration(ctx.Rand().Int64N(int64(time.Minute))))
	ctx.Faults().HealAll()
	return nil
}

func (w *watching) Check(ctx *sim.Context) error {
	return w.agree(ctx, "member-0 member-1 member-2")
}

// agree waits until all servers that are up see the same members.
func (w *watching) agree(ctx *sim.Context, members string) error {
	const patience = time.Minute
	var seen []string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Second) {
		seen = nil
		agreed := true
		for _, ip := range ctx.Topology().AllServerIPs() {
			if !ctx.Faults().Up(ip) {
				continue
			}
			_, text, err := do(w.http, http.MethodGet, fmt.Sprintf("http://%s:8080/members", ip), "")
			if err != nil {
				text = err.Error()
			}
			agreed = agreed && text == members
			seen = append(seen, text)
		}
		if agreed {
			ctx.Log("%s", members)
			return nil
		}
	}
	return fmt.Errorf("after %v the members see %q, want %q", patience, seen, members)
}

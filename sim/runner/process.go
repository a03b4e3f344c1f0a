package runner

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/simgen-dev/simgen/sim/report"
)

// process is one running worker.
type process struct {
	cmd      *exec.Cmd
	messages chan Message // closed when the worker closes its end
	orders   *os.File
	output   *tail // standard output and error together
	ahead    int   // how many orders it may have at the same time
	dead     bool
	waited   error  // from cmd.Wait, once dead
	races    string // directory of the race detector's reports; "" if there is none
}

// errEnded is what next returns when a worker has come to its regular end.
var errEnded = errors.New("worker ended")

// quitGrace is how long a worker has to write its stacks after SIGQUIT.
const quitGrace = 3 * time.Second

// startProcess starts a worker. What it needs is gone again if that fails.
func startProcess(o Options, surroundings []string) (_ *process, err error) {
	var races string
	if o.Race {
		if races, err = os.MkdirTemp("", "simgen-race-"); err != nil {
			return nil, err
		}
		defer func() {
			if err != nil {
				os.RemoveAll(races)
			}
		}()
	}
	messagesR, messagesW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ordersR, ordersW, err := os.Pipe()
	if err != nil {
		messagesR.Close()
		messagesW.Close()
		return nil, err
	}
	p := &process{messages: make(chan Message), orders: ordersW, output: newTail(64 << 10), ahead: 1, races: races}
	p.cmd = exec.Command(o.Binary, o.Args...)
	p.cmd.Dir = o.Dir
	p.cmd.Env = append(os.Environ(), WorkerEnv+"=1", "GOTRACEBACK=all")
	if o.Verbose {
		p.cmd.Env = append(p.cmd.Env, VerboseEnv+"=1")
	}
	p.cmd.Env = append(append(p.cmd.Env, o.Limits.environ()), surroundings...)
	if o.Race {
		p.cmd.Env = append(p.cmd.Env, raceEnv(races))
	}
	p.cmd.Env = append(p.cmd.Env, o.Env...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.ExtraFiles = []*os.File{messagesW, ordersR} // descriptors 3 and 4
	p.cmd.WaitDelay = time.Second                     // if a grandchild keeps the output open
	DieWithParent(p.cmd)
	apart(p.cmd)
	err = p.cmd.Start()
	messagesW.Close()
	ordersR.Close()
	if err != nil {
		messagesR.Close()
		ordersW.Close()
		return nil, err
	}
	go p.read(messagesR)
	return p, nil
}

// read passes messages on until the worker closes its end, in practice by its death.
func (p *process) read(f *os.File) {
	defer f.Close()
	defer close(p.messages)
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var m Message
		if json.Unmarshal(line, &m) != nil {
			m = Message{Event: string(line)} // reported as out of turn
		}
		p.messages <- m
	}
}

func (p *process) order(line string) {
	io.WriteString(p.orders, line+"\n") // a worker that is gone shows in its messages
}

// next waits for a message outside of any seed.
func (p *process) next(ctx context.Context, limit time.Duration) (Message, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case m, ok := <-p.messages:
		if ok {
			return m, nil
		}
		if p.wait() == nil {
			return Message{}, errEnded
		}
		return Message{}, fmt.Errorf("worker %s: %v outside of any seed\n%s", p.cmd.Path, p.waited, p.output.String())
	case <-timer.C:
		p.quit()
		return Message{}, fmt.Errorf("worker %s: no sign of life for %v outside of any seed (does a test block before it calls sim.Test?)\n%s",
			p.cmd.Path, limit, p.output.String())
	case <-ctx.Done():
		p.kill()
		return Message{}, errEnded
	}
}

// runSeed has the worker run one seed and waits for the result.
func (p *process) runSeed(ctx context.Context, test string, seed uint64, limit time.Duration) report.SeedResult {
	return p.runTraced(ctx, test, seed, Trace{}, limit)
}

// runTraced is runSeed with a trace written to a file, if it has a name.
func (p *process) runTraced(ctx context.Context, test string, seed uint64, trace Trace, limit time.Duration) report.SeedResult {
	order := fmt.Sprintf("seed %d", seed)
	if trace.File != "" {
		order += fmt.Sprintf(" trace %d %s", trace.Last, trace.File)
	}
	p.order(order)
	return p.answer(ctx, test, seed, limit)
}

// answer waits for the result of the seed that the worker runs now.
func (p *process) answer(ctx context.Context, test string, seed uint64, limit time.Duration) report.SeedResult {
	start := time.Now()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case m, ok := <-p.messages:
		switch {
		case !ok:
			p.wait()
			return p.died(time.Since(start))
		case m.Event != "seed" || m.Result == nil || m.Test != test || m.Result.Seed != seed:
			p.kill()
			return broken(report.Error, "error", fmt.Sprintf("worker answered %q to seed %d of %s", m.Event, seed, test), "", time.Since(start))
		}
		if m.Last {
			p.kill()
		}
		return *m.Result
	case <-timer.C:
		p.quit()
		_, stacks := split(p.output.String())
		return broken(report.Error, "error", fmt.Sprintf("nothing was heard from the worker for %v: something in it waits outside of the simulation, or the machine is very busy", limit), stacks, time.Since(start))
	case <-ctx.Done():
		p.kill()
		return broken(report.Error, "error", "interrupted", "", time.Since(start))
	}
}

// died is the result of a seed over which the worker died.
func (p *process) died(took time.Duration) report.SeedResult {
	reason, stacks := split(p.output.String())
	if reason == "" {
		reason = "no output"
	}
	how := "exit status 0"
	if p.waited != nil {
		how = p.waited.Error()
	}
	var exit *exec.ExitError
	if errors.As(p.waited, &exit) {
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() && ws.Signal() == syscall.SIGKILL {
			how += " (out of memory?)"
		}
	}
	kind := "fatal"
	if strings.Contains(reason, "out of memory") || strings.Contains(reason, "cannot allocate memory") {
		kind = "memory"
	}
	return broken(report.Fail, kind, fmt.Sprintf("the worker process died: %s: %s", how, reason), stacks, took)
}

func broken(r report.Result, kind, message, stacks string, took time.Duration) report.SeedResult {
	return report.SeedResult{
		Result: r, WallSeconds: took.Seconds(),
		Failure: &report.Failure{Kind: kind, Message: message, Stacks: stacks},
	}
}

// quit makes the worker write the stacks of its goroutines, and ends it.
func (p *process) quit() {
	if p.dead {
		return
	}
	p.cmd.Process.Signal(syscall.SIGQUIT)
	go func() {
		for range p.messages { // it may be writing a result that nobody waits for any more
		}
	}()
	timer := time.AfterFunc(quitGrace, func() { p.cmd.Process.Kill() })
	defer timer.Stop()
	p.wait()
}

// kill ends the worker if it still runs.
func (p *process) kill() {
	if p.dead {
		return
	}
	p.cmd.Process.Kill()
	go func() {
		for range p.messages {
		}
	}()
	p.wait()
}

func (p *process) wait() error {
	if !p.dead {
		p.dead = true
		p.orders.Close()
		p.waited = p.cmd.Wait()
		if p.races != "" {
			os.RemoveAll(p.races)
		}
	}
	return p.waited
}

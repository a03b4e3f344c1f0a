package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim"
)

// simulation is one seed while it runs. Its methods run on simulated goroutines of the harness
// process or of workloads; one goroutine runs at a time and none is interrupted between
// two operations that can block, so that nothing here is locked.
//
// Blocking operations are calls of the runtime (rt.Recv, rt.Sleep, ...) instead of the
// statements of the language: the code then means the same in a binary that is not rewritten.
type simulation struct {
	cfg     Config
	seed    uint64
	program string // import path of the test package; "" if it has nothing to initialise
	single  Workload

	world    *shim.World
	harness  *rt.Process
	topology *Topology
	state    *State
	timeline *timeline
	start    int64 // on the runtime's clock

	servers []*server
	clients []*client
	fatal   map[string]string // the fatal error a server's runtime has reported, by host name
	chaos   *chaos

	runContext context.Context
	cancelRun  context.CancelFunc
	closing    bool // servers are told to stop for good
	phaseName  string
	judged     bool   // the failure was found by this package, not by the runtime
	stacks     string // that explain the failure, if they are not all
	ranUntil   int64  // when the last Run returned, on the runtime's clock
}

// output notes a line that a process wrote.
func (s *simulation) output(l shim.Line) {
	s.timeline.addOutput(l.At, l.Node, l.Text)
	if l.Stream == "stderr" && strings.HasPrefix(l.Text, "fatal error: ") {
		s.fatal[l.Node] = l.Text
	}
}

// client is a workload in its place.
type client struct {
	self     Peer
	id       int
	count    int
	workload Workload
	rand     *rand.Rand
	proc     *rt.Process
	calls    chan func()
	busy     string // the method that runs now
}

// harnessName is who speaks in the timeline when no machine does.
const harnessName = "sim"

// orchestrate is the main function of the harness process: the seed from beginning to end.
func (s *simulation) orchestrate() {
	s.harness = rt.CurrentProcess()
	s.start = rt.Now()
	s.timeline.start = s.start
	assertions.start = s.start
	s.addServers()
	s.addClients()
	s.phase("start servers")
	for _, srv := range s.servers {
		s.boot(srv, "")
	}
	for _, srv := range s.servers {
		s.awaitReady(srv)
	}
	s.phase("setup")
	for _, c := range s.clients {
		s.oneByOne(c, "error", "Setup", c.workload.Setup)
	}
	s.phase("run")
	s.startChaos()
	s.runAll()
	s.calm()
	s.phase("check")
	for _, c := range s.clients {
		s.oneByOne(c, "check", "Check", c.workload.Check)
	}
	s.finish()
}

func (s *simulation) phase(name string) {
	s.phaseName = name
	s.timeline.add(harnessName, name)
}

func (s *simulation) now() time.Duration { return time.Duration(rt.Now() - s.start) }

// fail ends the simulation. It does not return, because whoever calls it cannot go on.
func (s *simulation) fail(kind, format string, args ...any) {
	s.judged = true
	rt.Fail(kind, fmt.Sprintf(format, args...))
	rt.Park("simulation has failed")
}

// addClients gives every workload a machine and a process that shares the harness's variables, which
// are the test package's.
func (s *simulation) addClients() {
	taken := map[string]bool{}
	for _, p := range s.topology.servers {
		taken[p.Name] = true
	}
	if s.single != nil {
		s.addGroup([]Workload{s.single}, taken)
	}
	for i, g := range s.cfg.Workloads {
		group := make([]Workload, drawCount("workloads "+strconv.Itoa(i), g.count))
		for id := range group {
			group[id] = g.make(id)
		}
		s.addGroup(group, taken)
	}
	for _, c := range s.clients {
		node := s.world.AddNode(c.self.Name, c.self.IP)
		c.proc = rt.NewProcess(c.self.Name, s.program)
		c.proc.ShareGlobals(s.harness)
		node.Host(c.proc)
		c.proc.Start(c.serve)
		s.harness.Go(func() { s.watchClient(c) })
	}
}

// addGroup adds the workloads of a group. Host names are unique: workloads of the same name
// are numbered within their group, and again if that is not enough.
func (s *simulation) addGroup(group []Workload, taken map[string]bool) {
	count := map[string]int{}
	for _, w := range group {
		count[w.Name()]++
	}
	for id, w := range group {
		name := w.Name()
		if count[name] > 1 {
			name += "-" + strconv.Itoa(id)
		}
		for base, n := name, 2; taken[name]; n++ {
			name = base + "-" + strconv.Itoa(n)
		}
		taken[name] = true
		c := &client{workload: w, id: id, count: len(group), rand: rand.New(workloadSource{}), calls: make(chan func())}
		c.self = Peer{Name: name, IP: address(0, len(s.clients))}
		s.clients = append(s.clients, c)
		s.topology.clients = append(s.topology.clients, c.self)
	}
}

// serve is the main function of a workload's process: it does what it is called for.
func (c *client) serve() {
	for {
		rt.Recv(c.calls)()
	}
}

// watchClient fails the seed when a workload's process ends, which only a panic or an os.Exit can do.
func (s *simulation) watchClient(c *client) {
	st := c.proc.Wait()
	if s.closing {
		return
	}
	if st.Panic != "" {
		s.fail("panic", "workload %s panicked: %s", c.self.Name, st.Panic)
	}
	s.fail("exit", "workload %s ended its process with exit code %d; return an error instead", c.self.Name, st.Code)
}

// result is what one method of one workload came to.
type result struct {
	client *client
	err    error
}

// call has a workload's own process call one of its methods; the outcome goes to done.
func (s *simulation) call(c *client, name string, method func(*Context) error, ctx context.Context, done chan result) {
	rt.Send(c.calls, func() {
		c.busy = name
		err := method(&Context{Context: ctx, sim: s, client: c})
		c.busy = ""
		rt.Send(done, result{c, err})
	})
}

// oneByOne calls Setup or Check of one workload.
func (s *simulation) oneByOne(c *client, kind, name string, method func(*Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan result, 1)
	s.call(c, name, method, ctx, done)
	r := rt.Recv(done)
	cancel()
	if r.err != nil {
		s.fail(kind, "%s of workload %s: %v", name, c.self.Name, r.err)
	}
}

// runAll calls Run of all workloads at the same time and waits for all of them.
func (s *simulation) runAll() {
	s.runContext, s.cancelRun = context.WithCancel(context.Background())
	if s.cfg.RunFor > 0 {
		rest := s.cfg.RunFor
		s.harness.Go(func() {
			rt.Sleep(int64(rest))
			s.shutdown("RunFor")
		})
	}
	done := make(chan result, len(s.clients))
	for _, c := range s.clients {
		s.call(c, "Run", c.workload.Run, s.runContext, done)
	}
	for range s.clients {
		r := rt.Recv(done)
		stopped := s.runContext.Err() != nil && errors.Is(r.err, context.Canceled)
		if r.err != nil && !stopped {
			s.fail("error", "Run of workload %s: %v", r.client.self.Name, r.err)
		}
		s.timeline.add(r.client.self.Name, "Run has returned")
	}
	s.ranUntil = rt.Now()
	s.cancelRun()
}

// shutdown makes the contexts of Run done.
func (s *simulation) shutdown(by string) {
	if s.runContext == nil || s.runContext.Err() != nil {
		return
	}
	s.timeline.add(harnessName, "shutdown, asked for by "+by)
	s.cancelRun()
}

// calm ends all faults, also those caused by hand, and lets the servers come to rest.
func (s *simulation) calm() {
	s.endChaos()
	s.phase("calm")
	s.world.Network().HealAll()
	s.applyLatency(s.cfg.Latency)
	for _, srv := range s.servers {
		s.boot(srv, "")
	}
	for _, srv := range s.servers {
		s.awaitReady(srv)
	}
	rt.Sleep(int64(s.cfg.Settle))
}

// finish stops the servers like an operator and looks for what is left.
func (s *simulation) finish() {
	if s.cfg.FailOnLeaks {
		s.closing = true // from here on a workload's process may end
		for _, c := range s.clients {
			c.proc.Kill()
		}
		s.awaitClosed(s.topology.clients)
		s.checkLeaks("every client has gone", s.topology.clients)
		s.checkGrowth()
	}
	s.phase("stop servers")
	for _, srv := range s.servers {
		s.stop(srv, srv.spec.Grace, "")
	}
	s.closing = true
	if s.cfg.FailOnLeaks {
		s.checkLeaks("every server has stopped", nil)
	}
	s.phase("end")
}

// machines are all machines in the simulation.
func (s *simulation) machines() []Peer {
	return append(s.topology.Servers(), s.topology.clients...)
}

// address is the IPv4 address number i of a network 10.0.net.0, which goes on in the
// networks 10.1.net.0 and so on.
func address(net, i int) string {
	return fmt.Sprintf("10.%d.%d.%d", i/250, net, i%250+1)
}

// drawCount draws a number from a Count.
func drawCount(kind string, c Count) int {
	if c.min == c.max {
		return c.min
	}
	return c.min + int(rt.Draw(rt.Workload, kind, uint64(c.max-c.min)+1))
}

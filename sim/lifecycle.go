package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim"
)

// server is one copy of a Server.
type server struct {
	spec   *Server
	index  int
	self   Peer
	copies []Peer
	node   *shim.Node
	boots  int
	run    *incarnation // the present process, or the last one
}

// incarnation is one process of a server, from its boot to its exit.
type incarnation struct {
	proc     *rt.Process
	stopping bool // somebody asked it to stop
	killed   bool // somebody killed or crashed it
	gone     bool
	ready    bool // somebody has waited for it
}

const (
	supervisorDelay = time.Second      // until a server that may exit is started again
	leakPatience    = 10 * time.Minute // see awaitClosed
	maxLeaks        = 10               // that are named in a failure
	pollReady       = time.Millisecond // between two looks at whether a server listens
	readyPatience   = 10 * time.Second // with a server that may not listen at all
)

// up says whether the server's process runs and is not about to stop.
func (v *server) up() bool { return v.run != nil && !v.run.gone && !v.run.stopping }

// addServers gives every copy of every server a machine.
func (s *simulation) addServers() {
	s.topology.tags = map[string]map[string]string{}
	s.topology.group = map[string]string{}
	for k := range s.cfg.Servers {
		spec := &s.cfg.Servers[k]
		n := drawCount("servers "+spec.Name, spec.Count)
		var copies []Peer
		for i := range n {
			copies = append(copies, Peer{Name: spec.copyName(i), IP: address(1, len(s.servers)+i)})
		}
		for i, self := range copies {
			s.servers = append(s.servers, &server{spec: spec, index: i, self: self, copies: copies})
			s.topology.tags[self.IP] = spec.tagsOf(i)
			s.topology.group[self.IP] = spec.Name
		}
		s.topology.servers = append(s.topology.servers, copies...)
	}
	for _, v := range s.servers {
		v.node = s.world.AddNode(v.self.Name, v.self.IP)
		v.node.Furnish(v.spec.Files, v.spec.Dirs)
	}
}

// serverAt finds a server by address or host name.
func (s *simulation) serverAt(ipOrName string) *server {
	for _, v := range s.servers {
		if v.self.IP == ipOrName || v.self.Name == ipOrName {
			return v
		}
	}
	return nil
}

// mustServer is serverAt for names written in a test.
func (s *simulation) mustServer(ipOrName string) *server {
	v := s.serverAt(ipOrName)
	if v == nil {
		s.fail("error", "the test names a server %q; there are %s", ipOrName, names(s.topology.servers))
	}
	return v
}

// boot starts a server unless it is up. It waits for one that is about to stop.
func (s *simulation) boot(v *server, by string) {
	if v.run != nil && !v.run.gone {
		if !v.run.stopping {
			return
		}
		v.run.proc.Wait()
		s.exited(v, v.run)
		if v.up() { // somebody else was faster
			return
		}
	}
	v.boots++
	args := expand(v.spec.Args, v.self, v.index, v.copies)
	if v.spec.ArgsFor != nil {
		args = append(args, v.spec.ArgsFor(v.self, v.copies)...)
	}
	p := shim.Program{
		Name: v.spec.Name,
		Path: string(v.spec.Program),
		Args: args,
		Env:  expand(v.spec.Env, v.self, v.index, v.copies),

		Stdin: v.spec.Stdin,
	}
	if v.spec.Main != nil {
		p.Path, p.Main = s.program, v.spec.Main
	}
	s.event(by, "start", v.self)
	run := &incarnation{}
	v.run = run
	run.proc = v.node.Start(p)
	s.harness.Go(func() {
		run.proc.Wait()
		s.exited(v, run)
	})
}

// exited judges the end of a process, once.
func (s *simulation) exited(v *server, run *incarnation) {
	if run.gone {
		return
	}
	run.gone = true
	st, _ := run.proc.Exit()
	if run.killed {
		return
	}
	what := describeExit(st)
	s.timeline.add(v.self.Name, what)
	switch {
	case st.Panic != "":
		if !v.spec.AllowPanic {
			s.fail("panic", "server %s panicked: %s", v.self.Name, st.Panic)
		}
	case st.Code == 2 && s.fatal[v.self.Name] != "":
		s.fail("fatal", "server %s: %s", v.self.Name, s.fatal[v.self.Name])
	case run.stopping || s.closing:
		return
	case !v.spec.AllowExit:
		s.fail("exit", "server %s ended by itself: %s (set Server.AllowExit if it may)", v.self.Name, what)
	}
	if s.closing || run.stopping {
		return
	}
	rt.Sleep(int64(supervisorDelay))
	if !s.closing && v.run == run {
		s.boot(v, "supervisor")
	}
}

func describeExit(st rt.ExitStatus) string {
	switch {
	case st.Panic != "":
		return "exit code " + strconv.Itoa(st.Code) + " after a panic"
	case st.Signal != 0:
		return "killed by signal " + strconv.Itoa(int(st.Signal))
	}
	return "exit code " + strconv.Itoa(st.Code)
}

// awaitReady waits until a server is ready, or fails the seed.
func (s *simulation) awaitReady(v *server) {
	if run := v.run; !run.ready {
		run.ready = true
		defer run.proc.Mark() // what it has by now it may keep
	}
	if v.spec.ReadyAfter > 0 {
		rt.Sleep(int64(v.spec.ReadyAfter))
		return
	}
	deadline := s.now() + v.spec.ReadyTimeout
	enough := s.now() + readyPatience
	for !v.node.Listening() {
		if v.spec.readyOptional && s.now() > enough {
			return
		}
		if s.now() > deadline {
			s.fail("error", "server %s does not listen on any socket %v after its start; set Server.ReadyAfter if it never does",
				v.self.Name, v.spec.ReadyTimeout)
		}
		rt.Sleep(int64(pollReady))
	}
}

// crash cuts the power of a server's machine.
func (s *simulation) crash(v *server, by string) {
	if s.lost(v) {
		s.event(by, "crash", v.self)
		v.node.Crash()
	}
}

// kill ends a server's process and leaves its machine running.
func (s *simulation) kill(v *server, by string) {
	if s.lost(v) {
		s.event(by, "kill", v.self)
		v.node.Kill()
	}
}

// lost marks a server's process as ended by a fault; false if there is none.
func (s *simulation) lost(v *server) bool {
	if v.run == nil || v.run.gone {
		return false
	}
	v.run.killed, v.run.gone = true, true
	return true
}

// stop asks a server to stop and kills it when it has not done so after the grace period.
func (s *simulation) stop(v *server, grace time.Duration, by string) {
	if !v.up() {
		return
	}
	s.event(by, "stop", v.self)
	run := v.run
	run.stopping = true
	stacks := v.node.Stop(grace)
	if stacks != "" {
		s.timeline.add(v.self.Name, fmt.Sprintf("killed: it has not ended %v after SIGTERM", grace))
		if grace >= v.spec.Grace && !v.spec.AllowHang {
			s.stacks = stacks
			s.fail("hang", "server %s has not ended %v after SIGTERM, and was killed (set Server.Grace if it may take longer, AllowHang if it need not end)", v.self.Name, grace)
		}
	}
	s.exited(v, run)
}

// wipe removes all files of a machine whose server is down.
func (s *simulation) wipe(v *server, by string) {
	s.event(by, "wipe the disk of", v.self)
	v.node.Wipe()
}

func (s *simulation) partition(a, b string, oneWay bool, by string) {
	arrow, cut := "<->", s.world.Network().Partition
	if oneWay {
		arrow, cut = "->", s.world.Network().PartitionOneWay
	}
	s.timeline.add(speaker(by), "partition "+s.topology.NameOf(a)+" "+arrow+" "+s.topology.NameOf(b))
	s.must(cut(a, b))
}

func (s *simulation) heal(a, b, by string) {
	s.timeline.add(speaker(by), "heal "+s.topology.NameOf(a)+" <-> "+s.topology.NameOf(b))
	s.must(s.world.Network().Heal(a, b))
}

func (s *simulation) healAll(by string) {
	s.timeline.add(speaker(by), "heal all partitions")
	s.world.Network().HealAll()
}

func (s *simulation) setLatency(l Latency, by string) {
	s.timeline.add(speaker(by), fmt.Sprintf("latency %v to %v", l.Min, l.Max))
	s.applyLatency(l)
}

// must is for errors that are mistakes in the test, such as the name of a machine that does not exist.
func (s *simulation) must(err error) {
	if err != nil {
		s.fail("error", "%v", err)
	}
}

// event notes what was done to a machine.
func (s *simulation) event(by, what string, p Peer) {
	s.timeline.add(speaker(by), what+" "+p.Name)
}

func speaker(by string) string {
	if by == "" {
		return harnessName
	}
	return by
}

// open describes the connections that have an end on one of the peers, or all when peers is nil.
func (s *simulation) open(peers []Peer) []string {
	return slices.DeleteFunc(s.world.OpenConnections(), func(conn string) bool { return peers != nil && !touches(conn, peers) })
}

// awaitClosed waits until a server has found out that the peers have gone. A reset can be lost in a partition; then the keepalive
// of package net needs two and a half minutes, and servers that turn it off and ping by themselves may need twice as long.
func (s *simulation) awaitClosed(peers []Peer) {
	for began := s.now(); len(s.open(peers)) > 0 && s.now()-began < leakPatience; {
		rt.Sleep(int64(time.Second))
	}
}

// checkLeaks fails the seed if connections are open that have an end on one of the peers, or
// any when peers is nil.
func (s *simulation) checkLeaks(when string, peers []Peer) {
	if leaked := s.open(peers); len(leaked) > 0 {
		n := len(leaked)
		if n > maxLeaks {
			leaked = append(leaked[:maxLeaks], fmt.Sprintf("and %d more", n-maxLeaks))
		}
		s.fail("leak", "%d connections are still open although %s:\n%s", n, when, strings.Join(leaked, "\n"))
	}
}

// touches says whether a description of a connection names one of the peers.
func touches(conn string, peers []Peer) bool {
	for _, p := range peers {
		if strings.Contains(conn, p.IP+":") {
			return true
		}
	}
	return false
}

func names(peers []Peer) string {
	out := make([]string, len(peers))
	for i, p := range peers {
		out[i] = p.Name + " (" + p.IP + ")"
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

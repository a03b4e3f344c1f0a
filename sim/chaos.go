package sim

import (
	"slices"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
)

// chaos is the automatic faults of one seed: a goroutine for each family, all in the harness
// process. Each family undoes what it did when the time of chaos is over.
type chaos struct {
	over     bool
	families int
	ended    chan struct{} // one value for each family that has cleared up
	sleepers []*sleeper
}

// sleeper is a family that waits for its next fault.
type sleeper struct {
	g     *rt.G
	awake bool
}

// startChaos begins with the faults the configuration and the seed say.
func (s *simulation) startChaos() {
	c := &chaos{ended: make(chan struct{}, 3)}
	s.chaos = c
	start := func(family string, f func()) {
		// Drawn whether or not it is used, so that switching Swarm on changes nothing else.
		off := rt.Draw(rt.Faults, "swarm "+family, 2) == 0
		if s.cfg.Faults.Swarm && off {
			s.timeline.add(harnessName, "no "+family+" in this seed")
			return
		}
		c.families++
		s.harness.Go(func() {
			f()
			rt.Send(c.ended, struct{}{})
		})
	}
	if a := s.cfg.Faults.Attrition; a != nil && len(s.servers) > 0 {
		start("attrition", func() { s.attrition(a) })
	}
	if p := s.cfg.Faults.Partitions; p != nil && len(s.machines()) > 1 {
		start("partitions", func() { s.partitions(p) })
	}
	if l := s.cfg.Faults.Slow; l != nil {
		start("slow network", func() { s.slow(l) })
	}
	if d := s.cfg.ChaosFor; d > 0 && c.families > 0 {
		s.harness.Go(func() {
			if c.sleep(d) {
				s.timeline.add(harnessName, "faults end")
				c.end()
			}
		})
	}
}

// endChaos ends the automatic faults and waits until they are undone.
func (s *simulation) endChaos() {
	s.chaos.end()
	for range s.chaos.families {
		rt.Recv(s.chaos.ended)
	}
}

// end wakes all families; they see that it is over.
func (c *chaos) end() {
	c.over = true
	for _, w := range c.sleepers {
		if !w.awake {
			w.awake = true
			w.g.Ready()
		}
	}
	c.sleepers = nil
}

// sleep waits, and returns false as soon as the time of chaos is over.
func (c *chaos) sleep(d time.Duration) bool {
	if c.over {
		return false
	}
	w := &sleeper{g: rt.Current()}
	c.sleepers = append(c.sleepers, w)
	timer := rt.After(int64(d), func() {
		if !w.awake {
			w.awake = true
			w.g.Ready()
		}
	})
	rt.Park("waits for the next fault")
	timer.Cancel()
	// The race detector would see families move each other's entries.
	rt.Kernelly(func() {
		c.sleepers = slices.DeleteFunc(c.sleepers, func(other *sleeper) bool { return other == w })
	})
	return !c.over
}

// attrition stops servers now and then, and starts them again.
func (s *simulation) attrition(a *Attrition) {
	pending := 0
	recovered := make(chan struct{}, a.MaxDead)
	for s.chaos.sleep(drawSpan("attrition every", a.Every)) {
		var up []*server
		for _, v := range s.servers {
			if v.up() {
				up = append(up, v)
			}
		}
		if len(up) == 0 || len(s.servers)-len(up) >= a.MaxDead {
			continue
		}
		v := up[rt.Draw(rt.Faults, "attrition victim", uint64(len(up)))]
		kind := drawWeighted("attrition kind", a.Graceful, a.Kill, a.Crash, a.Wipe)
		grace := drawSpan("attrition grace", a.Grace)
		recovery := drawSpan("attrition recovery", a.Recovery)
		pending++
		s.harness.Go(func() {
			s.takeDown(v, kind, grace, recovery)
			rt.Send(recovered, struct{}{})
		})
		for len(recovered) > 0 {
			rt.Recv(recovered)
			pending--
		}
	}
	for ; pending > 0; pending-- {
		rt.Recv(recovered)
	}
}

// takeDown is one fault of attrition, from the stop to the start.
func (s *simulation) takeDown(v *server, kind int, grace, recovery time.Duration) {
	const by = "attrition"
	switch kind {
	case 0:
		s.stop(v, grace, by)
	case 1:
		s.kill(v, by)
	case 2:
		s.crash(v, by)
	case 3:
		s.crash(v, by)
		s.wipe(v, by)
	}
	s.chaos.sleep(recovery)
	s.boot(v, by)
}

// partitions cuts the network in two now and then.
func (s *simulation) partitions(p *Partitions) {
	const by = "partitions"
	all := s.machines()
	for s.chaos.sleep(drawSpan("partition every", p.Every)) {
		inside := drawGroup(all)
		oneWay := drawWeighted("partition one way", 1-p.OneWay, p.OneWay) == 1
		var in, out []Peer
		for i, m := range all {
			if inside[i] {
				in = append(in, m)
			} else {
				out = append(out, m)
			}
		}
		if len(in) == 0 || len(out) == 0 {
			continue
		}
		cut, arrow := s.world.Network().Partition, " <-> "
		if oneWay {
			cut, arrow = s.world.Network().PartitionOneWay, " -> "
		}
		s.timeline.add(by, "partition "+hosts(in)+arrow+hosts(out))
		s.eachPair(in, out, cut)
		s.chaos.sleep(drawSpan("partition for", p.For))
		s.timeline.add(by, "heal "+hosts(in)+" <-> "+hosts(out))
		s.eachPair(in, out, s.world.Network().Heal)
	}
}

func (s *simulation) eachPair(in, out []Peer, do func(a, b string) error) {
	for _, a := range in {
		for _, b := range out {
			s.must(do(a.IP, b.IP))
		}
	}
}

// drawGroup draws which of the machines are on the one side of a cut: each with one half, a group of a
// drawn size, or a single machine.
func drawGroup(all []Peer) []bool {
	n := uint64(len(all))
	inside := make([]bool, n)
	switch rt.Draw(rt.Faults, "partition strategy", 3) {
	case 0:
		for i := range inside {
			inside[i] = rt.Draw(rt.Faults, "partition side", 2) == 1
		}
	case 1:
		size := 1 + rt.Draw(rt.Faults, "partition size", n-1)
		for left := size; left > 0; {
			if i := rt.Draw(rt.Faults, "partition member", n); !inside[i] {
				inside[i] = true
				left--
			}
		}
	default:
		inside[rt.Draw(rt.Faults, "partition single", n)] = true
	}
	return inside
}

// slow makes the network slow now and then.
func (s *simulation) slow(l *Slow) {
	const by = "slow network"
	for s.chaos.sleep(drawSpan("slow every", l.Every)) {
		s.setLatency(l.Latency, by)
		s.chaos.sleep(drawSpan("slow for", l.For))
		s.setLatency(s.cfg.Latency, by)
	}
}

// drawSpan draws a duration, both ends included.
func drawSpan(kind string, r Span) time.Duration {
	return r.Min + time.Duration(rt.Draw(rt.Faults, kind, uint64(r.Max-r.Min)+1))
}

// drawWeighted draws an index by weight. Weights are counted in millionths, so that the choice is
// one of integers and the same on every processor.
func drawWeighted(kind string, weights ...float64) int {
	var sum uint64
	parts := make([]uint64, len(weights))
	for i, w := range weights {
		if w > 0 {
			parts[i] = uint64(w * 1e6)
			sum += parts[i]
		}
	}
	if sum == 0 {
		return 0
	}
	x := rt.Draw(rt.Faults, kind, sum)
	for i, part := range parts {
		if x < part {
			return i
		}
		x -= part
	}
	return 0
}

func hosts(peers []Peer) string {
	out := make([]string, len(peers))
	for i, p := range peers {
		out[i] = p.Name
	}
	return strings.Join(out, ",")
}

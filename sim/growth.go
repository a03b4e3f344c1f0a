package sim

import (
	"fmt"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
)

// What grows without bound.
//
// A server that keeps something of every request, or of every connection, has more and more of it for as long as it runs. So when its clients have
// gone for good, what was started or opened while they were there is looked at: of one kind there is a number, and it came
// little by little. A pool of workers that is filled once has all its members of one time, and a cache of a few connections is
// small.

const (
	minGrowth = 10 // that many of one kind are looked at
	minHalf   = 3  // and one in minHalf at least has come in each half of the time
)

// grown reports whether a number of things, some of which came in the later half, has grown all the time.
func grown(count, late int) bool {
	return count >= minGrowth && late*minHalf >= count && (count-late)*minHalf >= count
}

// checkGrowth fails the seed if a server still has what it has gathered while the workloads ran, ten simulated minutes after they have gone.
func (s *simulation) checkGrowth() {
	for _, v := range s.servers {
		if !v.up() {
			continue
		}
		found := s.growth(v)
		for began := s.now(); found != "" && s.now()-began < leakPatience; {
			rt.Sleep(int64(30 * time.Second))
			found = s.growth(v)
		}
		if found != "" {
			s.fail("leak", "server %s has gathered more and more, which is still there %v after every client has gone:\n%s", v.self.Name, leakPatience, found)
		}
	}
}

// growth says what a server has gathered, "" if nothing.
func (s *simulation) growth(v *server) string {
	var all []string
	p := v.run.proc
	for _, f := range v.node.OpenFiles(p.Marked(), s.ranUntil) {
		if grown(f.Count, f.Late) {
			all = append(all, fmt.Sprintf("%d descriptors: %s", f.Count, f.What))
		}
	}
	for _, g := range p.Survivors(s.ranUntil) {
		if grown(g.Count, g.Late) {
			all = append(all, fmt.Sprintf("%d goroutines, one of which is\n%s", g.Count, g.Stack))
		}
	}
	return strings.Join(all, "\n")
}

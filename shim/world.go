package shim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
	"github.com/simgen-dev/simgen/shim/os"
)

// Config says what a world is like.
type Config struct {
	// Latency of the links between nodes; nil means net.DefaultLatency.
	Latency net.Latency
	// WholeWrites lets TCP deliver a write that fits into a segment in one piece, instead of now and then in two.
	WholeWrites bool
	// OnLine, if set, hears of every line of output when it is complete. It must not block.
	OnLine func(Line)
	// DataAge and NamesAge are how long what nobody syncs stays in a machine's memory before it is written to the disk; zero means 30 s and
	// 5 s, as in Linux, negative never.
	DataAge, NamesAge time.Duration
	// SyncMin and SyncMax bound the time a sync to disk takes; both zero means 1 ms and 5 ms.
	SyncMin, SyncMax time.Duration
}

// age is DataAge and NamesAge for a disk.
func (c Config) age() os.Age {
	a := os.Age{Data: int64(c.DataAge), Names: int64(c.NamesAge)}
	if a.Data == 0 {
		a.Data = os.DefaultDataAge
	}
	if a.Names == 0 {
		a.Names = os.DefaultNamesAge
	}
	return a
}

// World is all simulated machines. It implements runtime.Kernel for one simulation.
type World struct {
	cfg         Config
	network     *net.Network
	nodes       []*Node
	harness     *Node // where processes live that were attached to no node
	output      []Line
	outputBytes int
	unmodelled  []*Unmodelled
	seen        map[string]*Unmodelled
	err         error // a mistake in the set-up; the simulation fails with it when a node starts
}

// Line is one line a process wrote.
type Line struct {
	At     int64 // on the runtime's clock, when the line was complete
	Node   string
	Stream string // "stdout" or "stderr"
	Text   string // without the newline
}

// Unmodelled is something a program asked the machine for that the machine does not have.
type Unmodelled struct {
	Syscall string
	Caller  string // the function that asked: the first one outside the standard library, if there is one
	Count   int
}

// NewWorld makes a world without nodes.
func NewWorld(cfg Config) *World {
	if cfg.SyncMin == 0 && cfg.SyncMax == 0 {
		cfg.SyncMin, cfg.SyncMax = time.Millisecond, 5*time.Millisecond
	}
	network := net.New(networkEnv{}, cfg.Latency)
	network.WholeWrites(cfg.WholeWrites)
	return &World{cfg: cfg, network: network, seen: map[string]*Unmodelled{}}
}

// networkEnv gives the network the simulation's time and chance.
type networkEnv struct{}

func (networkEnv) Now() int64                        { return rt.Now() }
func (networkEnv) After(d int64, f func()) net.Timer { return rt.After(d, f) }
func (networkEnv) Draw(kind string, n uint64) uint64 { return rt.Draw(rt.Network, kind, n) }

// AddNode adds a machine. Every machine's /etc/hosts gets its name, with a - for characters that a host name
// cannot contain. A name that is taken or an address that is not valid fails the simulation when a node is started.
func (w *World) AddNode(name, ip string) (n *Node) {
	rt.Kernelly(func() {
		host, err := w.network.AddHost(name, ip)
		if err != nil {
			w.mistake(err)
			host, _ = w.network.AddIsolatedHost(fmt.Sprintf("%s (not added, %d)", name, len(w.nodes)))
		}
		n = newNode(w, name, host)
		w.nodes = append(w.nodes, n)
		w.writeHosts()
	})
	return n
}

// hostName is what a machine calls itself: its name with a - for everything a host name cannot contain.
func hostName(name string) string {
	return strings.Map(func(c rune) rune {
		if c < 128 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-._", c)) {
			return c
		}
		return '-'
	}, name)
}

func (w *World) mistake(err error) {
	if w.err == nil {
		w.err = err
	}
}

// check fails the simulation if the world was set up wrongly.
func (w *World) check() {
	if w.err != nil {
		rt.Fail("error", "the simulated machines: "+w.err.Error())
	}
}

func (w *World) writeHosts() {
	var b strings.Builder
	b.WriteString("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
	for _, n := range w.nodes {
		if n.host.IP() != (net.IP{}) {
			b.WriteString(n.host.IP().String() + "\t" + hostName(n.name) + "\n")
		}
	}
	for _, n := range w.nodes {
		n.put("/etc/hosts", b.String())
	}
}

// Node returns the machine with the given name or address, or nil.
func (w *World) Node(nameOrIP string) (found *Node) {
	rt.Kernelly(func() {
		host := w.network.Host(nameOrIP)
		for _, n := range w.nodes {
			if host != nil && n.host == host {
				found = n
			}
		}
	})
	return found
}

// Nodes returns the machines in the order in which they were added.
func (w *World) Nodes() []*Node { return slices.Clone(w.nodes) }

// Network returns a handle on the links between the machines.
func (w *World) Network() *Network { return &Network{w.network} }

// Output returns the lines written so far; of very many only the newest.
func (w *World) Output() []Line { return slices.Clone(w.output) }

// Unmodelled returns what programs asked for in vain, in the order of the first time.
func (w *World) Unmodelled() []Unmodelled {
	var out []Unmodelled
	for _, u := range w.unmodelled {
		out = append(out, *u)
	}
	return out
}

// OpenConnections describes every TCP connection a descriptor refers to, also if it is broken: one line for each end.
func (w *World) OpenConnections() (list []string) {
	rt.Kernelly(func() { list = w.network.Connections() })
	return list
}

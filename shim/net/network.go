package net

import (
	"cmp"
	"fmt"
	"slices"
)

// Network is all hosts and the links between them.
type Network struct {
	env      Env
	hosts    []*Host
	byName   map[string]*Host
	byIP     map[IP]*Host
	links    [][]*link // by number of the sending, then of the receiving host
	latency  Latency
	loopback Latency
	whole    bool   // segments are not cut
	sockets  uint64 // numbers sockets in the order of their creation
}

// New makes a network without hosts. A nil latency means the default.
func New(env Env, latency Latency) *Network {
	if latency == nil {
		latency = DefaultLatency
	}
	return &Network{
		env:      env,
		byName:   map[string]*Host{},
		byIP:     map[IP]*Host{},
		latency:  latency,
		loopback: DefaultLoopback,
	}
}

// AddHost connects a machine to all others. The host is up.
func (n *Network) AddHost(name, ip string) (*Host, error) {
	addr, ok := ParseIP(ip)
	switch {
	case name == "":
		return nil, fmt.Errorf("a host with the address %s has no name", ip)
	case !ok:
		return nil, fmt.Errorf("host %s: %q is not an IP address", name, ip)
	case !addr.Is4() || addr.Unspecified() || addr.Loopback():
		return nil, fmt.Errorf("host %s: %s is not an IPv4 address other machines can reach", name, ip)
	case n.byIP[addr] != nil:
		return nil, fmt.Errorf("host %s: address %s belongs to host %s already", name, ip, n.byIP[addr].name)
	}
	h, err := n.AddIsolatedHost(name)
	if err != nil {
		return nil, err
	}
	h.ip = addr
	n.byIP[addr] = h
	return h, nil
}

// AddIsolatedHost adds a machine that has no address but the loopback ones.
func (n *Network) AddIsolatedHost(name string) (*Host, error) {
	if n.byName[name] != nil {
		return nil, fmt.Errorf("host %s: the name is taken", name)
	}
	return n.add(name), nil
}

func (n *Network) add(name string) *Host {
	h := &Host{
		net: n, number: len(n.hosts), name: name, up: true,
		conns: map[flow]*TCP{}, broken: map[*TCP]bool{}, tcp: ports{}, udp: ports{},
	}
	n.hosts = append(n.hosts, h)
	n.byName[name] = h
	for i, row := range n.links {
		n.links[i] = append(row, newLink(n.hosts[i], h))
	}
	row := make([]*link, 0, len(n.hosts))
	for _, to := range n.hosts {
		row = append(row, newLink(h, to))
	}
	n.links = append(n.links, row)
	return h
}

// Host returns the host with the given name or address, or nil.
func (n *Network) Host(nameOrIP string) *Host {
	if h := n.byName[nameOrIP]; h != nil {
		return h
	}
	if ip, ok := ParseIP(nameOrIP); ok {
		return n.byIP[ip]
	}
	return nil
}

// SetLatency changes the distribution for all links between different hosts, from the next packet on.
func (n *Network) SetLatency(l Latency) {
	if l == nil {
		l = DefaultLatency
	}
	n.latency = l
}

// SetLoopbackLatency changes the distribution for packets of a host to itself.
func (n *Network) SetLoopbackLatency(l Latency) {
	if l == nil {
		l = DefaultLoopback
	}
	n.loopback = l
}

// WholeWrites says whether TCP writes that fit into a segment arrive in one piece, instead of now and then in two.
func (n *Network) WholeWrites(on bool) { n.whole = on }

// SetLinkLatency changes the distribution of one direction; nil returns it to the network's.
func (n *Network) SetLinkLatency(from, to string, l Latency) error {
	k, err := n.between(from, to)
	if err == nil {
		k.latency = l
	}
	return err
}

// Partition cuts both directions between two hosts.
func (n *Network) Partition(a, b string) error {
	if err := n.PartitionOneWay(a, b); err != nil {
		return err
	}
	return n.PartitionOneWay(b, a)
}

// PartitionOneWay cuts the direction from one host to another: packets that leave or would arrive from now on
// are lost.
func (n *Network) PartitionOneWay(from, to string) error {
	k, err := n.between(from, to)
	if err != nil {
		return err
	}
	var cut []*TCP
	for _, h := range []*Host{k.from, k.to} {
		for _, t := range h.connections() {
			if t.out.link == k || t.back == k {
				t.processAcks() // those that have arrived until now
				cut = append(cut, t)
			}
		}
	}
	k.down = true
	for _, t := range cut {
		t.doubt()
	}
	return nil
}

// Heal restores both directions between two hosts.
func (n *Network) Heal(a, b string) error {
	there, err := n.between(a, b)
	if err != nil {
		return err
	}
	there.down = false
	n.links[there.to.number][there.from.number].down = false
	return nil
}

// HealAll restores every link.
func (n *Network) HealAll() {
	for _, row := range n.links {
		for _, k := range row {
			k.down = false
		}
	}
}

// Partitioned reports whether packets from a to b or from b to a are lost.
func (n *Network) Partitioned(a, b string) bool {
	there, err := n.between(a, b)
	return err == nil && (there.down || n.links[there.to.number][there.from.number].down)
}

// Connections describes every TCP connection that a descriptor refers to, also if it is no more, in the order of creation.
func (n *Network) Connections() []string {
	var all []*TCP
	for _, h := range n.hosts {
		all = append(all, h.connections()...)
		for t := range h.broken {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *TCP) int { return cmp.Compare(a.id, b.id) })
	var out []string
	for _, t := range all {
		if t.open {
			out = append(out, t.describe())
		}
	}
	return out
}

func (n *Network) between(a, b string) (*link, error) {
	from, to := n.Host(a), n.Host(b)
	switch {
	case from == nil:
		return nil, fmt.Errorf("no host has the name or address %q", a)
	case to == nil:
		return nil, fmt.Errorf("no host has the name or address %q", b)
	case from == to:
		return nil, fmt.Errorf("%s and %s are the same host: a host cannot be cut from itself", a, b)
	}
	return n.links[from.number][to.number], nil
}

// link is one direction between two hosts.
type link struct {
	from, to *Host
	down     bool
	latency  Latency // nil: the network's
	kind     string  // of the decisions about its packets
}

func newLink(from, to *Host) *link {
	return &link{from: from, to: to, kind: "packet " + from.name + ">" + to.name}
}

// draw makes the one decision about a packet: 64 bits, from which its latency and all else follows.
func (k *link) draw() uint64 { return k.from.net.env.Draw(k.kind, 0) }

// delay is the latency that follows from a packet's bits.
func (k *link) delay(random uint64) int64 {
	l := k.latency
	if l == nil {
		l = k.from.net.latency
		if k.from == k.to {
			l = k.from.net.loopback
		}
	}
	if d := int64(l.Sample(random)); d > 0 {
		return d
	}
	return 0
}

// remix makes new bits from used ones, for a second quantity of the same packet.
func remix(random uint64) uint64 {
	random ^= random >> 31
	random *= 0x9e3779b97f4a7c15
	random ^= random >> 29
	random *= 0xbf58476d1ce4e5b9
	return random ^ random>>32
}

// send carries one packet outside of established streams from one host to another. deliver runs at the far
// end; lost runs, when the network swallowed the packet, at the moment that is certain.
func (n *Network) send(from, to *Host, deliver, lost func()) {
	k := n.links[from.number][to.number]
	if k.down {
		lost()
		return
	}
	n.env.After(k.delay(k.draw()), func() {
		if k.down || !to.up {
			lost()
			return
		}
		deliver()
	})
}

func forget() {}

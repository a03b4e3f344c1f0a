package shim

import (
	rt "github.com/simgen-dev/simgen/runtime"
	"github.com/simgen-dev/simgen/shim/net"
)

// Network changes the links between machines while the simulation runs. Hosts are given by name or address.
type Network struct{ net *net.Network }

// SetLatency changes the latency of all links between different machines, from the next packet on; nil means
// the default.
func (n *Network) SetLatency(l net.Latency) { rt.Kernelly(func() { n.net.SetLatency(l) }) }

// SetLinkLatency changes the latency of one direction; nil returns it to that of all links.
func (n *Network) SetLinkLatency(from, to string, l net.Latency) error {
	return inKernel(func() error { return n.net.SetLinkLatency(from, to, l) })
}

// Partition cuts both directions between two machines.
func (n *Network) Partition(a, b string) error {
	return inKernel(func() error { return n.net.Partition(a, b) })
}

// PartitionOneWay cuts one direction.
func (n *Network) PartitionOneWay(from, to string) error {
	return inKernel(func() error { return n.net.PartitionOneWay(from, to) })
}

// Heal restores both directions between two machines.
func (n *Network) Heal(a, b string) error {
	return inKernel(func() error { return n.net.Heal(a, b) })
}

// HealAll restores all links.
func (n *Network) HealAll() { rt.Kernelly(n.net.HealAll) }

// Partitioned reports whether packets in at least one direction between two machines are lost.
func (n *Network) Partitioned(a, b string) (cut bool) {
	rt.Kernelly(func() { cut = n.net.Partitioned(a, b) })
	return cut
}

func inKernel(f func() error) (err error) {
	rt.Kernelly(func() { err = f() })
	return err
}

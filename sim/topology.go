package sim

import "slices"

// Peer is a machine in the simulation.
type Peer struct {
	Name string
	IP   string
}

// Topology is which servers and workloads a seed has. It does not change during the seed; a
// crashed server is still part of it.
type Topology struct {
	servers []Peer
	clients []Peer
	tags    map[string]map[string]string // by server address
	group   map[string]string            // Server.Name by server address
}

// Servers are all servers in the order of their addresses.
func (t *Topology) Servers() []Peer { return slices.Clone(t.servers) }

// Clients are the machines of all workloads in the order of their addresses.
func (t *Topology) Clients() []Peer { return slices.Clone(t.clients) }

// AllServerIPs are the addresses of all servers, in order.
func (t *Topology) AllServerIPs() []string { return ips(t.servers) }

// ServerIPs are the addresses of the copies of the server that has this [Server.Name].
func (t *Topology) ServerIPs(name string) []string {
	var out []string
	for _, p := range t.servers {
		if t.group[p.IP] == name {
			out = append(out, p.IP)
		}
	}
	return out
}

// Peer is the address of a server or workload by its host name.
func (t *Topology) Peer(name string) (ip string, ok bool) {
	for _, list := range [][]Peer{t.servers, t.clients} {
		for _, p := range list {
			if p.Name == name {
				return p.IP, true
			}
		}
	}
	return "", false
}

// NameOf is the host name that belongs to an address, or the address itself if there is none.
func (t *Topology) NameOf(ip string) string {
	for _, list := range [][]Peer{t.servers, t.clients} {
		for _, p := range list {
			if p.IP == ip {
				return p.Name
			}
		}
	}
	return ip
}

// IPsTagged are the addresses of the servers whose tag key has this value, in order.
func (t *Topology) IPsTagged(key, value string) []string {
	var out []string
	for _, p := range t.servers {
		if v, ok := t.tags[p.IP][key]; ok && v == value {
			out = append(out, p.IP)
		}
	}
	return out
}

// TagsFor are the tags of a server. The map is the caller's own.
func (t *Topology) TagsFor(ip string) map[string]string {
	out := make(map[string]string, len(t.tags[ip]))
	for k, v := range t.tags[ip] {
		out[k] = v
	}
	return out
}

func ips(peers []Peer) []string {
	out := make([]string, len(peers))
	for i, p := range peers {
		out[i] = p.IP
	}
	return out
}

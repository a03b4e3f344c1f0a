package sim

import (
	"fmt"
	"net"
	"strconv"
	"time"
)

// Prober is a workload for servers of which nothing is known: it opens TCP connections to the
// ports the servers listen on, keeps them for a while, and closes them, until the context is
// done. In Check every server must accept connections again on every port it listens on.
type Prober struct {
	Base
}

// Name implements [Workload].
func (p *Prober) Name() string { return "prober" }

// Run implements [Workload]. Failed connections are what faults are for.
func (p *Prober) Run(ctx *Context) error {
	for ctx.Err() == nil {
		servers := ctx.sim.servers
		v := servers[ctx.Rand().IntN(len(servers))]
		ports := v.node.Ports()
		if len(ports) > 0 {
			p.probe(ctx, v.self, ports[ctx.Rand().IntN(len(ports))])
		}
		time.Sleep(time.Duration(ctx.Rand().IntN(200)) * time.Millisecond)
	}
	return nil
}

func (p *Prober) probe(ctx *Context, to Peer, port int) {
	conn, err := p.dial(to, port)
	Sometimes(err == nil, "the prober connects")
	if err != nil {
		ctx.Log("dial %s:%d: %v", to.Name, port, err)
		return
	}
	time.Sleep(time.Duration(ctx.Rand().IntN(500)) * time.Millisecond)
	conn.Close()
}

// Check implements [Workload].
func (p *Prober) Check(ctx *Context) error {
	for _, v := range ctx.sim.servers {
		for _, port := range v.node.Ports() {
			conn, err := p.dial(v.self, port)
			if err != nil {
				return fmt.Errorf("%s listens on port %d and does not accept connections %v after the last fault: %w",
					v.self.Name, port, ctx.sim.cfg.Settle, err)
			}
			conn.Close()
		}
	}
	return nil
}

func (p *Prober) dial(to Peer, port int) (net.Conn, error) {
	return net.DialTimeout("tcp", net.JoinHostPort(to.IP, strconv.Itoa(port)), 5*time.Second)
}

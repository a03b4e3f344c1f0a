package etcd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/simgen-dev/simgen/sim"
)

// Servers are three members of etcd.
func Servers(flags ...string) sim.Server {
	const cluster = "etcd-0=http://etcd-0:2380,etcd-1=http://etcd-1:2380,etcd-2=http://etcd-2:2380"
	return sim.Server{
		Name:    "etcd",
		Program: "go.etcd.io/etcd/server/v3",
		Count:   sim.Exactly(3),
		Args: append([]string{
			"--name", "{name}", "--data-dir", "/data",
			"--listen-peer-urls", "http://0.0.0.0:2380", "--initial-advertise-peer-urls", "http://{name}:2380",
			"--listen-client-urls", "http://0.0.0.0:2379", "--advertise-client-urls", "http://{name}:2379",
			"--initial-cluster", cluster, "--initial-cluster-state", "new",
		}, flags...),
	}
}

const (
	patience = 2 * time.Second // for one operation
	settling = time.Minute     // until a healthy cluster has to answer
)

// Clients is a workload of some clients that use the same few keys at the same time.
type Clients struct {
	N, Ops, Keys int

	sim.Base
	clients []*clientv3.Client
	history *History
}

// Name implements sim.Workload.
func (w *Clients) Name() string { return "clients" }

// Setup connects, and waits for the first leader.
func (w *Clients) Setup(ctx *sim.Context) error {
	w.clients, w.history = nil, &History{}
	for range w.N {
		var endpoints []string
		for _, ip := range ctx.Topology().AllServerIPs() {
			endpoints = append(endpoints, ip+":2379")
		}
		c, err := clientv3.New(clientv3.Config{Endpoints: endpoints, DialTimeout: patience, Logger: zap.NewNop()})
		if err != nil {
			return err
		}
		w.clients = append(w.clients, c)
	}
	return w.settle(ctx)
}

// Run has every client do its operations. They draw from math/rand, which in a simulation is the seed's and, unlike the
// context's, may be used by several goroutines.
func (w *Clients) Run(ctx *sim.Context) error {
	var wg sync.WaitGroup
	for i, c := range w.clients {
		wg.Go(func() {
			known := map[string]string{} // the last value the client saw
			for n := range w.Ops {
				w.operate(ctx, i, c, known, fmt.Sprintf("%d-%d", i, n))
				time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Millisecond))))
			}
		})
	}
	wg.Wait()
	return nil
}

// operate does one operation, with value if it stores one.
func (w *Clients) operate(ctx *sim.Context, client int, c *clientv3.Client, known map[string]string, value string) {
	in := input{Key: fmt.Sprintf("key-%d", rand.IntN(w.Keys))}
	if rand.IntN(2) == 0 {
		in.New = value
		if rand.IntN(2) == 0 {
			in.Old = known[in.Key]
		}
	}
	began := ctx.Now()
	out, err := do(c, in)
	w.history.Add(client, in, out, began, ctx.Now())
	sim.Sometimes(err == nil, "an operation is answered")
	switch {
	case err != nil:
		ctx.Log("client %d: %+v: %v", client, in, err)
	case in.New == "":
		known[in.Key] = out.Value
	case in.Old == "":
		known[in.Key] = in.New
	case out.Swapped:
		sim.Reachable("a swap happens")
		known[in.Key] = in.New
	default:
		sim.Reachable("a swap is too late")
	}
}

// do asks etcd.
func do(c *clientv3.Client, in input) (output, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	unknown := output{Unknown: true}
	switch {
	case in.New == "":
		r, err := c.Get(ctx, in.Key)
		if err != nil {
			return unknown, err
		}
		if len(r.Kvs) == 0 {
			return output{}, nil
		}
		return output{Value: string(r.Kvs[0].Value)}, nil
	case in.Old == "":
		if _, err := c.Put(ctx, in.Key, in.New); err != nil {
			return unknown, err
		}
		return output{}, nil
	}
	r, err := c.Txn(ctx).If(clientv3.Compare(clientv3.Value(in.Key), "=", in.Old)).Then(clientv3.OpPut(in.Key, in.New)).Commit()
	if err != nil {
		return unknown, err
	}
	return output{Swapped: r.Succeeded}, nil
}

// settle waits until the cluster answers.
func (w *Clients) settle(ctx *sim.Context) error {
	var err error
	for start := ctx.Now(); ctx.Now()-start < settling; {
		if _, err = do(w.clients[0], input{Key: "key-0"}); err == nil {
			return nil
		}
	}
	return fmt.Errorf("a healthy cluster does not answer for %v: %w", settling, err)
}

// Check reads every key once more and looks at all that was seen.
func (w *Clients) Check(ctx *sim.Context) error {
	defer func() {
		for _, c := range w.clients {
			c.Close()
		}
	}()
	if err := w.settle(ctx); err != nil {
		return err
	}
	for k := range w.Keys {
		in, began := input{Key: fmt.Sprintf("key-%d", k)}, ctx.Now()
		out, err := do(w.clients[0], in)
		if err != nil {
			return fmt.Errorf("get %s after all has healed: %w", in.Key, err)
		}
		w.history.Add(w.N, in, out, began, ctx.Now())
	}
	return w.history.Check()
}

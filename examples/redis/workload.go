package redis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/simgen-dev/simgen/sim"
)

// Workload is one client that uses its own keys at random, crashes the servers meanwhile, and checks every answer against a [Model].
type Workload struct {
	Port string
	Ops  int
	Keys int // on each server

	NoCrashes bool // leave the servers alone

	servers []*server
	sent    int
}

// server is one of the servers and what the client knows about it.
type server struct {
	ip     string
	client *redis.Client
	model  *Model
}

// Name names the client in the logs.
func (w *Workload) Name() string { return "client" }

// Setup connects to the servers.
func (w *Workload) Setup(ctx *sim.Context) error {
	redis.SetLogger(quiet{})
	for _, ip := range ctx.Topology().AllServerIPs() {
		s := &server{ip: ip, client: newClient(net.JoinHostPort(ip, w.Port)), model: NewModel()}
		if err := s.client.Ping(ctx).Err(); err != nil {
			return fmt.Errorf("before any fault: ping %s: %w", ip, err)
		}
		w.servers = append(w.servers, s)
	}
	return nil
}

// Run draws the operations: 40 % sets, 35 % gets, 10 % deletes, 15 % pauses.
func (w *Workload) Run(ctx *sim.Context) error {
	done := make(chan struct{})
	defer close(done)
	if !w.NoCrashes {
		go w.disturb(ctx, rand.New(rand.NewPCG(ctx.Rand().Uint64(), ctx.Rand().Uint64())), done)
	}

	for range w.Ops {
		s := w.servers[ctx.Rand().IntN(len(w.servers))]
		key := fmt.Sprintf("%s/%d", s.ip, ctx.Rand().IntN(w.Keys))
		switch n := ctx.Rand().IntN(100); {
		case n < 40:
			w.sent++
			w.write(ctx, s, key, fmt.Sprintf("v%d", w.sent))
		case n < 50:
			w.write(ctx, s, key, "")
		case n < 85:
			if err := w.read(ctx, s, key); err != nil {
				return err
			}
		default:
			time.Sleep(drawn(ctx.Rand(), 500*time.Millisecond))
		}
	}
	return nil
}

// Check reads every key when all is quiet.
func (w *Workload) Check(ctx *sim.Context) error {
	for _, s := range w.servers {
		for try := 0; s.client.Ping(ctx).Err() != nil; try++ {
			if try == 10 {
				return fmt.Errorf("%s does not answer although all is quiet", s.ip)
			}
			time.Sleep(time.Second)
		}
		for _, key := range s.model.Keys() {
			op := s.model.Read(key)
			value, err := get(ctx, s.client, key)
			if err == nil {
				err = op.Got(value)
			}
			if err != nil {
				return fmt.Errorf("at the end: %w", err)
			}
		}
		if err := s.client.Close(); err != nil {
			return err
		}
	}
	return nil
}

// disturb crashes and restarts servers while the operations run. It does so itself, instead of leaving it to sim.Faults, because
// the model has to know.
func (w *Workload) disturb(ctx *sim.Context, r *rand.Rand, done chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(time.Second + drawn(r, 5*time.Second)):
		}
		s := w.servers[r.IntN(len(w.servers))]
		ctx.Faults().Crash(s.ip)
		s.model.Crash()
		time.Sleep(drawn(r, 2*time.Second))
		ctx.Faults().Restart(s.ip)
	}
}

// write sets key, or deletes it if value is empty.
func (w *Workload) write(ctx *sim.Context, s *server, key, value string) {
	op := s.model.Write(key, value)
	var err error
	if value == "" {
		err = s.client.Del(ctx, key).Err()
	} else {
		err = s.client.Set(ctx, key, value, 0).Err()
	}
	op.Written(err == nil)
	sim.Sometimes(err == nil, "a write is acknowledged")
	sim.Sometimes(err != nil, "a write is in doubt")
	w.backOff(ctx, err)
}

// read returns an error if the answer is wrong. No answer is not an error.
func (w *Workload) read(ctx *sim.Context, s *server, key string) error {
	op := s.model.Read(key)
	value, err := get(ctx, s.client, key)
	if err != nil {
		w.backOff(ctx, err)
		return nil
	}
	sim.Sometimes(value != "", "a read finds a value")
	return op.Got(value)
}

func (w *Workload) backOff(ctx *sim.Context, err error) {
	if err != nil {
		ctx.Log("%v", err)
		time.Sleep(100 * time.Millisecond)
	}
}

// quiet keeps the client library from writing to stderr about every connection that it loses.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// drawn is a time from 0 to max.
func drawn(r *rand.Rand, max time.Duration) time.Duration { return time.Duration(r.Int64N(int64(max))) }

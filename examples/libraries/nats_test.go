package libraries

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/simgen-dev/simgen/sim"
)

// A client publishes numbered events to a stream, again until each is acknowledged, while the server is killed and crashes. Another
// connection answers requests. At the end the stream has every event once, in order.
func TestNATS(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "nats", Program: "example.com/libraries/cmd/nats"}},
		Workload:   &publishing{Events: 60},
		Faults:     sim.Faults{Attrition: &sim.Attrition{}, Slow: &sim.Slow{}},
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

const natsURL = "nats://nats:4222"

type publishing struct {
	Events int

	conn, echo *nats.Conn
	stream     jetstream.JetStream
}

func (w *publishing) Name() string { return "client" }

func (w *publishing) Setup(ctx *sim.Context) (err error) {
	again := []nats.Option{nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(timeout)}
	if w.conn, err = nats.Connect(natsURL, again...); err != nil {
		return err
	}
	if w.echo, err = nats.Connect(natsURL, again...); err != nil {
		return err
	}
	if _, err = w.echo.Subscribe("echo", func(m *nats.Msg) { m.Respond(m.Data) }); err != nil {
		return err
	}
	if err = w.echo.Flush(); err != nil {
		return err
	}
	if w.stream, err = jetstream.New(w.conn); err != nil {
		return err
	}
	_, err = w.stream.CreateStream(ctx, jetstream.StreamConfig{Name: "events", Subjects: []string{"events.>"}})
	return err
}

func (w *publishing) Run(ctx *sim.Context) error {
	for i := range w.Events {
		if err := w.publish(ctx, i); err != nil {
			return err
		}
		if err := w.request(ctx, i); err != nil {
			return err
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
	}
	return nil
}

// publish publishes an event until it is acknowledged. The server knows by its number that it has it already.
func (w *publishing) publish(ctx *sim.Context, i int) error {
	event := fmt.Sprint("event ", i)
	for range 120 {
		within, cancel := context.WithTimeout(ctx, timeout)
		_, err := w.stream.Publish(within, fmt.Sprint("events.", i%3), []byte(event), jetstream.WithMsgID(event))
		cancel()
		sim.Sometimes(err == nil, "an event is acknowledged")
		if err == nil {
			return nil
		}
		ctx.Log("%s: %v", event, err)
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("%s is not acknowledged after %d attempts", event, 120)
}

// request has its own text sent back, or no answer.
func (w *publishing) request(ctx *sim.Context, i int) error {
	text := fmt.Sprint("request ", i)
	m, err := w.conn.Request("echo", []byte(text), timeout)
	switch {
	case err == nil && string(m.Data) != text:
		return fmt.Errorf("%s is answered with %q", text, m.Data)
	case err != nil:
		ctx.Log("%s: %v", text, err)
	}
	sim.Sometimes(err == nil, "a request is answered")
	return nil
}

func (w *publishing) Check(ctx *sim.Context) error {
	defer w.conn.Close()
	defer w.echo.Close()
	var stream jetstream.Stream
	for range 10 {
		var err error
		if stream, err = w.stream.Stream(ctx, "events"); err == nil {
			break
		}
		ctx.Log("%v", err)
		time.Sleep(time.Second)
	}
	if stream == nil {
		return errors.New("the stream is gone")
	}
	if got := int(stream.CachedInfo().State.Msgs); got != w.Events {
		return fmt.Errorf("the stream has %d events, %d were acknowledged", got, w.Events)
	}
	for i := range w.Events {
		m, err := stream.GetMsg(ctx, uint64(i+1))
		if err != nil {
			return fmt.Errorf("event %d: %w", i, err)
		}
		if want := fmt.Sprint("event ", i); string(m.Data) != want {
			return fmt.Errorf("the stream has %q in the place of %q", m.Data, want)
		}
	}
	return nil
}

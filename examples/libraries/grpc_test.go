package libraries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/simgen-dev/simgen/sim"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// A client makes calls and keeps streams, while the server is restarted in all ways and the network is cut. Whatever answer it gets
// must be right, and after all that it must get one.
func TestGRPC(t *testing.T) {
	sim.Test(t, sim.Config{
		Servers:    []sim.Server{{Name: "adder", Program: "example.com/libraries/cmd/grpc"}},
		Workload:   &adding{Ops: 60},
		Faults:     sim.Faults{Attrition: &sim.Attrition{}, Partitions: &sim.Partitions{}, Slow: &sim.Slow{}, Swarm: true},
		ChaosFor:   20 * time.Second,
		Iterations: 20,
	})
}

type adding struct {
	Ops  int
	conn *grpc.ClientConn
}

func (w *adding) Name() string { return "client" }

func (w *adding) Setup(ctx *sim.Context) (err error) {
	w.conn, err = grpc.NewClient("passthrough:///adder:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	_, err = grpc_health_v1.NewHealthClient(w.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	return err
}

func (w *adding) Run(ctx *sim.Context) error {
	for range w.Ops {
		op := w.add
		if ctx.Rand().IntN(2) == 0 {
			op = w.sum
		}
		err := op(ctx)
		sim.Sometimes(err == nil, "a call succeeds")
		if s, ok := status.FromError(err); !ok || s.Code() == codes.Internal || s.Code() == codes.Unknown {
			return err
		} else if err != nil {
			ctx.Log("%v", err)
		}
		time.Sleep(time.Duration(ctx.Rand().Int64N(int64(500 * time.Millisecond))))
	}
	return nil
}

// Check must succeed once the connection is up again.
func (w *adding) Check(ctx *sim.Context) error {
	within, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if _, err := grpc_health_v1.NewHealthClient(w.conn).Check(within, &grpc_health_v1.HealthCheckRequest{}, grpc.WaitForReady(true)); err != nil {
		return err
	}
	if err := w.add(ctx); err != nil {
		return err
	}
	if err := w.sum(ctx); err != nil {
		return err
	}
	return w.conn.Close()
}

// add makes a unary call.
func (w *adding) add(ctx *sim.Context) error {
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	in, want := new(structpb.ListValue), 0.0
	for range ctx.Rand().IntN(4) {
		n := float64(ctx.Rand().IntN(1000))
		in.Values = append(in.Values, structpb.NewNumberValue(n))
		want += n
	}
	var got wrapperspb.DoubleValue
	err := w.conn.Invoke(within, "/example.Adder/Add", in, &got)
	switch {
	case len(in.Values) == 0 && err == nil:
		return errors.New("nothing was added without an error")
	case len(in.Values) == 0 && status.Code(err) == codes.InvalidArgument:
		sim.Reachable("a call is refused")
		return nil
	case err == nil && got.Value != want:
		return fmt.Errorf("the sum of %v is %v", in.Values, got.Value)
	}
	return err
}

// sum sends numbers over a stream, some before it reads the answers.
func (w *adding) sum(ctx *sim.Context) error {
	within, cancel := context.WithTimeout(ctx, 2*timeout)
	defer cancel()
	stream, err := w.conn.NewStream(within, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/example.Adder/Sum")
	if err != nil {
		return err
	}
	sum := 0.0
	for range 5 {
		var want []float64
		for range 1 + ctx.Rand().IntN(4) {
			n := float64(ctx.Rand().IntN(1000))
			if err := stream.SendMsg(wrapperspb.Double(n)); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			sum += n
			want = append(want, sum)
		}
		for _, want := range want {
			var got wrapperspb.DoubleValue
			if err := stream.RecvMsg(&got); err != nil {
				return err
			}
			if got.Value != want {
				return fmt.Errorf("the sum is %v, want %v", got.Value, want)
			}
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if err := stream.RecvMsg(new(wrapperspb.DoubleValue)); !errors.Is(err, io.EOF) {
		return err
	}
	sim.Reachable("a stream comes to its end")
	return nil
}

// Command grpc is a service that adds numbers: Add in one call, Sum over a stream that answers each number with the sum so far.
// The service is described by hand, with protobuf's own well-known messages, so that the example needs no generated code.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type adder struct{}

var service = grpc.ServiceDesc{
	ServiceName: "example.Adder",
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Add", Handler: adder{}.add}},
	Streams:     []grpc.StreamDesc{{StreamName: "Sum", Handler: adder{}.sum, ServerStreams: true, ClientStreams: true}},
}

func main() {
	addr := flag.String("addr", ":50051", "where to listen")
	flag.Parse()
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	s.RegisterService(&service, adder{})
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		s.GracefulStop()
	}()
	if err := s.Serve(l); err != nil {
		log.Fatal(err)
	}
}

func (adder) add(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var in structpb.ListValue
	if err := decode(&in); err != nil {
		return nil, err
	}
	if len(in.Values) == 0 {
		return nil, status.Error(codes.InvalidArgument, "nothing to add")
	}
	sum := 0.0
	for _, v := range in.Values {
		sum += v.GetNumberValue()
	}
	return wrapperspb.Double(sum), nil
}

func (adder) sum(_ any, stream grpc.ServerStream) error {
	sum := 0.0
	for {
		var in wrapperspb.DoubleValue
		if err := stream.RecvMsg(&in); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		sum += in.Value
		if err := stream.SendMsg(wrapperspb.Double(sum)); err != nil {
			return err
		}
	}
}

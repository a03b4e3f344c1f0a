// Package thirdparty requires the modules of other people whose test suites are run in the simulation.
package thirdparty

import (
	_ "github.com/hashicorp/golang-lru/v2"
	_ "github.com/hashicorp/raft"
	_ "github.com/tidwall/redcon"
	_ "go.etcd.io/raft/v3"
	_ "go.uber.org/atomic"
	_ "golang.org/x/sync/errgroup"
	_ "google.golang.org/grpc"
)

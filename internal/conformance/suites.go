package main

// A suite is a row of the summary.
type suite struct {
	title    string
	least    float64 // percent
	module   string  // directory of the module that the packages are named in; "" for the repository's root
	packages []string
	// outside leaves tests out of account that need another executable or the network.
	outside bool
}

var suites = []suite{
	{
		title: "Core: concurrency, time, input and output, collections", least: 99,
		packages: []string{
			"bufio", "bytes", "container/heap", "container/list", "container/ring", "context", "errors", "io", "iter", "maps",
			"math/rand", "math/rand/v2", "slices", "sort", "strings", "sync", "sync/atomic", "time", "unique", "weak",
		},
	},
	{
		title: "Text, encodings, archives, databases", least: 98,
		packages: []string{
			"archive/tar", "archive/zip", "compress/bzip2", "compress/flate", "compress/gzip", "compress/lzw", "compress/zlib",
			"database/sql", "encoding/ascii85", "encoding/asn1", "encoding/base32", "encoding/base64", "encoding/binary",
			"encoding/csv", "encoding/gob", "encoding/hex", "encoding/json", "encoding/pem", "encoding/xml", "expvar", "flag", "fmt",
			"hash/adler32", "hash/crc32", "hash/crc64", "hash/fnv", "hash/maphash", "html/template", "io/fs", "log", "log/slog",
			"log/slog/internal/benchmarks", "log/slog/internal/buffer", "regexp", "regexp/syntax", "strconv",
			"testing/fstest", "text/template", "text/template/parse",
		},
	},
	{
		title: "Network, security, paths", least: 95, outside: true,
		packages: []string{
			"crypto/tls", "crypto/x509", "net/http", "net/http/cookiejar", "net/http/httptest", "net/http/httptrace",
			"net/http/httputil", "net/http/pprof", "net/rpc", "net/rpc/jsonrpc", "net/smtp", "net/textproto", "path", "path/filepath",
		},
	},
	{
		title: "Modules of other people", least: 98, module: "testdata/conformance/thirdparty",
		packages: []string{
			"github.com/hashicorp/golang-lru/v2", "github.com/hashicorp/golang-lru/v2/expirable", "github.com/hashicorp/golang-lru/v2/simplelru",
			"github.com/hashicorp/raft", "github.com/tidwall/redcon", "go.etcd.io/raft/v3", "go.uber.org/atomic", "golang.org/x/sync/errgroup",
			"golang.org/x/sync/semaphore", "golang.org/x/sync/singleflight", "golang.org/x/sync/syncmap", "google.golang.org/grpc",
		},
	},
}

package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/simgen-dev/simgen/rewrite/floor"
)

// Supported are the Go releases 1.N that the floor was tried on.
var Supported = []int{24, 25, 26, 27}

// goEnv is what the go command says about itself in a directory.
type goEnv struct {
	GOVERSION, GOROOT, GOOS, GOARCH, GOMOD, GOWORK, GOMODCACHE, GOFLAGS, GOEXPERIMENT, CC string
	Release                                                                               int `json:"-"` // N of Go 1.N
}

// target is what the floor has to know.
func (e *goEnv) target() floor.Target { return floor.Target{Release: e.Release, Arch: e.GOARCH} }

var versionPattern = regexp.MustCompile(`^go1\.(\d+)`)

// goEnvironment asks the go command of c.Dir and refuses releases and
// platforms that are not supported.
func (c Config) goEnvironment(ctx context.Context) (*goEnv, error) {
	out, err := c.run(ctx, "go", "env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOMOD", "GOWORK", "GOMODCACHE", "GOFLAGS", "GOEXPERIMENT", "CC")
	if err != nil {
		return nil, err
	}
	var e goEnv
	if err := json.Unmarshal(out, &e); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	m := versionPattern.FindStringSubmatch(e.GOVERSION)
	if m != nil {
		e.Release, _ = strconv.Atoi(m[1])
	}
	if !supported(e.Release) {
		return nil, errorf("%s is not a supported Go release: simgen simulates Go 1.%d to 1.%d; set GOTOOLCHAIN to one of them, for example GOTOOLCHAIN=go1.%d.0",
			e.GOVERSION, Supported[0], Supported[len(Supported)-1], Supported[len(Supported)-1])
	}
	if e.Release < floor.Bubbles && slices.Contains(strings.Split(e.GOEXPERIMENT, ","), "synctest") {
		return nil, errorf("the experimental testing/synctest of %s (GOEXPERIMENT=synctest) is not simulated: set GOTOOLCHAIN to Go 1.%d or newer, or unset GOEXPERIMENT",
			e.GOVERSION, floor.Bubbles)
	}
	if e.GOOS != "linux" || e.GOARCH != "amd64" && e.GOARCH != "arm64" {
		return nil, errorf("%s/%s is not a supported platform: build on or for linux/amd64 or linux/arm64 (set GOOS and GOARCH)", e.GOOS, e.GOARCH)
	}
	return &e, c.raceable(&e)
}

func supported(release int) bool {
	for _, r := range Supported {
		if r == release {
			return true
		}
	}
	return false
}

// environ is the environment of the go command: cgo off, since C code cannot be
// simulated, except for the race detector's own.
func (c Config) environ() []string {
	env := os.Environ()
	env = append(env, c.Env...)
	if c.cgo {
		return append(env, "CGO_ENABLED=1")
	}
	return append(env, "CGO_ENABLED=0")
}

// run runs a command in c.Dir and returns its standard output. Its standard
// error becomes the error.
func (c Config) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.Dir
	cmd.Env = c.environ()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, errorf("%s", text)
		}
		return nil, errorf("%s %s: %v", name, args[0], err)
	}
	return out, nil
}

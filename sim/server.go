package sim

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Program is the import path of a main package. A constant of this type in a test package, or in a package that it
// imports, (also the untyped string literal in a [Server]) tells the build to link that program in, so that it can be started
// through its own main function.
type Program string

// base is what the go command calls the program's executable: the last element of its path that is no major version.
func (p Program) base() string {
	dir, name := path.Split(string(p))
	if majorVersion.MatchString(name) && dir != "" {
		name = path.Base(dir)
	}
	return name
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// Server is a program under test and how many copies of it run. Each copy is a process on a
// machine of its own, with its own package variables, arguments, environment, files and clock.
type Server struct {
	// Name is the host name. When Count can be more than one, the copies are called Name-0, Name-1, ...
	// Empty means the last element of Program, or "server".
	Name string

	// Program is the import path of a main package, started through its own main. Either
	// Program or Main is set.
	Program Program

	// Main is a function that is the server. Its process has its own instance of the test
	// package's variables.
	Main func()

	// Args are the arguments, without the program name. In Args and Env {ip}, {name}, {index} and {number} stand for
	// the copy's own address, host name, number from 0 and number from 1; {servers} stands for the addresses of
	// all copies, {others} for those of all other copies, with commas between.
	Args []string

	// Env is the environment, as "KEY=value".
	Env []string

	// Stdin is what a copy reads from its standard input, which is then at its end. Without any it is /dev/null.
	Stdin string

	// Files are put on the disk of each copy's machine before its first start, and again when the disk is wiped: what a file of the machine holds, by its
	// path. Directories are made as needed; the mode is 0644.
	Files map[string]string

	// Dirs are directories of the host that each copy's machine has a copy of, by the path on the machine.
	Dirs map[string]string

	// ArgsFor, when set, returns further arguments for one copy, for what placeholders cannot
	// say. copies are all servers of this entry, self is one of them.
	ArgsFor func(self Peer, copies []Peer) []string

	// Count is the number of copies: [Exactly] or [Between]. Zero means one.
	Count Count

	// Tags are labels given to the copies round robin, each dimension on its own: copy i has
	// value i modulo the number of values.
	Tags Tags

	// ReadyAfter is the simulated time after which a copy counts as ready. Zero means that it
	// is ready when it listens on a socket.
	ReadyAfter time.Duration

	// ReadyTimeout is how long a copy may take until it listens. Zero means 60 s of simulated time.
	ReadyTimeout time.Duration

	// Grace is how long a copy may take from SIGTERM to its exit before it is killed, at the end of a
	// seed and in graceful restarts the workload asks for. Zero means 30 s (terminationGracePeriodSeconds of Kubernetes). A copy
	// that has to be killed fails the seed with the stacks of its goroutines. Where [Attrition] is less patient, being killed
	// is a fault like others.
	Grace time.Duration

	// AllowHang says that a copy which does not end in time after SIGTERM is killed and nothing else happens.
	AllowHang bool

	// AllowExit says that a copy may exit by itself without failing the seed; AllowPanic, that
	// it may panic. It is then started again after a second, as a supervisor would.
	AllowExit, AllowPanic bool

	// readyOptional says that a copy which does not listen within readyPatience is left alone.
	readyOptional bool
}

// Tags maps a dimension ("role", "zone") to the values given to the copies of a server.
type Tags map[string][]string

// Count is a number of copies, fixed or drawn per seed.
type Count struct{ min, max int }

// Exactly is n copies in every seed.
func Exactly(n int) Count { return Count{n, n} }

// Between is a number of copies that is drawn anew for each seed, both ends included.
func Between(min, max int) Count { return Count{min, max} }

func (c Count) isZero() bool { return c == Count{} }

func (s Server) withDefaults() Server {
	if s.Name == "" {
		s.Name = "server"
		if s.Program != "" {
			s.Name = s.Program.base()
		}
	}
	if s.Count.isZero() {
		s.Count = Exactly(1)
	}
	if s.ReadyTimeout == 0 {
		s.ReadyTimeout = time.Minute
	}
	if s.Grace == 0 {
		s.Grace = 30 * time.Second
	}
	return s
}

// copyName is the host name of copy i.
func (s Server) copyName(i int) string {
	if s.Count.max <= 1 {
		return s.Name
	}
	return s.Name + "-" + strconv.Itoa(i)
}

// tagsOf is what copy i is labelled with.
func (s Server) tagsOf(i int) map[string]string {
	tags := make(map[string]string, len(s.Tags))
	for key, values := range s.Tags {
		tags[key] = values[i%len(values)]
	}
	return tags
}

// expand fills in the placeholders of arguments or environment for one copy.
func expand(in []string, self Peer, index int, copies []Peer) []string {
	if !slices.ContainsFunc(in, func(s string) bool { return strings.Contains(s, "{") }) {
		return in
	}
	var ips, others []string
	for i, p := range copies {
		ips = append(ips, p.IP)
		if i != index {
			others = append(others, p.IP)
		}
	}
	r := strings.NewReplacer(
		"{ip}", self.IP,
		"{name}", self.Name,
		"{index}", fmt.Sprint(index),
		"{number}", fmt.Sprint(index+1),
		"{others}", strings.Join(others, ","),
		"{servers}", strings.Join(ips, ","),
	)
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = r.Replace(s)
	}
	return out
}

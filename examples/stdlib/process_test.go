package stdlib

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"os/user"
	"strings"
	"syscall"
	"time"
)

func pipes(c *check) {
	r, w, err := os.Pipe()
	if !c.ok("pipe", err) {
		return
	}
	go func() {
		fmt.Fprintln(w, "line")
		time.Sleep(5 * time.Millisecond)
		w.WriteString(strings.Repeat("x", 200_000)) // more than fits
		w.Close()
	}()
	in := bufio.NewReader(r)
	line, err := in.ReadString('\n')
	c.equal("line", fmt.Sprint(line, err), "line\n<nil>")
	rest, err := io.ReadAll(in)
	c.equal("rest", fmt.Sprint(len(rest), err), "200000 <nil>")
	c.ok("deadline", r.SetReadDeadline(time.Now().Add(-time.Second)))
	_, err = r.Read(make([]byte, 1))
	c.is("after the deadline", err, os.ErrDeadlineExceeded)
	r.Close()
	r, w, _ = os.Pipe()
	r.Close()
	_, err = w.Write([]byte("x"))
	c.is("nobody reads", err, syscall.EPIPE)
}

func process(c *check) {
	c.ok("setenv", os.Setenv("STDLIB_CHECK", "value"))
	c.equal("getenv", os.Getenv("STDLIB_CHECK"), "value")
	c.equal("expand", os.ExpandEnv("<$STDLIB_CHECK>"), "<value>")
	exe, err := os.Executable()
	c.equal("executable", fmt.Sprint(strings.HasPrefix(exe, "/"), err), "true <nil>")
	b := make([]byte, 16)
	_, err = rand.Read(b)
	c.ok("random", err)
	c.equal("not zero", fmt.Sprint(b) != fmt.Sprint(make([]byte, 16)), true)
	p, err := os.FindProcess(os.Getpid())
	if c.ok("find", err) {
		c.ok("exists", p.Signal(syscall.Signal(0)))
	}
	c.is("no such process", syscall.Kill(4_000_000, 0), syscall.ESRCH)
}

func signals(c *check) {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGHUP)
	defer signal.Stop(got)
	c.ok("kill", syscall.Kill(os.Getpid(), syscall.SIGHUP))
	select {
	case s := <-got:
		c.equal("signal", s, syscall.SIGHUP)
	case <-time.After(5 * time.Second):
		c.ok("signal", errors.New("did not arrive"))
	}
	signal.Ignore(syscall.SIGUSR1)
	c.ok("kill", syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	signal.Reset(syscall.SIGUSR1)
}

// machine is what only a simulated machine promises.
func machine(c *check) {
	host, err := os.Hostname()
	c.equal("hostname", fmt.Sprint(host, err), "client<nil>")
	c.equal("pid", os.Getpid(), 100)
	u, err := user.Current()
	if c.ok("user", err) {
		c.equal("user", u.Username+u.HomeDir, "root/root")
	}
	c.equal("time", time.Now().UTC().Format(time.DateTime), "2020-01-01 00:00:00")
	in, err := io.ReadAll(os.Stdin)
	c.equal("stdin", fmt.Sprint(len(in), err), "0 <nil>")
	addrs, err := net.LookupHost("client")
	c.equal("own name", fmt.Sprint(addrs, err), "[10.0.0.1] <nil>")
	addrs, err = net.LookupHost("localhost")
	c.equal("localhost", fmt.Sprint(addrs, err), "[127.0.0.1 ::1] <nil>")
	_, err = net.LookupHost("nobody.example.com")
	c.equal("a name nobody has", strings.HasSuffix(fmt.Sprint(err), "connection refused"), true) // there is no name server
	list, err := net.InterfaceAddrs()
	c.equal("addresses", fmt.Sprint(list, err), "[127.0.0.1/8 ::1/128 10.0.0.1/8] <nil>")
	_, err = net.DialTimeout("tcp", "10.0.0.99:1", 10*time.Second)
	c.is("a neighbour that does not exist", err, syscall.EHOSTUNREACH)
	_, err = net.Dial("tcp", "192.0.2.1:1")
	c.is("the rest of the world", err, syscall.ENETUNREACH)
}

package stdlib

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// echo answers everything a listener's connections send until the listener is closed.
func echo(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			io.Copy(conn, conn)
			conn.Close()
		}()
	}
}

// pair is both ends of a TCP connection.
func pair(c *check) (client, server *net.TCPConn, ok bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if !c.ok("listen", err) {
		return nil, nil, false
	}
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		conn, err := l.Accept()
		c.ok("accept", err)
		accepted <- conn
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if !c.ok("dial", err) {
		return nil, nil, false
	}
	return conn.(*net.TCPConn), (<-accepted).(*net.TCPConn), true
}

func tcp(c *check) {
	a, b, ok := pair(c)
	if !ok {
		return
	}
	c.equal("addresses", a.LocalAddr().String()+a.RemoteAddr().String(), b.RemoteAddr().String()+b.LocalAddr().String())
	fmt.Fprint(a, "request")
	c.ok("half close", a.CloseWrite())
	got, err := io.ReadAll(b)
	c.equal("request", fmt.Sprint(string(got), err), "request<nil>")
	_, err = a.Write([]byte("x"))
	c.is("write after half close", err, syscall.EPIPE)
	big := strings.Repeat("0123456789abcdef", 1<<16)
	go func() {
		io.WriteString(b, big)
		b.Close()
	}()
	got, err = io.ReadAll(a)
	c.equal("a megabyte", fmt.Sprint(string(got) == big, err), "true <nil>")
	a.Close()
	_, err = a.Read(make([]byte, 1))
	c.is("read after close", err, net.ErrClosed)

	a, b, _ = pair(c)
	c.ok("linger", a.SetLinger(0))
	a.Close()
	_, err = b.Read(make([]byte, 1))
	c.is("reset", err, syscall.ECONNRESET)
	b.Close()

	a, b, _ = pair(c)
	b.Close()
	_, err = a.Read(make([]byte, 1))
	c.is("end", err, io.EOF)
	for range 100 { // the first one provokes the reset
		if _, err = a.Write([]byte("x")); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	c.equal("writing to nobody", errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET), true)
	a.Close()
}

func listening(c *check) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0", ":0", "localhost:0", "0.0.0.0:0"} {
		l, err := net.Listen("tcp", address)
		if !c.ok("listen on "+address, err) {
			continue
		}
		bound := l.Addr().String()
		_, err = net.Listen("tcp", bound)
		c.is("listen twice on "+address, err, syscall.EADDRINUSE)
		go echo(l)
		conn, err := net.Dial("tcp", bound)
		if c.ok("dial "+address, err) {
			fmt.Fprint(conn, "hello")
			conn.(*net.TCPConn).CloseWrite()
			b, err := io.ReadAll(conn)
			c.equal("echo", fmt.Sprint(string(b), err), "hello<nil>")
			conn.Close()
		}
		c.ok("close", l.Close())
		_, err = net.Dial("tcp", bound)
		c.is("dial what is closed", err, syscall.ECONNREFUSED)
		l, err = net.Listen("tcp", bound)
		if c.ok("listen again", err) {
			l.Close()
		}
	}
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	c.ok("deadline", l.(*net.TCPListener).SetDeadline(time.Now().Add(10*time.Millisecond)))
	_, err := l.Accept()
	c.is("accept after the deadline", err, os.ErrDeadlineExceeded)
	l.(*net.TCPListener).SetDeadline(time.Time{})
	go func() {
		time.Sleep(10 * time.Millisecond)
		l.Close()
	}()
	_, err = l.Accept()
	c.is("accept while it is closed", err, net.ErrClosed)
}

func deadlines(c *check) {
	a, b, ok := pair(c)
	if !ok {
		return
	}
	start := time.Now()
	a.SetReadDeadline(start.Add(20 * time.Millisecond))
	_, err := a.Read(make([]byte, 1))
	c.is("read", err, os.ErrDeadlineExceeded)
	c.equal("after the deadline", time.Since(start) >= 20*time.Millisecond, true)
	a.SetReadDeadline(time.Time{})
	go fmt.Fprint(b, "late")
	n, err := a.Read(make([]byte, 10))
	c.equal("usable again", fmt.Sprint(n > 0, err), "true <nil>")
	a.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = a.Write(make([]byte, 64<<20)) // nobody reads
	c.is("write", err, os.ErrDeadlineExceeded)
	go func() {
		time.Sleep(10 * time.Millisecond)
		b.Close()
	}()
	_, err = b.Read(make([]byte, 0))
	c.ok("read nothing", err)
	b.SetReadDeadline(time.Now().Add(-1))
	_, err = b.Read(make([]byte, 1))
	c.is("deadline in the past", err, os.ErrDeadlineExceeded)
	a.Close()
}

func udp(c *check) {
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if !c.ok("listen", err) {
		return
	}
	go func() {
		b := make([]byte, 100)
		for {
			n, from, err := p.ReadFrom(b)
			if err != nil {
				return
			}
			p.WriteTo(b[:n], from)
		}
	}()
	conn, err := net.Dial("udp", p.LocalAddr().String())
	c.ok("dial", err)
	fmt.Fprint(conn, "datagram")
	b := make([]byte, 4)
	n, err := conn.Read(b)
	c.equal("cut off", fmt.Sprint(string(b[:n]), err), "data<nil>")
	conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = conn.Read(b)
	c.is("the rest is gone", err, os.ErrDeadlineExceeded)
	p.Close()
	conn.SetReadDeadline(time.Now().Add(time.Second))
	fmt.Fprint(conn, "into the void")
	_, err = conn.Read(b)
	c.is("nobody there", err, syscall.ECONNREFUSED)
	conn.Close()
}

func unixSockets(c *check) {
	l, err := net.Listen("unix", c.path("socket"))
	if !c.ok("listen", err) {
		return
	}
	go echo(l)
	conn, err := net.Dial("unix", c.path("socket"))
	if c.ok("dial", err) {
		fmt.Fprint(conn, "hello")
		conn.(*net.UnixConn).CloseWrite()
		b, err := io.ReadAll(conn)
		c.equal("echo", fmt.Sprint(string(b), err), "hello<nil>")
		conn.Close()
	}
	c.ok("close", l.Close())
	_, err = os.Stat(c.path("socket"))
	c.is("the file is gone", err, os.ErrNotExist)
	_, err = net.Dial("unix", c.path("socket"))
	c.is("dial nothing", err, syscall.ENOENT)
}

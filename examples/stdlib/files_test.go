package stdlib

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func files(c *check) {
	name := c.path("f")
	c.ok("write", os.WriteFile(name, []byte("one"), 0o600))
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY|os.O_SYNC, 0)
	if !c.ok("open", err) {
		return
	}
	fmt.Fprint(f, "two")
	c.ok("sync", f.Sync())
	_, err = f.Read(make([]byte, 1))
	c.is("read from a write-only file", err, syscall.EBADF)
	c.ok("close", f.Close())
	c.is("close again", f.Close(), os.ErrClosed)
	b, err := os.ReadFile(name)
	c.equal("content", fmt.Sprint(string(b), err), "onetwo<nil>")
	_, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o600)
	c.is("O_EXCL on an existing file", err, fs.ErrExist)
	_, err = os.Open(c.path("none"))
	c.is("open nothing", err, fs.ErrNotExist)
	c.ok("truncate", os.Truncate(name, 4))
	rw, err := os.OpenFile(name, os.O_RDWR, 0)
	if c.ok("open", err) {
		rw.WriteAt([]byte("ONE"), 0)
		section, _ := io.ReadAll(io.NewSectionReader(rw, 1, 2))
		c.equal("section", string(section), "NE")
		end, _ := rw.Seek(-1, io.SeekEnd)
		rest, _ := io.ReadAll(rw)
		c.equal("end", fmt.Sprint(end, string(rest)), "3t")
		rw.Close()
	}
	big := strings.Repeat("0123456789", 100_000)
	c.ok("write", os.WriteFile(c.path("big"), []byte(big), 0o644))
	src, _ := os.Open(c.path("big"))
	dst, _ := os.Create(c.path("copy"))
	n, err := io.Copy(dst, src)
	c.equal("copied", fmt.Sprint(n, err), "1000000 <nil>")
	b, _ = os.ReadFile(c.path("copy"))
	c.equal("copy is the same", string(b) == big, true)
	tmp, err := os.CreateTemp(c.dir, "t-*")
	if c.ok("temporary file", err) {
		c.ok("rename", os.Rename(tmp.Name(), name))
		c.ok("write after rename", write(tmp, "new"))
	}
	b, _ = os.ReadFile(name)
	c.equal("replaced", string(b), "new")
}

func write(f *os.File, s string) error {
	_, err := f.WriteString(s)
	return err
}

func tree(c *check) {
	c.ok("mkdirall", os.MkdirAll(c.path("a/b/c"), 0o755))
	c.is("mkdir", os.Mkdir(c.path("a"), 0o755), fs.ErrExist)
	c.is("rmdir", os.Remove(c.path("a")), syscall.ENOTEMPTY)
	for i := range 1000 {
		c.ok("create", os.WriteFile(c.path(fmt.Sprintf("a/b/%04d", i)), nil, 0o644))
	}
	entries, err := os.ReadDir(c.path("a/b"))
	c.equal("entries", fmt.Sprintf("%d %s %s %v", len(entries), entries[0].Name(), entries[1000].Name(), err), "1001 0000 c <nil>")
	n := 0
	c.ok("walk", filepath.WalkDir(c.dir, func(string, fs.DirEntry, error) error { n++; return nil }))
	c.equal("walked", n, 1004)
	matches, _ := filepath.Glob(c.path("a/b/00*"))
	c.equal("glob", len(matches), 100)
	c.ok("symlink", os.Symlink("a/b", c.path("s")))
	c.ok("link", os.Link(c.path("a/b/0000"), c.path("l")))
	target, err := os.Readlink(c.path("s"))
	c.equal("readlink", fmt.Sprint(target, err), "a/b<nil>")
	real, err := filepath.EvalSymlinks(c.path("s/c"))
	c.equal("evalsymlinks", fmt.Sprint(strings.HasSuffix(real, "/a/b/c"), err), "true <nil>")
	one, _ := os.Stat(c.path("l"))
	other, _ := os.Stat(c.path("s/0000"))
	c.equal("same file", os.SameFile(one, other), true)
	c.ok("copyfs", os.CopyFS(c.path("copy"), os.DirFS(c.path("a"))))
	if root, err := os.OpenRoot(c.path("a")); c.ok("root", err) {
		_, err = root.Open("../l")
		c.equal("escape from a root", err != nil, true)
		f, err := root.Create("b/new")
		if c.ok("create in a root", err) {
			f.Close()
		}
		root.Close()
	}
	c.ok("removeall", os.RemoveAll(c.path("a")))
	_, err = os.Stat(c.path("s"))
	c.is("dangling link", err, fs.ErrNotExist)
	_, err = os.Lstat(c.path("s"))
	c.ok("lstat", err)
	before, err := os.Getwd()
	c.ok("working directory", err)
	c.ok("chdir", os.Chdir(c.dir))
	wd, err := os.Getwd()
	c.equal("working directory", fmt.Sprint(filepath.Base(wd) == filepath.Base(c.dir), err), "true <nil>")
	c.ok("chdir", os.Chdir(before))
}

func metadata(c *check) {
	name := c.path("f")
	c.ok("write", os.WriteFile(name, []byte("12345"), 0o600))
	c.ok("chmod", os.Chmod(name, 0o640))
	at := time.Date(2001, 2, 3, 4, 5, 6, 7, time.UTC)
	c.ok("chtimes", os.Chtimes(name, at, at))
	st, err := os.Stat(name)
	if c.ok("stat", err) {
		c.equal("stat", fmt.Sprint(st.Name(), st.Mode(), st.Size(), st.ModTime().UTC(), st.IsDir()),
			"f-rw-r----- 5 2001-02-03 04:05:06.000000007 +0000 UTC false")
	}
	before := time.Now().Add(-time.Second)
	c.ok("write", os.WriteFile(name, nil, 0))
	st, _ = os.Stat(name)
	c.equal("modified now", st.ModTime().After(before) && !st.ModTime().After(time.Now().Add(time.Second)), true)
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if c.ok("null", err) {
		c.ok("write", write(null, "x"))
		b, err := io.ReadAll(null)
		c.equal("read", fmt.Sprint(len(b), err), "0 <nil>")
		st, _ = null.Stat()
		c.equal("kind", st.Mode()&fs.ModeCharDevice != 0, true)
	}
}

func locks(c *check) {
	a, err := os.Create(c.path("lock"))
	c.ok("create", err)
	b, err := os.Open(c.path("lock"))
	c.ok("open", err)
	c.ok("lock", syscall.Flock(int(a.Fd()), syscall.LOCK_EX))
	c.is("lock again", syscall.Flock(int(b.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
	released := false
	go func() {
		time.Sleep(10 * time.Millisecond)
		released = true
		a.Close()
	}()
	c.ok("wait for the lock", syscall.Flock(int(b.Fd()), syscall.LOCK_SH))
	c.equal("after the release", released, true)
	b.Close()
}

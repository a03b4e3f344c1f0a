package scaffold

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGoldens reads each server in testdata and compares what is written for it.
func TestGoldens(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*/main.go")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no servers in testdata (%v)", err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			s, err := ReadServer("example.com/x/cmd/"+filepath.Base(dir), dir, []string{file})
			if err != nil {
				t.Fatal(err)
			}
			pkg, err := PackageFor(dir)
			if err != nil {
				t.Fatal(err)
			}
			test, err := Test(pkg, s, 3)
			if err != nil {
				t.Fatal(err)
			}
			registry, err := Registry(pkg, s)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(dir, "test.golden"), test)
			golden(t, filepath.Join(dir, "registry.golden"), registry)
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (make it with: go test ./cmd/simgen/internal/scaffold -update)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; see with: go test ./cmd/simgen/internal/scaffold -update && git diff\n%s", path, got)
	}
}

func TestListens(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      []Listen
	}{
		{"flag", `var a = flag.String("addr", ":7000", "x")`, []Listen{{Port: "7000", Flag: "addr"}}},
		{"flag variable", `func f() { flag.StringVar(&a, "listen", "localhost:1234", "x") }`, []Listen{{Port: "1234", Flag: "listen", Local: true}}},
		{"short name", `func f() { fs.StringVarP(&a, "bind", "b", "0.0.0.0:80", "x") }`, []Listen{{Port: "80", Flag: "bind"}}},
		{"peer flag", `var a = flag.String("join", ":7000", "x")`, nil},
		{"other machine's address", `var a = flag.String("cache", "localhost:6379", "x")`, nil},
		{"port flag", `var a = flag.Int("port", 5000, "x")`, []Listen{{Port: "5000", Flag: "port", Int: true}}},
		{"literal", `func f() { http.ListenAndServe(":8080", nil) }`, []Listen{{Port: "8080"}}},
		{"loopback literal", `func f() { net.Listen("tcp", "127.0.0.1:8080") }`, nil},
		{"udp", `func f() { net.Listen("udp", ":53"); net.ListenPacket("udp", ":54") }`, nil},
		{"server literal", `var s = http.Server{Addr: ":9000"}`, []Listen{{Port: "9000"}}},
		{"environment", `var p = os.Getenv("PORT")`, []Listen{{Port: "8080", Env: "PORT"}}},
		{"flag before literal", `func f() { flag.String("addr", ":1", ""); net.Listen("tcp", ":1") }`, []Listen{{Port: "1", Flag: "addr"}}},
		{"any port", `func f() { net.Listen("tcp", ":0") }`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte("package main\n\n"+tt.src+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			s, err := ReadServer("example.com/x", filepath.Dir(file), []string{file})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Listens) != len(tt.want) {
				t.Fatalf("found %+v, want %+v", s.Listens, tt.want)
			}
			for i := range tt.want {
				if s.Listens[i] != tt.want[i] {
					t.Errorf("found %+v, want %+v", s.Listens[i], tt.want[i])
				}
			}
		})
	}
}

func TestNames(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/kv/cmd/server": "server serverProgram",
		"example.com/my-server":     "my-server myServerProgram",
		"example.com/kv/v2":         "kv kvProgram",
		"example.com/3node":         "3node the3nodeProgram",
	} {
		s := &Server{ImportPath: path}
		if got := s.Name() + " " + s.Const(); got != want {
			t.Errorf("%s is called %s, want %s", path, got, want)
		}
	}
}

func TestSeal(t *testing.T) {
	sealed := Seal([]byte("package x\n"))
	if untouched, ours := Untouched(sealed); !untouched || !ours {
		t.Errorf("a sealed file is untouched %v, ours %v", untouched, ours)
	}
	edited := []byte(strings.Replace(string(sealed), "package x", "package y", 1))
	if untouched, ours := Untouched(edited); untouched || !ours {
		t.Errorf("an edited file is untouched %v, ours %v", untouched, ours)
	}
	if _, ours := Untouched([]byte("package x\n")); ours {
		t.Error("a foreign file is taken for ours")
	}
}

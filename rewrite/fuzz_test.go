package rewrite_test

import (
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// sources returns the files of the goldens and of the executed programs that
// are packages on their own.
func sources(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for _, pattern := range []string{"../testdata/rewrite/*.txtar", "../testdata/rewrite/run/*"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			base := filepath.Base(name)
			if strings.HasSuffix(name, ".go") {
				all[base] = data
				continue
			}
			for _, f := range txtar.Parse(data).Files {
				if strings.HasSuffix(f.Name, ".go") && !strings.HasPrefix(f.Name, "want/") {
					all[base+"/"+f.Name] = f.Data
				}
			}
		}
	}
	return all
}

// FuzzRewrite rewrites whatever is a valid package of one file: that must not
// panic, and the result type-checks unless there is a diagnostic.
func FuzzRewrite(f *testing.F) {
	for name, data := range sources(f) {
		if path.Ext(name) == ".go" {
			f.Add(string(data))
		}
	}
	for seed := range uint64(5) {
		f.Add(string(randomProgram(seed)))
	}
	u := newUniverse(f)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			t.Skip("takes too long")
		}
		checkRewritten(t, u, "source", []byte(src))
	})
}

// TestCommentsAnywhere puts comments between the tokens of programs: the result
// must be the same program all the same.
func TestCommentsAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks some hundred files")
	}
	u := newUniverse(t)
	all := sources(t)
	valid := 0
	for _, name := range sortedKeys(all) {
		if !checkRewritten(t, u, name, all[name]) {
			continue // imports another package of its golden
		}
		valid++
		for seed := range uint64(6) {
			src := withComments(all[name], seed)
			if !checkRewritten(t, u, name, src) {
				t.Errorf("%s, seed %d: the comments make it invalid", name, seed)
			}
			if t.Failed() {
				t.Fatalf("seed %d:\n%s", seed, src)
			}
		}
	}
	if valid < 30 {
		t.Errorf("only %d of %d files are valid", valid, len(all))
	}
}

// withComments inserts comments into a file: with seed 0 at every place where
// one may stand, with others at some.
func withComments(src []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, 0)
	var out []byte
	done := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return append(out, src[done:]...)
		}
		end := file.Offset(pos) + len(lit)
		if lit == "" {
			end = file.Offset(pos) + len(tok.String())
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue // inserted by the scanner
		}
		out = append(out, src[done:end]...)
		done = end
		if seed > 0 && r.IntN(4) > 0 {
			continue
		}
		switch tok {
		case token.LPAREN, token.COMMA, token.LBRACE, token.LBRACK, token.ADD, token.LAND, token.ASSIGN, token.DEFINE, token.COLON:
			if r.IntN(3) == 0 {
				out = append(out, " // line\n"...)
				continue
			}
		}
		out = append(out, " /* c */ "...)
	}
}

package scaffold

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A Server is the main package a test is written for, as far as its source
// tells.
type Server struct {
	ImportPath string
	Dir        string
	Listens    []Listen
	HTTP       bool // the main package itself imports net/http
	StdFlags   bool // flags are the standard library's
}

// A Listen is one address the server listens on.
type Listen struct {
	Port  string
	Flag  string // the flag that sets it, "" if none does
	Env   string // the environment variable that sets the port, "" if none does
	Local bool   // by default other machines cannot reach it
	Int   bool   // the flag takes the port alone
}

// ReadServer looks at the Go files of a main package.
func ReadServer(importPath, dir string, files []string) (*Server, error) {
	s := &Server{ImportPath: importPath, Dir: dir}
	fset := token.NewFileSet()
	for _, name := range files {
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, imp := range f.Imports {
			switch imp.Path.Value {
			case `"net/http"`:
				s.HTTP = true
			case `"flag"`:
				s.StdFlags = true
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s.addCall(n)
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Addr" {
					s.addLiteral(n.Value)
				}
			}
			return true
		})
	}
	return s, nil
}

// addCall looks at one call: a flag definition, a listen, or the reading of an
// environment variable.
func (s *Server) addCall(call *ast.CallExpr) {
	name := calledName(call)
	switch {
	case name == "Getenv" || name == "LookupEnv":
		if len(call.Args) == 1 && stringLit(call.Args[0]) == "PORT" {
			s.add(Listen{Port: "8080", Env: "PORT"})
		}
	case strings.HasPrefix(name, "String"):
		s.addStringFlag(call)
	case strings.HasPrefix(name, "Int") || strings.HasPrefix(name, "Uint"):
		s.addPortFlag(call)
	case strings.HasPrefix(name, "Listen") && !strings.Contains(name, "Packet") && !strings.Contains(name, "UDP"):
		if len(call.Args) > 0 && strings.HasPrefix(stringLit(call.Args[0]), "udp") {
			return
		}
		for _, arg := range call.Args {
			s.addLiteral(arg)
		}
	}
}

// addStringFlag takes flag.String("addr", ":7000", "...") and its relatives
// with a variable, a short name, or a flag set: the first string is the flag's
// name, and a later one the address.
func (s *Server) addStringFlag(call *ast.CallExpr) {
	var texts []string
	for _, arg := range call.Args {
		if text := stringLit(arg); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) < 2 || !flagName.MatchString(texts[0]) || forPeers.MatchString(texts[0]) {
		return
	}
	for _, text := range texts[1:] {
		host, port, ok := splitAddress(text)
		if !ok {
			continue
		}
		if host == "" || forListening.MatchString(texts[0]) {
			s.add(Listen{Port: port, Flag: texts[0], Local: isLoopback(host)})
		}
		return
	}
}

// addPortFlag takes flag.Int("port", 7000, "...").
func (s *Server) addPortFlag(call *ast.CallExpr) {
	var name, port string
	for _, arg := range call.Args {
		lit, ok := arg.(*ast.BasicLit)
		switch {
		case ok && lit.Kind == token.STRING && name == "":
			name = stringLit(arg)
		case ok && lit.Kind == token.INT && port == "":
			port = lit.Value
		}
	}
	if flagName.MatchString(name) && strings.Contains(strings.ToLower(name), "port") &&
		!forPeers.MatchString(name) && portNumber.MatchString(port) {
		s.add(Listen{Port: port, Flag: name, Int: true})
	}
}

// addLiteral takes an address written down where the server listens. One on
// the loopback interface is left out: no other machine can reach it.
func (s *Server) addLiteral(e ast.Expr) {
	if host, port, ok := splitAddress(stringLit(e)); ok && !isLoopback(host) {
		s.add(Listen{Port: port})
	}
}

// add keeps one entry per port; the one that can be set from outside wins.
func (s *Server) add(l Listen) {
	for i, old := range s.Listens {
		if old.Port == l.Port {
			if old.Flag == "" && old.Env == "" {
				s.Listens[i] = l
			}
			return
		}
	}
	s.Listens = append(s.Listens, l)
}

var (
	flagName     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)
	portNumber   = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
	address      = regexp.MustCompile(`^(\[[0-9a-fA-F:]*\]|[0-9.]*|localhost):([1-9][0-9]{0,4})$`)
	forListening = regexp.MustCompile(`(?i)addr|listen|bind|port|http|serve|host`)
	forPeers     = regexp.MustCompile(`(?i)peer|join|remote|upstream|target|redis|backend|connect|database|advertise`)
)

// splitAddress splits "host:port"; the host is a name of this machine or of
// all its interfaces.
func splitAddress(text string) (host, port string, ok bool) {
	m := address.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "[::1]" || strings.HasPrefix(host, "127.")
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// Name is what the server is called in the test: its host name, and the stem
// of its identifiers.
func (s *Server) Name() string {
	name := path.Base(s.ImportPath)
	if versionSuffix.MatchString(name) {
		name = path.Base(path.Dir(s.ImportPath))
	}
	return strings.Trim(notInName.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var (
	versionSuffix = regexp.MustCompile(`^v[0-9]+$`)
	notInName     = regexp.MustCompile(`[^a-z0-9]+`)
)

// Const is the name of the server's sim.Program constant.
func (s *Server) Const() string {
	words := strings.Split(s.Name(), "-")
	for i, w := range words {
		if i > 0 && w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	stem := strings.Join(words, "")
	if stem == "" || unicode.IsDigit(rune(stem[0])) {
		stem = "the" + stem
	}
	return stem + "Program"
}

// PackageFor returns the package clause for a test file in dir: the external
// test package of the Go package there.
func PackageFor(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	fset := token.NewFileSet()
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(f.Name.Name, "_test") + "_test", nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	base := strings.ReplaceAll(notInName.ReplaceAllString(strings.ToLower(filepath.Base(abs)), ""), "_", "")
	if base == "" || unicode.IsDigit(rune(base[0])) {
		return "", fmt.Errorf("%s makes no package name: choose another directory for -o", dir)
	}
	return base + "_test", nil
}

// stringLit is the value of a string literal, or "".
func stringLit(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

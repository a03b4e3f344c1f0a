package rewrite

import (
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// Assembly that calls the kernel, or Go's runtime.
//
// What a package calls through package syscall or golang.org/x/sys/unix ends in the simulated machine. An instruction of its own assembly
// would end in the real kernel: with the worker's files, its process, its clock. There is no place to put the simulation in between, so
// that such a file is refused. So are functions of Go's runtime that a linkname directive could not have either, and those for which it would get
// a simulated equivalent. (The files of golang.org/x/sys/unix are package floor's.)

// kernelCalls are the instructions, by architecture: their mnemonics, and what they are as bytes or words.
var kernelCalls = map[string]struct {
	mnemonics *regexp.Regexp
	raw       *regexp.Regexp
}{
	"amd64": {
		regexp.MustCompile(`^(SYSCALL\b|SYSENTER\b|INT\s+\$)`),
		// syscall is 0f 05, sysenter 0f 34, int cd.
		regexp.MustCompile(`(?i)^BYTE\s+\$0x0?f\s*;\s*BYTE\s+\$0x(0?5|34)\b|^BYTE\s+\$0xcd\b|^WORD\s+\$0x(050f|340f|[0-9a-f]?[0-9a-f]cd)\b`),
	},
	"arm64": {
		regexp.MustCompile(`^SVC\b`),
		regexp.MustCompile(`(?i)^WORD\s+\$0xd40[0-9a-f]{2,3}[02468ace]?1\b`), // svc is d4000001 with 16 bits in between
	},
}

// hardware are the instructions that read what no seed decides about. Packages that use them may do so for good reasons, or never.
var hardware = map[string]*regexp.Regexp{
	"amd64": regexp.MustCompile(`^(RDTSCP?|RDRAND[LQW]|RDSEED[LQW])\b`),
	"arm64": regexp.MustCompile(`^MRS\s+(CNTVCT_EL0|CNTPCT_EL0|RNDR|RNDRRS)\b`),
}

// symbols are those of other packages, whose paths have U+2215 for slashes.
var symbols = regexp.MustCompile(`([\pL\pN_.∕-]+)·([\pL_][\pL\pN_]*)(<[A-Za-z0-9]*>)?(\+\d+)?\(SB\)`)

// Assembly refuses what in an assembly file calls the kernel or the parts of Go's runtime that do not know the simulation, and warns of what
// reads the host's clock or random numbers. The file is one of the build for an architecture.
func Assembly(file, arch string, src []byte) (diags []Diagnostic) {
	calls, known := kernelCalls[arch]
	if !known {
		return nil
	}
	for i, line := range strings.Split(withoutComments(string(src)), "\n") {
		for _, m := range symbols.FindAllStringSubmatchIndex(line, -1) {
			symbol := strings.ReplaceAll(line[m[2]:m[3]], "∕", "/") + "." + line[m[4]:m[5]]
			why, advice := refusedPull(symbol), "build with a tag that leaves this file out, if the package has one (often purego)"
			if pulled[symbol] != "" {
				why, advice = "is the host's", "declare it in Go with a linkname directive, which gets its simulated equivalent"
			}
			if why != "" {
				diags = append(diags, Diagnostic{
					Pos:     token.Position{Filename: file, Line: i + 1, Column: m[0] + 1},
					Message: "assembly uses " + symbol + ", which " + why, Advice: advice,
				})
			}
		}
		start := 0
		if name, body, isMacro := strings.Cut(strings.TrimLeft(line, " \t"), " "); isMacro && name == "#define" {
			_, body, _ = strings.Cut(strings.TrimLeft(body, " \t"), " ")
			start = len(line) - len(body)
		}
		for _, at := range statements(line, start) {
			rest := line[at:]
			if m := hardware[arch].FindString(rest); m != "" {
				diags = append(diags, Diagnostic{
					Pos:     token.Position{Filename: file, Line: i + 1, Column: at + 1},
					Message: strconv.Quote(m) + " in assembly reads the host's clock or random numbers: what depends on it differs between runs of a seed",
					Advice:  "see that nothing does, or build with a tag that leaves this file out, if the package has one (often purego)",
					Warning: true,
				})
				break
			}
			m := calls.mnemonics.FindString(rest)
			if m == "" {
				m = calls.raw.FindString(rest)
			}
			if m == "" {
				continue
			}
			diags = append(diags, Diagnostic{
				Pos:     token.Position{Filename: file, Line: i + 1, Column: at + 1},
				Message: strconv.Quote(strings.Trim(m, " \t$")) + " in assembly calls the real kernel, past the simulated machine",
				Advice:  "build with a tag that leaves this file out, if the package has one (often purego), or call through package syscall or golang.org/x/sys/unix",
			})
			break // one line, one finding
		}
	}
	return diags
}

// statements are where the statements of a line begin: at its start, behind a semicolon, a label, or the end of a macro's name.
func statements(line string, start int) (all []int) {
	for at := start; at <= len(line); {
		end := at + len(line[at:])
		if i := strings.IndexByte(line[at:], ';'); i >= 0 {
			end = at + i
		}
		first := at
		if i := strings.IndexByte(line[at:end], ':'); i >= 0 {
			first = at + i + 1
		}
		for first < end && strings.IndexByte(" \t\\", line[first]) >= 0 {
			first++
		}
		all = append(all, first)
		at = end + 1
	}
	return all
}

// withoutComments is an assembly file with blanks in place of its comments.
func withoutComments(src string) string {
	out := []byte(src)
	for i := 0; i+1 < len(out); i++ {
		switch string(out[i : i+2]) {
		case "//":
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case "/*":
			end := strings.Index(src[i+2:], "*/")
			if end < 0 {
				end = len(src) - i - 4
			}
			for end += i + 4; i < end; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		}
	}
	return string(out)
}

package rewrite

import "strings"

// A Policy decides where the analysis cannot: packages whose variables are
// shared although they could change, and packages where a pass must not run.
type Policy struct {
	Rules []Rule
}

// A Rule is one row of the table.
type Rule struct {
	Package string   // import path; path/... is the path and everything below it
	Shared  []string // variables that stay shared; "*" for all, which leaves init functions alone, too; "x*" for a prefix
	Skip    []string // passes that are not applied
	Since   int      // first release 1.N that has what the row names, 0 for all
	Until   int      // the last one, 0 if there is none
	Reason  string
}

// DefaultPolicy is about the standard library and its extensions.
//
// Most rows say that a table is only read. Sharing one saves making it again
// for each process that starts, so the rows are there for tables that are large
// or many, and only where the analysis of a single package cannot see it.
var DefaultPolicy = &Policy{Rules: []Rule{
	{Package: "unique", Shared: []string{"*"},
		Reason: "canonical values: equal ones must have one address in the whole program"},
	{Package: "weak", Shared: []string{"*"}, Reason: "as unique"},
	{Package: "net/netip", Shared: []string{"*"},
		Reason: "address families are told apart by unique values made at start"},
	{Package: "time", Shared: []string{"UTC", "utcLoc"},
		Reason: "the identity of the location is part of a time's value; it never changes"},
	{Package: "sync", Shared: []string{"*"}, Skip: []string{"atomics"},
		Reason: "the floor makes the switch points of its types and resets its pools"},
	{Package: "internal/sync", Shared: []string{"*"}, Skip: []string{"atomics"}, Reason: "as sync"},
	{Package: "sync/atomic", Skip: []string{"atomics"}, Reason: "where the wrappers are"},
	{Package: "crypto/internal/fips140/nistec", Shared: []string{"p256PrecomputedEmbed"},
		Reason: "88 KB of embedded table, read through a pointer of another type"},
	{Package: "golang.org/x/sys/cpu", Shared: []string{"*"}, Reason: "facts about the hardware, slow to ask for"},
	{Package: "crypto/internal/fips140deps/cpu", Shared: []string{"*"}, Reason: "facts about the hardware"},

	{Package: "unicode", Shared: []string{"*"}, Reason: "exported tables that nobody assigns"},
	{Package: "strconv", Shared: []string{"isPrint*", "isNotPrint*", "isGraphic"}, Reason: "generated tables, searched by a generic function"},
	{Package: "math", Shared: []string{"*"}, Reason: "tables of coefficients"},
	{Package: "math/big", Shared: []string{"natOne", "natTwo", "natFive", "natTen", "intOne"}, Reason: "numbers that are only read"},
	{Package: "encoding/base64", Shared: []string{"*"}, Reason: "encodings, which have no state"},
	{Package: "encoding/base32", Shared: []string{"*"}, Reason: "encodings, which have no state"},
	{Package: "hash/crc32", Shared: []string{"IEEETable"}, Reason: "a table that is only read"},
	{Package: "compress/flate", Shared: []string{"fixedLiteralEncoding", "fixedOffsetEncoding"}, Until: 26, Reason: "codes that are only read; later they are functions that make them once"},
	{Package: "golang.org/x/text/unicode/norm", Shared: []string{"decomps", "nfc*", "nfkc*"}, Reason: "generated tables"},
	{Package: "golang.org/x/text/unicode/bidi", Shared: []string{"trie", "bidi*"}, Reason: "generated tables"},
	{Package: "golang.org/x/net/idna", Shared: []string{"*"}, Reason: "generated tables, and profiles without state"},
	{Package: "net/http", Shared: []string{"sniffSignatures"}, Until: 26, Reason: "a table that is only read"},
	{Package: "net/http/internal", Shared: []string{"sniffSignatures"}, Since: 27, Reason: "a table that is only read"},
	{Package: "crypto/internal/fips140/edwards25519", Shared: []string{"identity", "generator", "feOne", "d", "d2", "scalar*"},
		Reason: "curve constants"},
	{Package: "crypto/internal/fips140/edwards25519/field", Shared: []string{"feZero", "feOne", "sqrtM1"}, Reason: "curve constants"},
	{Package: "crypto/internal/fips140/ecdsa", Shared: []string{"p224Order", "p256Order", "p384Order", "p521Order"}, Reason: "curve constants"},
	{Package: "crypto/internal/fips140/ecdh", Shared: []string{"p224Order", "p256Order", "p384Order", "p521Order"}, Reason: "curve constants"},
	{Package: "crypto/internal/fips140/rsa", Shared: []string{"hashPrefixes"}, Reason: "a table that is only read"},
	{Package: "crypto/hpke", Shared: []string{"*"}, Reason: "algorithms, which have no state"},
	{Package: "crypto/tls", Shared: []string{"cipherSuites*", "supported*", "helloRetryRequestRandom", "rsaSignatureSchemes"},
		Reason: "preference tables that are only read"},
	{Package: "crypto/tls", Shared: []string{"allowed*"}, Since: 25, Reason: "preference tables that are only read"},
	{Package: "crypto/x509", Shared: []string{"oid*", "anyPolicyOID", "pssParameters*", "signatureAlgorithmDetails", "extKeyUsageOIDs"},
		Reason: "object identifiers that are only read"},
	{Package: "crypto/x509/pkix", Shared: []string{"oid*"}, Reason: "object identifiers that are only read"},
}}

// of is the policy for the release 1.N, 0 for the newest.
func (p *Policy) of(release int) *Policy {
	if release == 0 {
		release = 1 << 30
	}
	of := &Policy{}
	for _, r := range p.Rules {
		if r.Since <= release && (r.Until == 0 || release <= r.Until) {
			of.Rules = append(of.Rules, r)
		}
	}
	return of
}

func (r *Rule) matches(path string) bool {
	path = strings.TrimPrefix(path, "vendor/")
	if prefix, ok := strings.CutSuffix(r.Package, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return path == r.Package
}

// shared returns the reason why a variable stays shared, "" if no rule says so.
func (p *Policy) shared(path, name string) string {
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.matches(path) {
			continue
		}
		for _, v := range r.Shared {
			prefix, wild := strings.CutSuffix(v, "*")
			if v == name || wild && strings.HasPrefix(name, prefix) {
				return r.Reason
			}
		}
	}
	return ""
}

// native reports whether a package shares all its variables. To run its init
// functions again would repeat what has happened to them already.
func (p *Policy) native(path string) bool { return p.shared(path, "") != "" }

// fixed reports whether all variables of a package stay shared: then running
// its initialisation again would disturb them.
func (p *Policy) fixed(path string) bool {
	for i := range p.Rules {
		if r := &p.Rules[i]; r.matches(path) && len(r.Shared) == 1 && r.Shared[0] == "*" {
			return true
		}
	}
	return false
}

func (p *Policy) exempt(path, pass string) bool {
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.matches(path) {
			continue
		}
		for _, s := range r.Skip {
			if s == pass {
				return true
			}
		}
	}
	return false
}

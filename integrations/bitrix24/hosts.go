package bitrix24

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// ErrBadAddress means that the address of a portal or server cannot be used. It does not contain the address.
var ErrBadAddress = errors.New("bitrix24: address refused")

// ParseEndpoint checks a client_endpoint and returns it ending in a slash. Only https to a public host name passes,
// without user, query or fragment; plain also accepts http and IP addresses, for the sandbox and tests.
func ParseEndpoint(raw string, plain bool) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" || u.ForceQuery {
		return "", ErrBadAddress
	}
	if u.Scheme != "https" && !(plain && u.Scheme == "http") {
		return "", ErrBadAddress
	}
	if !ValidHost(u.Host) || !(plain || PublicHost(u.Host)) || !isPlainPath(u.EscapedPath()) {
		return "", ErrBadAddress
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + strings.TrimSuffix(u.EscapedPath(), "/") + "/", nil
}

func isPlainPath(path string) bool {
	return !strings.Contains(path, "..") && !strings.ContainsFunc(path, func(r rune) bool {
		return !isWordRune(r) && r != '/' && r != '.' && r != '-'
	})
}

// ValidHost reports whether host is a host name or IPv4 address with an optional port, in plain ASCII. It does not
// prove whose host it is: compare it with the address stored for the portal
// (docs/contracts/bitrix24.md, "Verifying a request").
func ValidHost(host string) bool {
	name, port, found := strings.Cut(host, ":")
	if found {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
	}
	if name == "" || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !validLabel(label) {
			return false
		}
	}
	return true
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool { return !isWordRune(r) && r != '-' })
}

// PublicHost reports whether host looks like a name of the public internet: it has a dot, is not an IP address in any
// notation, and does not end in a name reserved for private networks.
func PublicHost(host string) bool {
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	if !ValidHost(host) || net.ParseIP(name) != nil {
		return false
	}
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || strings.ContainsAny(name[dot+1:dot+2], "0123456789") {
		return false
	}
	switch name[dot+1:] {
	case "localhost", "local", "internal", "localdomain":
		return false
	}
	return true
}

// SameHost compares two hosts as the browser does, ignoring case and the default ports 80 and 443.
func SameHost(a, b string) bool {
	return a != "" && bareHost(a) == bareHost(b)
}

func bareHost(host string) string {
	host = strings.ToLower(host)
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

func isWordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// Package hosts tells whose a host is, as far as its name says.
package hosts

import (
	"net"
	"net/netip"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// Government reports whether an address is one of a government's own domains,
// or of the body that every government site must link for its badge.
func Government(u string) bool {
	h := name(inspect.Host(u))
	for _, s := range []string{"gov.cn", "政务", "xn--zfr164b", "政务.cn", "conac.cn"} {
		if h == s || strings.HasSuffix(h, "."+s) {
			return true
		}
	}
	return false
}

// SameOwner reports whether two hosts lie below one registered domain.
func SameOwner(a, b string) bool {
	a, b = name(a), name(b)
	return a == b || owner(a) != "" && owner(a) == owner(b)
}

// In reports whether the host of an address is one of the list, or below one.
func In(u string, list []string) bool {
	h := name(inspect.Host(u))
	for _, x := range list {
		if h == x || strings.HasSuffix(h, "."+x) {
			return true
		}
	}
	return false
}

func name(host string) string {
	if strings.IndexByte(host, ':') >= 0 { // without one there is no port, and SplitHostPort makes an error of it
		if n, _, err := net.SplitHostPort(host); err == nil {
			return n
		}
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// owner is the registered domain: two labels, three below the second-level
// domains of .cn. "" for numbers and single names.
func owner(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	l := strings.Split(host, ".")
	n := 2
	if len(l) >= 2 && l[len(l)-1] == "cn" {
		switch l[len(l)-2] {
		case "com", "net", "org", "gov", "edu", "ac", "mil":
			n = 3
		default:
			if len(l[len(l)-2]) == 2 { // 省级域名, as in sx.cn
				n = 3
			}
		}
	}
	if len(l) < n {
		return ""
	}
	return strings.Join(l[len(l)-n:], ".")
}
